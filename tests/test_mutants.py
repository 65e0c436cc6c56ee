"""A small sample of the mutation benchmark: our own models with one thing wrong. The rest is for a person to run (tests/bench/README.md)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bench import mutants
from tests.bench.mutation import programs, verdicts
from tests.bench.mutation.programs import Program

pytest.importorskip("torch")

NAMES = ("resnet", "unet", "transformer", "lstm")
EACH = 8


@pytest.fixture(scope="module")
def bench() -> Iterator[mutants.Bench]:
    judge = mutants.Judge([])
    yield mutants.Bench(judge, bare=False)
    judge.close()


@pytest.mark.parametrize("name", NAMES)
def test_what_torch_refuses_is_reported_where_and_as_torch_says_it(name: str, bench: mutants.Bench) -> None:
    program = next(program for program in programs.fixtures() if program.name == f"fixtures/{name}")
    records = list(mutants.run(bench, [program], EACH, 1, set()))
    assert len(records) > EACH // 2  # some edits leave no Python
    assert any(record["kind"] == "shape" for record in records)
    for record in records:
        edit = f"line {record['line']}: {record['old']!r} -> {record['new']!r}: {record['torch'].get('message')}"
        if record["kind"] == "works":
            assert not record["reports"], edit
        elif record["kind"] == "shape":
            assert verdicts.told(record) == {"reported", "line", "sentence"}, edit


def test_a_script_without_its_calls_keeps_its_lines() -> None:
    text = "import torch\n\n\nclass Net:\n    n = 3\n\n\nsize = 4\nnet = Net()\nfor i in range(3):\n    net(i)\n"
    assert programs.cut(text) == "import torch\n\n\nclass Net:\n    n = 3\n\n\nsize = 4\n\n\n\n"


def test_a_driver_is_written_below_the_file() -> None:
    program = Program("corpus", "net.py", "corpus.net", "class Net: ...\n", "class Net: ...\n", ("Net()\n", "Net(2)\n"))
    assert program.whole("class Net: pass\n", 1) == "class Net: pass\n\n\nNet(2)\n"
    assert list(program.variants) == [1]
    assert programs.without_main('x = 1\nif __name__ == "__main__":\n    x()\n') == "x = 1\n\n\n"
