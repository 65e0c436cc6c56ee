"""What a summary says, with torch as the judge where it can be asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapecheck.show.values import words
from shapecheck.summary import Summary, TargetError, summarize
from tests.bench import zoo
from tests.summary.programs import NETS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("nets")
    (place / "nets.py").write_text(NETS)
    package = place / "zoo"
    package.mkdir()
    (package / "__init__.py").write_text("from .blocks import block\n")
    (package / "blocks.py").write_text("from .parts import Part\n\ndef block(n=2):\n    return Part(n)\n")
    (package / "parts.py").write_text(
        "from torch import nn\n\nclass Part(nn.Linear):\n    def __init__(self, n):\n        super().__init__(n, n)\n"
    )
    return place


def of(folder: Path, expression: str, *inputs: str, training: bool = False) -> Summary:
    return summarize(f"nets.py:{expression}", *inputs, training=training, folder=str(folder))


def rows(summary: Summary) -> list[tuple[str, object]]:
    return [(row.path, row.output) for row in summary.rows]


WITH_TORCH = [
    ("MLP", "1,784", False),
    ("MLP()", "6,1,28,28", False),
    ("CNN", "4,3,32,32", True),
    ("CNN", "1,3,224,224", False),
    ("Again(10, 20, 3)", "2,10", False),
    ("Made", "2,3", False),
    ("Alike", "5,2", False),
    ("Branch", "2,3", False),
    ("Branch", "2,3", True),
    ("build(8)", "5,4", False),
    ("ready", "4", False),
    ("many()", "1,2,9", False),
    ("fixed()", "2,3", False),
    ("shortened()", "2,4", False),
    ("nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 4), 2)", "5,3,16", True),
]


@pytest.mark.parametrize(("expression", "shape", "training"), WITH_TORCH)
def test_as_torch_sees_it(folder: Path, expression: str, shape: str, training: bool) -> None:
    pytest.importorskip("torch")
    scope: dict[str, object] = {"__name__": "nets"}
    exec(NETS, scope)
    value = eval(expression, scope)
    model = value() if isinstance(value, type) else value
    true = zoo.watched(model.train(training).to("meta"), tuple(map(int, shape.split(","))))
    agree, said = zoo.differences(true, of(folder, expression, shape, training=training))
    assert not said
    assert agree == len(true.calls) > 0


def test_a_perceptron_in_figures(folder: Path) -> None:
    found = of(folder, "MLP", "1,784")
    assert (found.params, found.flops, found.output) == (203_530, 2 * 784 * 256 + 2 * 256 * 10, (1, 10))
    assert rows(found) == [("hidden", (1, 256)), ("out", (1, 10)), ("", (1, 10))]
    assert [row.inputs for row in found.rows] == [((1, 784),), ((1, 256),), ((1, 784),)]


def test_the_layers_of_a_convolutional_network(folder: Path) -> None:
    found = of(folder, "CNN", "1,3,32,32")
    assert {row.path: row.params for row in found.rows if row.params} == {
        "first.0": 448, "first.1": 32, "second.0": 4_640, "second.1": 64, "hidden": 131_136, "out": 650,
    }  # fmt: skip
    assert found.params == 136_970


def test_a_shared_layer_counts_once_and_has_its_first_name(folder: Path) -> None:
    found = of(folder, "Again(10, 20, 3, n=4)", "2,10")
    assert found.params == 10 * 20 + 20 + 20 * 20 + 20 + 20 * 3 + 3
    assert [row.path for row in found.rows] == ["first", "middle", "middle", "middle", "middle", "last", ""]
    assert [row.again for row in found.rows] == [False, False, True, True, True, False, False]
    assert found.flops == 2 * 2 * (10 * 20 + 4 * 20 * 20 + 20 * 3)


def test_names_for_sizes(folder: Path) -> None:
    found = of(folder, "CNN().first", "N,3,H,W")
    assert [(row.path, words(row.output)) for row in found.rows[-2:]] == [("3", "(N, 16, H//2, W//2)"), ("", "(N, 16, H//2, W//2)")]
    assert str(found.flops) == "864*H*N*W"
    assert found.params == 480


def test_work_of_a_layer_made_in_forward_is_its_callers(folder: Path) -> None:
    found = of(folder, "Made", "2,3")
    assert [(row.path, row.flops, row.total_flops) for row in found.rows] == [("frozen", 60, 60), ("", 40, 100)]
    assert (found.params, found.trainable) == (20 + 56, 56)
    assert sum(row.flops for row in found.rows) == found.flops


def test_what_the_model_returns_keeps_its_form(folder: Path) -> None:
    found = of(folder, "Several", "3,7:int64", "5")
    assert found.output == {"out": (3, 7, 6), "states": [(1, 3, 6), (1, 3, 6)], "extra": [(5,)], "nothing": None}
    assert found.rows[-1].inputs == ((3, 7), (5,))


def test_it_ends_in_the_layer_that_torch_refuses(folder: Path) -> None:
    found = of(folder, "Wrong", "1,3,8,8")
    assert (found.status, found.failure) == (1, "Conv2d wants 5 channels, gets 16")
    assert [row.path for row in found.rows] == ["stem", "body.0"]
    assert [(row.path, row.failed) for row in found.open_rows] == [("", False), ("body", False), ("body.1", True)]
    report = found.reports[0]
    assert (report.code, report.range.line) == ("SHP101", NETS[: NETS.index("return self.body")].count("\n") + 1)
    assert report.torch is not None
    assert report.torch.startswith("Given groups=1, weight of size [4, 5, 1, 1]")


def test_a_refusal_in_forward_itself_is_the_modules(folder: Path) -> None:
    found = of(folder, "WrongCat", "3,4")
    assert [row.path for row in found.rows] == ["a"]
    assert [(row.path, row.failed) for row in found.open_rows] == [("", True)]
    assert found.reports[0].code == "SHP106"


def test_a_model_that_cannot_be_built(folder: Path) -> None:
    found = of(folder, "Unbuildable", "1,3,8,8")
    assert (found.status, found.rows, found.reports[0].code) == (1, (), "SHP201")


def test_an_exception_of_the_programs_own(folder: Path) -> None:
    found = of(folder, "Raises", "2,3")
    assert (found.status, found.failure) == (1, "the program raises ValueError")
    assert found.raised is not None
    assert found.raised[2] == 'raise ValueError("four samples are wanted")'
    assert of(folder, "Raises", "4,3").status == 0


def test_what_is_not_followed_is_said(folder: Path) -> None:
    found = of(folder, "Unclear", "2,3")
    assert found.status == 0
    assert [(item.path, item.why) for item in found.unknown] == [("b", "somelibrary.turn is not known")]
    assert rows(found) == [("a", (2, 3)), ("b", None), ("", None)]


def test_a_symbolic_batch_that_only_likely_fits_is_no_failure(folder: Path) -> None:
    found = of(folder, "Raises", "N,3")
    assert found.failure is None
    assert str(found.output) == "(4, 3)"


def test_a_package_is_found_and_its_imports_are_followed(folder: Path) -> None:
    found = summarize("zoo:block(3)", "2,3", folder=str(folder))
    assert [(row.path, row.class_name, row.output) for row in found.rows] == [("", "Part", (2, 3))]
    assert summarize("zoo/parts.py:Part(4)", (2, 4), folder=str(folder)).params == 20
    assert summarize("torch.nn:Linear(3, 4)", "5,3", folder=str(folder)).output == (5, 4)


@pytest.mark.parametrize(
    ("target", "inputs", "words"),
    [
        ("nets.py", ["1"], "no target"),
        ("nets.py:", ["1"], "no target"),
        ("gone.py:Net", ["1"], "there is no file gone.py"),
        ("gone.away:Net", ["1"], "no module gone.away"),
        ("nets.py:MLPP", ["1"], "has no MLPP; do you mean MLP?"),
        ("nets.py:1 + 1", ["1"], "neither a name nor a call"),
        ("nets.py:MLP(", ["1"], "neither a name nor a call"),
        ("nets.py:number", ["1"], "not seen to be an nn.Module"),
        ("nets.py:Again", ["1"], "missing 3 required positional arguments"),
        ("nets.py:MLP(3)", ["1"], "takes 1 positional argument but 2 were given"),
        ("nets.py:Several", ["1"], "called with 1 input: Several.forward() missing 1 required positional argument: 'extra'"),
        ("nets.py:MLP", [], "needs the shape of an input"),
        ("nets.py:MLP", ["1,x y"], "is no size"),
        ("torch.nn:Linaer(3, 4)", ["1"], "torch.nn has no Linaer"),
        ("broken.py:Net", ["1"], "broken.py:1"),
    ],
)
def test_bad_targets_and_inputs_get_one_sentence(folder: Path, target: str, inputs: list[str], words: str) -> None:
    (folder / "broken.py").write_text("class Net(:\n")
    with pytest.raises(TargetError) as raised:
        summarize(target, *inputs, folder=str(folder))
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)
