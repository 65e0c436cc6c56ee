"""Findings that are known already."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from shapecheck import check_paths, check_source
from shapecheck.baseline import Baseline, Checked
from shapecheck.cli import main
from shapecheck.config.errors import ConfigError
from shapecheck.findings.catalogue import by_code
from shapecheck.findings.outcome import Outcome
from shapecheck.findings.report import Range, Report
from shapecheck.options import Options

NET = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(10, 30)
        self.two = nn.Linear(20, 5)

    def forward(self, x):
        return self.two(self.one(x))


def helper():
    nn.Linear(11, 5)(torch.randn(4, 10))
"""

Write = Callable[..., None]
BASELINE = "known.json"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.chdir(tmp_path)

    def write(text: str = NET, name: str = "net.py") -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    write()
    return write


def check(*paths: str, **settings: object) -> Outcome:
    return check_paths(paths or ["."], Options(baseline=BASELINE, **settings))  # type: ignore[arg-type]


def update(*words: str) -> None:
    assert main([*(words or ["."]), "--baseline", BASELINE, "--update-baseline"]) == 0


def entries() -> list[tuple[str, str, str, str, int]]:
    document = json.loads(Path(BASELINE).read_text())
    assert document["form"] == 1
    return [(each["path"], each["code"], each["symbol"], each["message"], each.get("count", 1)) for each in document["findings"]]


def new(outcome: Outcome) -> list[str]:
    return [f"{report.range.line} {report.message}" for report in outcome.reports]


def stale(outcome: Outcome) -> list[str]:
    return [sentence for compared in outcome.compared for sentence in compared.stale]


def test_what_is_written(write: Write) -> None:
    update()
    assert entries() == [
        ("net.py", "SHP101", "Net.forward", "Linear wants 20 features, gets 30", 1),
        ("net.py", "SHP101", "helper", "Linear wants 11 features, gets 10", 1),
    ]
    lines = Path(BASELINE).read_text().splitlines()
    assert sum(line.startswith('    {"path": "net.py", ') for line in lines) == 2


def test_what_is_known_is_not_reported(write: Write) -> None:
    update()
    outcome = check()
    assert (new(outcome), len(outcome.known), stale(outcome), outcome.status) == ([], 2, [], 0)


def test_updating_again_changes_nothing(write: Write) -> None:
    update()
    before = Path(BASELINE).read_text()
    update()
    update("net.py")
    assert Path(BASELINE).read_text() == before


def test_lines_may_move(write: Write) -> None:
    update()
    write("# more\n" * 30 + NET)
    assert (new(check()), stale(check())) == ([], [])


def test_a_new_finding_is_reported(write: Write) -> None:
    update()
    write(NET + "\n\ndef other():\n    nn.Linear(13, 5)(torch.randn(4, 10))\n")
    assert new(check()) == ["20 Linear wants 13 features, gets 10"]


def test_findings_are_counted(write: Write) -> None:
    one = "import torch\nfrom torch import nn\n\n\ndef f():\n    if torch.rand(1) > 0.5:\n        nn.Linear(3, 1)(torch.randn(2, 4))\n"
    another = "    elif torch.rand(1) > 0.25:\n        nn.Linear(3, 1)(torch.randn(2, 4))\n"
    third = "    else:\n        nn.Linear(3, 1)(torch.randn(2, 4))\n"
    write(one + another)
    update()
    assert [(path, count) for path, _, _, _, count in entries()] == [("net.py", 2)]
    assert new(check()) == []
    write(one + another + third)
    assert len(new(check())) == 1
    write(one)
    assert new(check()) == []
    assert stale(check()) == ["net.py: SHP101 Linear wants 3 features, gets 4 in f"]


def test_a_changed_number_is_no_new_finding(write: Write) -> None:
    update()
    write(NET.replace("nn.Linear(10, 30)", "nn.Linear(10, 31)"))
    assert (new(check()), stale(check())) == ([], [])
    update()
    assert ("net.py", "SHP101", "Net.forward", "Linear wants 20 features, gets 31", 1) in entries()


def test_the_same_message_comes_first(write: Write) -> None:
    update()
    added = NET.replace(
        "        return self.two", "        if x.sum() > 0:\n            return self.three(self.one(x))\n        return self.two"
    )
    write(added.replace("        self.two =", "        self.three = nn.Linear(40, 5)\n        self.two ="))
    assert new(check()) == ["14 Linear wants 40 features, gets 30"]


def test_entries_that_are_no_longer_found(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    update()
    write(NET.replace("nn.Linear(20, 5)", "nn.Linear(30, 5)"))
    assert stale(check()) == ["net.py: SHP101 Linear wants 20 features, gets 30 in Net.forward"]
    capsys.readouterr()
    assert main([".", "--baseline", BASELINE]) == 0
    captured = capsys.readouterr()
    assert captured.out == "no new findings (1 file checked, 1 in the baseline)\n"
    assert captured.err == (
        "shapecheck: known.json: 1 entry is no longer found; --update-baseline takes them out\n"
        "  net.py: SHP101 Linear wants 20 features, gets 30 in Net.forward\n"
    )
    main([".", "--baseline", BASELINE, "-q"])
    assert capsys.readouterr().err == ""
    update()
    assert [symbol for _, _, symbol, _, _ in entries()] == ["helper"]


def test_what_was_not_looked_for_is_kept(write: Write) -> None:
    write(NET, "sub/other.py")
    update()
    assert len(entries()) == 4
    write("import torch\n", "sub/other.py")
    assert stale(check("net.py")) == stale(check("sub/other.py")) == []
    assert len(stale(check("sub"))) == 2
    assert stale(check("sub", ignore=("SHP1",))) == []
    assert stale(check("sub", per_file_ignores=(("*", ("SHP101",)),))) == []
    update("net.py")
    update(".", "--ignore", "SHP1")
    assert len(entries()) == 4
    Path("sub/other.py").unlink()
    assert len(stale(check("net.py"))) == 2
    update("net.py")
    assert len(entries()) == 2


def test_paths_start_at_the_baseline(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write(NET, "sub/other.py")
    update()
    monkeypatch.chdir("sub")
    assert check_paths(["."], Options(baseline="../known.json")).reports == ()
    assert check_paths(["../net.py"], Options(baseline=str(Path.cwd().parent / "known.json"))).reports == ()


def test_text_that_is_in_no_file(write: Write) -> None:
    update()
    assert check_source(NET, "net.py", Options(baseline=BASELINE)).reports == ()
    assert len(check_source(NET, options=Options(baseline=BASELINE)).reports) == 2


def test_each_project_has_its_own(write: Write) -> None:
    for name in ("one", "two"):
        write(NET, f"{name}/net.py")
        write('[tool.shapecheck]\nbaseline = "known.json"\n', f"{name}/pyproject.toml")
    Path("net.py").unlink()
    assert main(["one", "--update-baseline"]) == 0
    assert Path("one/known.json").exists()
    assert not Path("two/known.json").exists()
    assert main(["one"]) == 0
    assert main(["."]) == 2
    assert main([".", "--update-baseline"]) == 0
    assert main([".", "--format", "json"]) == 0


def test_a_baseline_that_is_not_there(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([".", "--baseline", "gone.json"]) == 2
    captured = capsys.readouterr()
    assert captured.err == "shapecheck: gone.json: no such baseline; --update-baseline writes it\n"
    assert "SHP101" in captured.out


def test_updating_needs_a_file(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([".", "--update-baseline"]) == 2
    assert capsys.readouterr().err.startswith("shapecheck: --update-baseline needs a file")
    assert main([".", "-", "--update-baseline", "--baseline", BASELINE]) == 2
    assert capsys.readouterr().err == "shapecheck: --update-baseline is about files, not about standard input\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no baseline of shapecheck: Expecting value"),
        ("[]", 'no baseline of shapecheck: it has no list of "findings"'),
        ('{"findings": {}}', 'no baseline of shapecheck: it has no list of "findings"'),
        ('{"findings": []}', 'a baseline of another version of shapecheck: its "form" is None, not 1'),
        ('{"form": 1, "findings": [1]}', "finding 1 is no object"),
        ('{"form": 1, "findings": [{"path": "a.py"}]}', 'finding 1 lacks one of "path", "code", "symbol" and "message"'),
        (
            '{"form": 1, "findings": [{"path": "a", "code": "b", "symbol": "", "message": "", "count": -1}]}',
            'finding 1: its "count" is no number of findings',
        ),
    ],
)
def test_a_baseline_that_is_none(write: Write, capsys: pytest.CaptureFixture[str], text: str, sentence: str) -> None:
    write(text, BASELINE)
    with pytest.raises(ConfigError):
        check()
    assert main([".", "--baseline", BASELINE]) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


def test_a_fault_of_our_own_is_never_known(write: Write) -> None:
    fault = Report(by_code("SHP905"), "failed", None, "net.py", Range(1, 1, 1, 2))
    listed = {"path": "net.py", "code": "SHP905", "symbol": "", "message": "failed"}
    write(json.dumps({"form": 1, "findings": [listed]}), BASELINE)
    checked = Checked({str(Path("net.py").absolute())}, (), lambda code, path: True)
    outcome = Baseline(BASELINE).compare(Outcome((fault,)), checked)
    assert outcome.reports == (fault,)
    assert outcome.status == 2
    assert "SHP905" not in outcome.compared[0].text
