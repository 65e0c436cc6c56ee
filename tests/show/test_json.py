"""check --format json: exactly the keys that other programs rely on."""

from __future__ import annotations

import json
from dataclasses import replace

from shapecheck import __version__
from shapecheck.findings.outcome import Outcome
from shapecheck.findings.report import Confirmation, Edit, Fix, Range, Report
from shapecheck.show.json_ import as_json


class Size:
    """Stands for a size with a name."""

    def __str__(self) -> str:
        return "H//2 - 1"


def test_a_whole_document(report: Report) -> None:
    document = json.loads(as_json(Outcome((replace(report, fingerprint="abc"),), 12, 3, {"rare": 1, "often": 4})))
    assert document == {
        "version": __version__,
        "findings": [
            {
                "code": "SHP101",
                "slug": "layer-input",
                "severity": "error",
                "message": "Conv2d wants 5 channels, gets 3",
                "torch": report.torch,
                "path": "models/net.py",
                "cell": None,
                "line": 21,
                "column": 13,
                "end_line": 21,
                "end_column": 26,
                "symbol": "Net.forward",
                "expected": 5,
                "actual": 3,
                "hint": "nn.Conv2d(3, 4, 4)",
                "witness": {"construct": "Net()", "inputs": {"images": [256, 3, 227, 227]}},
                "trail": [
                    {"path": "models/net.py", "cell": None, "line": 9, "column": 32, "message": "in_channels is 5"},
                    {
                        "path": "models/net.py",
                        "cell": None,
                        "line": 17,
                        "column": 13,
                        "message": "(256, 3, 217, 217): Conv2d(3, 3, 11) of (256, 3, 227, 227)",
                    },
                ],
                "confirmation": None,
                "fix": None,
                "fingerprint": "abc",
            }
        ],
        "known": 0,
        "files": 12,
        "skipped": 3,
        "unknown": [{"why": "often", "count": 4}, {"why": "rare", "count": 1}],
    }


def test_what_comes_later_has_its_place(report: Report) -> None:
    fix = Fix("write 3", (Edit("models/net.py", Range(9, 32, 9, 33), "3"),), safe=True)
    rich = replace(report, confirmation=Confirmation("could not run", "meta", None, "no torch"), fix=fix, witness=None)
    finding = json.loads(as_json(Outcome((rich,))))["findings"][0]
    assert finding["confirmation"] == {"status": "could not run", "device": "meta", "error": None, "reason": "no torch"}
    edit = {"path": "models/net.py", "line": 9, "column": 32, "end_line": 9, "end_column": 33, "text": "3"}
    assert finding["fix"] == {"description": "write 3", "edits": [edit], "safe": True}
    assert finding["witness"] is None


def test_sizes_with_names_are_strings(report: Report) -> None:
    finding = json.loads(as_json(Outcome((replace(report, expected=(Size(), 3), actual=Size()),))))["findings"][0]
    assert finding["expected"] == ["H//2 - 1", 3]
    assert finding["actual"] == "H//2 - 1"


def test_it_is_plain_ascii(report: Report) -> None:
    assert as_json(Outcome((replace(report, path="modèles/网.py"),))).isascii()
