"""The command line around the engine: a stand-in takes the engine's place, so that each answer is known."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from shapecheck import gather
from shapecheck.cache import Cache
from shapecheck.cli import main
from shapecheck.findings.catalogue import by_code
from shapecheck.findings.outcome import Expression, Expressions, Outcome
from shapecheck.findings.report import Range, Report
from shapecheck.inputs import StatedInput, StatedShape
from shapecheck.options import Options, OptionsOf

REPORT = Report(by_code("SHP101"), "Conv2d wants 5 channels, gets 3", None, "net.py", Range(1, 1, 1, 2))
FAULT = Report(by_code("SHP905"), "KeyError: 'x'", None, "odd.py", Range(1, 1, 1, 1))


@dataclass
class Engine:
    """Stands for shapecheck.check."""

    outcome: Outcome = field(default_factory=lambda: Outcome(files=2))
    raises: BaseException | None = None
    options: Options | None = None
    asked: list[object] = field(default_factory=list)
    cache: Cache | None = None
    jobs: int | None = None

    def answer(self, asked: object, options: Options | OptionsOf | None) -> Outcome:
        self.asked.append(asked)
        self.options = options("net.py") if callable(options) else options
        if self.raises is not None:
            raise self.raises
        return self.outcome

    def check_paths(
        self, paths: Sequence[str], options: OptionsOf, progress: object = None, cache: Cache | None = None, jobs: int = 1
    ) -> Outcome:
        self.cache, self.jobs = cache, jobs
        return self.answer(list(paths), options)

    def check_source(self, text: str, path: str = "<string>", options: Options | None = None, cache: Cache | None = None) -> Outcome:
        return self.answer((text, path), options)

    def shapes_in_paths(self, paths: Sequence[str], options: OptionsOf, progress: object = None) -> Expressions:
        self.answer(list(paths), options)
        found = Expression("net.py", Range(1, 1, 1, 2), "x", ("N", 3), "float32")
        return Expressions((found,), 1, self.outcome.problems)

    def shapes_in_source(self, text: str, path: str = "<string>", options: Options | None = None) -> Expressions:
        self.answer((text, path), options)
        return Expressions(files=1)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine()
    monkeypatch.setattr(gather, "check", engine)
    return engine


Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome(files=2), 0),
        (Outcome((REPORT,), 2), 1),
        (Outcome((REPORT, FAULT), 2), 2),
        (Outcome((REPORT,), 2, problems=("gone.py: no such file or folder",)), 2),
    ],
)
def test_exit_status(engine: Engine, capsys: Capture, outcome: Outcome, status: int) -> None:
    engine.outcome = outcome
    assert main(["net.py"]) == status
    assert main(["check", "net.py"]) == status
    assert main(["net.py", "--exit-zero"]) == (0 if status == 1 else status)
    captured = capsys.readouterr()
    assert captured.out.count("SHP101") == 3 * (REPORT in outcome.reports)
    assert captured.err == "shapecheck: gone.py: no such file or folder\n" * (3 * len(outcome.problems))


def test_words_and_options_may_be_mixed(engine: Engine, capsys: Capture) -> None:
    main(["a.py", "--format", "json", "b.py", "-q", "c"])
    assert engine.asked == [["a.py", "b.py", "c"]]


def test_options_reach_the_engine(engine: Engine, capsys: Capture) -> None:
    main([
        "a.py", "--select", "SHP1,folded-batch", "--select", "shp501", "--ignore", "SHP103", "--extend-select", "gave-up",
        "--exclude", "tests,*.tmp.py", "--exclude", "old", "--input", "Net.forward x=N,3 m=2:bool", "--statistics",
        "--extend-exclude", "gen", "--include", "*.pyw", "--force-exclude", "--no-respect-gitignore", "--python", sys.executable,
        "--per-file-ignores", "tests/*:SHP3,SHP104 a.py:SHP1", "--severity", "SHP301=error,SHP1=info", "--severity", "SHP2=warning",
    ])  # fmt: skip
    assert engine.options == Options(
        select=("SHP1", "SHP301", "SHP501"),
        ignore=("SHP103",),
        extend_select=("SHP903",),
        exclude=("tests", "*.tmp.py", "old"),
        inputs=(
            StatedInput("Net.forward", "x", StatedShape(("N", 3))),
            StatedInput("Net.forward", "m", StatedShape((2,), "bool")),
        ),
        statistics=True,
        extend_exclude=("gen",),
        include=("*.pyw",),
        force_exclude=True,
        respect_gitignore=False,
        python=sys.executable,
        per_file_ignores=(("tests/*", ("SHP3", "SHP104")), ("a.py", ("SHP1",))),
        severity=(("SHP301", "error"), ("SHP1", "info"), ("SHP2", "warning")),
    )


def test_options_by_default(engine: Engine, capsys: Capture) -> None:
    main(["a.py"])
    assert engine.options == Options()


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--select", "SHP7", "a.py"],
        ["--format", "xml", "a.py"],
        ["--input", "x", "a.py"],
        ["--severity", "SHP301=fatal", "a.py"],
        ["--per-file-ignores", "SHP301", "a.py"],
        ["--python", "no/such/python", "a.py"],
        ["--conf", "a.py"],
        ["--frobnicate", "a.py"],
        ["check"],
        ["explain", "SHP101", "SHP102"],
        ["shapes", "a.py", "--select", "SHP101"],
    ],
)
def test_bad_usage_is_one_line_and_status_2(engine: Engine, capsys: Capture, words: list[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        main(words)
    captured = capsys.readouterr()
    assert exit.value.code == 2
    assert captured.out == ""
    assert captured.err.startswith("shapecheck: ")
    assert captured.err.count("\n") == 1
    assert not engine.asked


def test_forms(engine: Engine, capsys: Capture) -> None:
    engine.outcome = Outcome((REPORT,), 2)
    main(["a.py"])
    assert capsys.readouterr().out.endswith("\n1 error in 1 file (2 checked)\n")
    main(["a.py", "-q"])
    assert "checked" not in capsys.readouterr().out
    main(["a.py", "--format", "concise"])
    assert capsys.readouterr().out == "net.py:1:1: SHP101 Conv2d wants 5 channels, gets 3\n"
    main(["a.py", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["findings"][0]["code"] == "SHP101"


def test_statistics(engine: Engine, capsys: Capture) -> None:
    engine.outcome = Outcome((REPORT,), 2, unknown={"an import that is not there": 3})
    main(["a.py", "--statistics"])
    out = capsys.readouterr().out
    assert "      1  SHP101  layer-input\n" in out
    assert "      3  an import that is not there\n" in out


def test_verbose_says_what_was_read(engine: Engine, capsys: Capture) -> None:
    engine.outcome = Outcome(files=5, skipped=2)
    main(["a.py", "-v"])
    assert capsys.readouterr().err.startswith("5 files read, 2 of them without torch, ")


def test_output_goes_to_a_file(engine: Engine, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    engine.outcome = Outcome((REPORT,), 2)
    assert main(["a.py", "--output", str(tmp_path / "report.txt")]) == 1
    assert capsys.readouterr().out == ""
    assert (tmp_path / "report.txt").read_text().startswith("net.py:1:1: SHP101 ")
    assert main(["a.py", "--output", str(tmp_path / "no" / "report.txt")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input(engine: Engine, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    stdin(monkeypatch, "# coding: latin-1\r\nx = 'é'\n".encode("latin-1"))
    assert main(["-", "--stdin-filename", "net.py"]) == 0
    assert engine.asked == [("# coding: latin-1\nx = 'é'\n", "net.py")]


def test_reports_on_standard_input_show_its_lines(engine: Engine, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    stdin(monkeypatch, b"layer(x)\n")
    engine.outcome = Outcome((REPORT,), 1)
    assert main(["-", "--stdin-filename", "net.py"]) == 1
    assert "   1 | layer(x)\n" in capsys.readouterr().out


def test_standard_input_beside_files(engine: Engine, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    stdin(monkeypatch, b"x = 1\n")
    assert main(["a.py", "-"]) == 0
    assert engine.asked == [["a.py"], ("x = 1\n", "<stdin>")]
    assert "(4 files checked)" in capsys.readouterr().out


def test_standard_input_that_is_no_text(engine: Engine, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"# coding: utf-8\nx = '\xff'\n"
    stdin(monkeypatch, data)
    assert main(["-"]) == 1
    assert "<stdin>:2:6: SHP902 cannot be decoded as utf-8" in capsys.readouterr().out
    stdin(monkeypatch, data)
    assert main(["-", "--ignore", "SHP902"]) == 0
    stdin(monkeypatch, data)
    assert main(["shapes", "-"]) == 2
    assert "shapecheck: <stdin>: cannot be decoded as utf-8" in capsys.readouterr().err


def test_a_fault_of_the_engine_is_one_line(engine: Engine, capsys: Capture) -> None:
    engine.raises = KeyError("x")
    assert main(["a.py"]) == 2
    captured = capsys.readouterr()
    assert captured.err == "shapecheck: internal fault: KeyError: 'x'\n"
    assert main(["a.py", "-v"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_interruption(engine: Engine, capsys: Capture) -> None:
    engine.raises = KeyboardInterrupt()
    assert main(["a.py"]) == 2
    assert capsys.readouterr().err == "shapecheck: interrupted\n"


def test_shapes(engine: Engine, capsys: Capture) -> None:
    assert main(["shapes", "net.py"]) == 0
    assert "(N, 3) float32" in capsys.readouterr().out
    assert main(["shapes", "net.py", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["expressions"][0]["shape"] == ["N", 3]
    engine.outcome = Outcome(problems=("gone.py: no such file or folder",))
    assert main(["shapes", "gone.py"]) == 2
    assert capsys.readouterr().err == "shapecheck: gone.py: no such file or folder\n"


def test_explain(capsys: Capture) -> None:
    assert main(["explain", "SHP101"]) == 0
    assert capsys.readouterr().out.startswith("SHP101 layer-input (error)\n")
    assert main(["explain"]) == 0
    assert "\nSHP301  folded-batch" in capsys.readouterr().out
    assert main(["explain", "SHP999"]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)


def test_rules(capsys: Capture) -> None:
    assert main(["rules", "nn.Linear"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("torch.nn.Linear(in_features: Size, out_features: Size, bias: Bool = True,")
    assert "\nforward(input: Tensor)\nwritten in rules/linear.py:" in page
    assert "    >>> nn.Linear(20, 30)(T(128, 20))\n    (128, 30)\n" in page
    assert "    class Linear:\n" in page
    assert page.count(">>>") == page.count("\n    >>>") == 3  # the examples are shown once
    for name in ("Linear", "torch.nn.Linear"):
        assert main(["rules", name]) == 0
        assert capsys.readouterr().out == page
    assert main(["rules", "functional.linear"]) == 0
    assert capsys.readouterr().out.startswith("torch.nn.functional.linear(input: Tensor, weight: Tensor,")
    assert main(["rules"]) == 0
    assert "linear.py\n" in capsys.readouterr().out
    assert main(["rules", "Linaer"]) == 2
    assert "do you mean nn.Linear" in capsys.readouterr().err


def test_version(capsys: Capture) -> None:
    from shapecheck import __version__

    with pytest.raises(SystemExit) as exit:
        main(["--version"])
    assert exit.value.code == 0
    assert capsys.readouterr().out == f"shapecheck {__version__}\n"


def test_results_are_kept_where_it_is_told_and_nowhere_without_a_cache(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "bad.py"
    path.write_text("import torch\n\ntorch.zeros(2, 3).view(5)\n")
    kept = tmp_path / "kept"
    pages = []
    for options in (["--no-cache"], [], []):
        assert main([*options, "--cache-dir", str(kept), str(path)]) == 1
        pages.append(capsys.readouterr().out)
        assert kept.exists() is (not options)
    assert len(set(pages)) == 1


def test_jobs_and_cache_reach_the_engine(engine: Engine, tmp_path: Path, capsys: Capture) -> None:
    main(["--jobs", "3", "--cache-dir", str(tmp_path), "net.py"])
    assert (engine.jobs, engine.cache and engine.cache.folder) == (3, str(tmp_path))
    main(["--no-cache", "net.py"])
    assert engine.cache is None
    assert engine.jobs == 0


def test_explain_a_family_and_a_slip(capsys: Capture) -> None:
    assert main(["explain", "shp5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 1
    assert all(line.startswith("SHP5") for line in lines)
    assert main(["explain", "layer-imput"]) == 2
    assert "do you mean layer-input?" in capsys.readouterr().err
