"""Fixtures: code as people write it, with what is expected of it on the line. Torch signs every expectation by running the file.

    fixtures/ops/      calls one by one, right and wrong, by the subjects of rules/
    fixtures/models/   right code: nothing is found in it
    fixtures/broken/   one real bug a file
    fixtures/limits/   what shapecheck gets wrong today; an entry that comes right fails here, and moves to where it belongs

The comments:

    x = conv(images)  #: (256, 3, 217, 217)
        The value that the statement assigns, returns or has, as in the examples of rules: a shape, also with dtype or strides, a list of
        results, a Python value. Whenever torch comes by it has this value. Shapecheck gives it at least once, and never another one.
        Sizes may have names, `(N, 32, H//2, W//2)`.
    x = conv(images)  # SHP101 Given groups=1, weight of size …
        Shapecheck reports this code and this sentence on this line, and torch raises the sentence there. Without a sentence torch
        runs on. There are no other reports and no other exceptions.
    # torch: Net()(torch.randn(1, 3, 32, 32))
    # torch: Net()(torch.randn(1, 3, 32, 32)) where N=1, H=32, W=32
    # torch: Net()(torch.randn(1, 3, 32, 32)) raises Given groups=1, weight of size …
        An expression that only torch sees, run when the file has been: it signs code that the file itself never calls. It says what
        numbers the names of sizes are for torch, and adds torch's sentence where shapecheck's has names in it.
    # bug: why
        In limits/, what is not right yet.

For torch every top-level statement is run for itself, so that one file may hold several that raise.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from shapecheck.book.examples import Constant, Several, Shaped, Value
from shapecheck.sizes import Poly, Size, evaluate
from tests.support import notes, reading, signing
from tests.support.answers import Answer, Hidden, Seen, differences, same_sentence
from tests.support.notes import Expected, Fixture

pytest.importorskip("torch")

FOLDER = Path(__file__).resolve().parent.parent / "fixtures"
LIBRARIES = {"einops", "numpy"}
KINDS = ("ops", "models", "broken", "limits")
FILES = [path for kind in KINDS for path in sorted((FOLDER / kind).glob("*.py"))]

every_fixture = pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")


@every_fixture
def test_torch_signs_it(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    fixture = notes.read(path)
    for library in LIBRARIES & imported(fixture.tree):
        pytest.importorskip(library)
    signed = signing.sign(fixture)
    wanted = [finding for finding in fixture.findings if finding.sentence is not None]
    unexpected = [refused for refused in signed.refused if not any(raises(fixture, finding, refused) for finding in wanted)]
    assert not unexpected
    missing = [finding for finding in wanted if not any(raises(fixture, finding, refused) for refused in signed.refused)]
    assert not missing
    sizes = {name: size for asked in fixture.asked for name, size in asked.sizes.items()}
    for noted in fixture.values.values():
        answers = signed.values.get(noted.line, [])
        assert answers, f"torch never comes by line {noted.line}"
        for answer in answers:
            assert not list(differences(with_numbers(noted.value, sizes), answer)), f"line {noted.line}"


def imported(tree: ast.Module) -> set[str]:
    """The names of the libraries that a file imports."""
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    found |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in found}


def raises(fixture: Fixture, finding: Expected, refused: signing.Refused) -> bool:
    """Whether torch's exception is the one that is noted. What never comes by a line of the file is signed by the line that asks."""
    assert finding.sentence is not None
    sentences = [finding.sentence]
    for asked in fixture.asked:
        if asked.sentence is not None and is_about(asked.sentence, finding.sentence):
            sentences.append(asked.sentence)
            if refused.line == asked.line:
                return same_sentence(asked.sentence, refused.sentence)
    return finding.line == refused.line and any(same_sentence(sentence, refused.sentence) for sentence in sentences)


def is_about(torch: str, ours: str) -> bool:
    """Whether two sentences say the same of other sizes: torch's words, in their order, all stand in ours, where names stand too."""
    words = iter(re.findall(r"[A-Za-z_]{2,}", ours))
    return all(word in words for word in re.findall(r"[A-Za-z_]{2,}", torch))


def with_numbers(value: Value, sizes: dict[str, int]) -> Value:
    """A noted value with numbers for its names."""
    if isinstance(value, Constant):
        return value
    if isinstance(value, Several):
        return Several(tuple(with_numbers(part, sizes) for part in value.items))
    numbers: tuple[Size, ...] = tuple(evaluate(size, sizes) for size in value.sizes)
    strides = None if value.strides is None else tuple(evaluate(stride, sizes) for stride in value.strides)
    return Shaped(numbers, value.dtype, strides)


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.parent.name != "limits"], ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_shapecheck_finds_it(path: Path) -> None:
    problems = wrong(notes.read(path))
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("path", [path for path in FILES if path.parent.name == "limits"], ids=lambda path: path.stem)
def test_limits_are_limits(path: Path) -> None:
    fixture = notes.read(path)
    assert fixture.bugs, "say with `# bug:` what is not right yet"
    assert wrong(fixture), "this comes right now: move it"


@pytest.mark.parametrize("kind", ["models", "broken"])
def test_folders_hold_what_their_names_say(kind: str) -> None:
    for path in FILES:
        if path.parent.name == kind:
            assert bool(notes.read(path).findings) == (kind == "broken"), path


def wrong(fixture: Fixture) -> list[str]:
    """Everything in which shapecheck and the notes differ."""
    checked = reading.check(fixture)
    found = [Expected(report.range.line, report.code, report.torch) for report in checked.reports]
    wanted = fixture.findings
    # what torch raises nothing for has no sentence; the report's own words are free then
    found = [finding if any(finding == other for other in wanted) else _wordless(finding, wanted) for finding in found]
    problems = [f"not found: {finding}" for finding in wanted if finding not in found]
    problems += [f"not so: {finding}" for finding in found if finding not in wanted]
    for noted in fixture.values.values():
        answers = checked.values.get(noted.line, [])
        if not any(not list(differences(noted.value, answer)) for answer in answers):
            problems.append(f"line {noted.line} is not known to be {noted.value}: {answers}")
        problems += [f"line {noted.line}: {problem}" for answer in answers for problem in _claims(noted.value, answer)]
    return problems


def _wordless(finding: Expected, wanted: list[Expected]) -> Expected:
    bare = Expected(finding.line, finding.code, None)
    return bare if bare in wanted else finding


def _claims(value: Value, answer: Answer) -> list[str]:
    """Where a definite answer is not what is noted. What is not known, or has names, says nothing against it."""
    parts = [answer] if not isinstance(answer, tuple) else list(answer)
    if any(isinstance(part, Hidden) or (isinstance(part, Seen) and any(isinstance(size, Poly) for size in part.shape)) for part in parts):
        return []
    return list(differences(value, answer, shapes_only=True))
