"""The catalogue is whole: codes, slugs and words."""

from __future__ import annotations

import re

import pytest

from shapecheck.findings.catalogue import all_findings, by_code, by_slug
from shapecheck.findings.finding import Finding

FINDINGS = all_findings()
FAMILIES = {"1": {"error"}, "2": {"error"}, "3": {"warning"}, "4": {"warning"}, "5": {"error"}, "9": {"error", "warning", "info"}}

each = pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.code)


def test_codes_and_slugs_are_unique_and_in_order() -> None:
    codes = [finding.code for finding in FINDINGS]
    assert codes == sorted(set(codes))
    assert len({finding.slug for finding in FINDINGS}) == len(FINDINGS)


@each
def test_form(finding: Finding) -> None:
    assert re.fullmatch(r"SHP[1-9]\d\d", finding.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", finding.slug)
    assert finding.severity in FAMILIES[finding.code[3]]
    assert not finding.title.endswith(".")
    assert finding.why.endswith(".")
    assert finding.fix.endswith(".")
    assert 1 <= len(re.findall(r"[.!?](?= [A-Z]|$)", finding.why)) <= 3
    assert bool(finding.bad) == bool(finding.good)
    assert finding.bad != finding.good or not finding.bad


@each
def test_found_by_code_and_slug(finding: Finding) -> None:
    assert by_code(finding.code) is finding
    assert by_slug(finding.slug) is finding


def test_unknown_names() -> None:
    with pytest.raises(KeyError):
        by_code("SHP000")
    with pytest.raises(KeyError):
        by_slug("no-such-thing")
