"""--select, --extend-select, --ignore."""

from __future__ import annotations

import pytest

from shapecheck.options import Options
from shapecheck.selection import read_codes


def test_reading_codes() -> None:
    assert read_codes("SHP101, shp3") == ("SHP101", "SHP3")
    assert read_codes("folded-batch") == ("SHP301",)
    assert read_codes("ALL") == ("SHP",)
    assert read_codes("") == ()


@pytest.mark.parametrize("text", ["SHP7", "E501", "layer", "SHP101,nonsense"])
def test_codes_that_mean_nothing_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no finding is called"):
        read_codes(text)


@pytest.mark.parametrize(
    ("options", "code", "wanted"),
    [
        (Options(), "SHP101", True),
        (Options(), "SHP301", True),
        (Options(), "SHP903", False),
        (Options(extend_select=("SHP903",)), "SHP903", True),
        (Options(extend_select=("SHP903",)), "SHP101", True),
        (Options(select=("SHP",)), "SHP903", True),
        (Options(select=("SHP3",)), "SHP101", False),
        (Options(select=("SHP3",)), "SHP301", True),
        (Options(select=()), "SHP101", False),
        (Options(select=("SHP3",), extend_select=("SHP101",)), "SHP101", True),
        (Options(ignore=("SHP1",)), "SHP101", False),
        (Options(ignore=("SHP1",)), "SHP201", True),
        (Options(select=("SHP101",), ignore=("SHP1",)), "SHP101", True),
        (Options(select=("SHP1",), ignore=("SHP101",)), "SHP101", False),
        (Options(select=("SHP101",), ignore=("SHP101",)), "SHP101", False),
        (Options(ignore=("SHP",)), "SHP101", False),
        (Options(select=("SHP1",), ignore=("SHP9",)), "SHP905", True),
    ],
)
def test_what_is_reported(options: Options, code: str, wanted: bool) -> None:
    assert options.wants(code) is wanted
