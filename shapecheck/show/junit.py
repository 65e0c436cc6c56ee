"""check --format junit: a test case a finding, in a suite a file; test views of most services read it."""

from __future__ import annotations

import re
from itertools import groupby
from xml.etree import ElementTree

from shapecheck.findings.outcome import Outcome
from shapecheck.findings.report import Report
from shapecheck.show.details import headless
from shapecheck.show.excerpt import LineOf
from shapecheck.show.places import Root
from shapecheck.show.summary_line import counted
from shapecheck.show.text import full

# what XML 1.0 cannot hold, escaped or not
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(outcome: Outcome, line_of: LineOf, root: Root) -> str:
    """Failures for errors and warnings; where nothing was found one case that passes, since services refuse empty reports."""
    reports = outcome.reports
    whole = ElementTree.Element("testsuites", name="shapecheck", tests=str(max(len(reports), 1)), failures=str(len(reports)), errors="0")
    for path, group in groupby(reports, key=lambda report: report.path):
        found = list(group)
        name = root.path(path)
        suite = _element(whole, "testsuite", name=name, tests=str(len(found)), failures=str(len(found)), errors="0", skipped="0")
        for report in found:
            _case(suite, report, name, line_of)
    if not reports:
        suite = _element(whole, "testsuite", name="shapecheck", tests="1", failures="0", errors="0", skipped="0")
        _element(suite, "testcase", name=f"no findings in {counted(outcome.files, 'file')}", classname="shapecheck")
    ElementTree.indent(whole)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(whole, encoding="unicode")}\n'


def _case(suite: ElementTree.Element, report: Report, name: str, line_of: LineOf) -> None:
    line, column = report.range[:2]
    case = _element(suite, "testcase", name=f"{report.code} {name}:{line}:{column}", classname=name, file=name, line=str(line))
    failure = _element(case, "failure", message=f"{report.code} {headless(report)}", type=report.severity)
    failure.text = _clean(full(report, line_of))


def _element(parent: ElementTree.Element, tag: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, tag, {name: _clean(value) for name, value in attributes.items()})


def _clean(text: str) -> str:
    return _NOT_XML.sub("?", text)
