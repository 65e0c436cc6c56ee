"""Every bug of fixtures/broken is one that torch confirms."""

from __future__ import annotations

from pathlib import Path

from tests.confirm.conftest import Confirm

BROKEN = Path(__file__).resolve().parents[2] / "fixtures" / "broken"


def test_torch_confirms_what_is_broken(confirmed: Confirm) -> None:
    reports = [report for report in confirmed(BROKEN) if not report.code.startswith("SHP9")]
    said = [(f"{report.path}:{report.range.line}", report.confirmation) for report in reports]
    refuted = [entry for entry in said if entry[1] is None or entry[1].status == "not reproduced"]
    assert not refuted
    unclear = [entry for entry in said if entry[1] is None or entry[1].status == "could not run"]
    assert all(entry[1] is not None and entry[1].reason for entry in unclear)
    assert len(unclear) <= 0.03 * len(reports), unclear
