"""Files that are no Python, and programs that would never end: each ends in the documented way, soon, and within bounded memory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.command import SECONDS, Done, check, shapecheck
from tests.support.endless import PROGRAMS

HEAD = "import torch\nfrom torch import nn\n\n"
WRONG = "nn.Linear(20, 30)(torch.randn(128, 21))\n"
SENTENCE = "mat1 and mat2 shapes cannot be multiplied (128x21 and 20x30)"


# files


def test_a_syntax_error(tmp_path: Path) -> None:
    done = check(tmp_path, HEAD + "layer = nn.Linear(20, 30\n")
    assert (done.status, done.codes) == (1, ["SHP901"])


def test_a_syntax_error_without_torch(tmp_path: Path) -> None:
    done = check(tmp_path, "def f(:\n    pass\n")
    assert (done.status, done.codes) == (1, ["SHP901"])


def test_tabs_and_spaces(tmp_path: Path) -> None:
    done = check(tmp_path, HEAD + "if True:\n        x = 1\n\ty = 2\n")
    assert (done.status, done.codes) == (1, ["SHP901"])


def test_latin_1(tmp_path: Path) -> None:
    """Read with its cookie, and without, as an editor would guess: shapes do not depend on it."""
    text = f"# caf\u00e9\n{HEAD}{WRONG}".encode("latin-1")
    assert check(tmp_path, text).sentences == [SENTENCE]
    assert check(tmp_path, b"# -*- coding: latin-1 -*-\n" + text).sentences == [SENTENCE]


def test_a_byte_order_mark(tmp_path: Path) -> None:
    assert check(tmp_path, (HEAD + WRONG).encode("utf-8-sig")).sentences == [SENTENCE]


def test_windows_line_ends(tmp_path: Path) -> None:
    done = check(tmp_path, (HEAD + WRONG).replace("\n", "\r\n").encode())
    assert [(finding["line"], finding["torch"]) for finding in done.findings] == [(4, SENTENCE)]


@pytest.mark.parametrize("text", [b"", b"\n", b"# nothing but a word about torch\n", b'"""torch"""'])
def test_a_file_without_code(tmp_path: Path, text: bytes) -> None:
    done = check(tmp_path, text)
    assert (done.status, done.codes) == (0, [])


@pytest.mark.parametrize("text", [bytes(range(256)) * 40, b"import torch\n\x00", b"\x7fELF torch" + bytes(2000)])
def test_a_binary(tmp_path: Path, text: bytes) -> None:
    done = check(tmp_path, text)
    assert (done.status, done.codes) == (1, ["SHP902"])


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    done = shapecheck(tmp_path, "nowhere.py")
    assert (done.status, done.codes) == (2, [])
    assert "nowhere.py" in done.errors


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is unreadable here")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(HEAD)
    path.chmod(0)
    done = shapecheck(tmp_path, "net.py")
    assert (done.status, done.codes) == (1, ["SHP902"])


def test_a_folder_that_is_called_like_a_file(tmp_path: Path) -> None:
    (tmp_path / "net.py").mkdir()
    (tmp_path / "net.py" / "inner.py").write_text(HEAD + WRONG)
    assert shapecheck(tmp_path, "net.py").sentences == [SENTENCE]


# sizes


def test_fifty_thousand_lines(tmp_path: Path) -> None:
    lines = "".join(f"VALUE_{number} = {number}\n" for number in range(50_000))
    done = check(tmp_path, HEAD + lines + WRONG)
    assert [(finding["line"], finding["torch"]) for finding in done.findings] == [(50_004, SENTENCE)]


def test_a_long_line(tmp_path: Path) -> None:
    done = check(tmp_path, HEAD + f"numbers = [{', '.join(map(str, range(100_000)))}]\n" + WRONG)
    assert done.sentences == [SENTENCE]


@pytest.mark.parametrize("depth", [90, 500, 20_000])
def test_nested_parentheses(tmp_path: Path, depth: int) -> None:
    """CPython takes some two hundred, and calls more a syntax error."""
    done = check(tmp_path, HEAD + f"x = {'(' * depth}1{')' * depth}\n" + WRONG)
    assert done.status == 1
    assert done.sentences == [SENTENCE] if depth == 90 else done.codes == ["SHP901"]


@pytest.mark.parametrize("expression", ["-" * 3000 + "1", "1" + " + 1" * 3000, "x" + ".a" * 3000, "f" + "()" * 3000, "not " * 3000 + "x"])
def test_deep_expressions(tmp_path: Path, expression: str) -> None:
    """What is too deep is given up, and said so or not; it never stops the run."""
    done = check(tmp_path, HEAD + f"def f(x):\n    return {expression}\n\n\nf(torch.randn(3))\n")
    assert set(done.codes) <= {"SHP901", "SHP903", "SHP120"}


def test_two_thousand_layers(tmp_path: Path) -> None:
    layers = "".join(f"        self.layer{number} = nn.Linear(8, 8)\n" for number in range(2000))
    uses = "".join(f"        x = self.layer{number}(x)\n" for number in range(2000))
    build = f"class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n{layers}\n"
    use = f"    def forward(self, x):\n{uses}        return x\n\n\nNet()(torch.randn(2, 8))\n"
    done = check(tmp_path, HEAD + build + use + WRONG)
    assert done.sentences == [SENTENCE]


# programs


def program(tmp_path: Path, text: str) -> Done:
    """A program, with a mistake at its beginning and one at its end."""
    first = WRONG.replace("128", "7")
    done = check(tmp_path, HEAD + first + text + WRONG)
    assert SENTENCE.replace("128", "7") in done.sentences
    return done


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_without_an_end(tmp_path: Path, name: str) -> None:
    """What stands before one is found, what stands behind it may be; nothing else is."""
    done = program(tmp_path, PROGRAMS[name])
    assert set(done.codes) <= {"SHP101", "SHP903"}, done.findings
    assert done.status == 1


def test_undecided_branches_one_after_the_other(tmp_path: Path) -> None:
    """Two to the power of thirty ways through a function."""
    arms = "".join(f"        if flag{number}:\n            x = self.layers[{number}](x)\n" for number in range(30))
    flags = ", ".join(f"flag{number}" for number in range(30))
    text = f"""\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(8, 8) for _ in range(30))
        self.head = nn.Linear(9, 2)

    def forward(self, x, {flags}):
{arms}        return self.head(x)


"""
    done = program(tmp_path, text)
    assert set(done.codes) <= {"SHP101", "SHP903"}


def test_undecided_branches_that_change_the_shape(tmp_path: Path) -> None:
    arms = "".join(f"        if flag{number}:\n            x = x.unsqueeze(0)\n" for number in range(30))
    flags = ", ".join(f"flag{number}" for number in range(30))
    text = f"class Net(nn.Module):\n    def forward(self, x, {flags}):\n        x = x.view(4, -1)\n{arms}        return x\n\n\n"
    assert set(program(tmp_path, text).codes) <= {"SHP101", "SHP903"}


def test_a_class_that_calls_itself_in_forward(tmp_path: Path) -> None:
    text = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        return self(self.fc(x))


Net()(torch.randn(2, 8))
"""
    assert set(program(tmp_path, text).codes) <= {"SHP101", "SHP903"}


def test_a_class_that_builds_itself(tmp_path: Path) -> None:
    text = """\
class Net(nn.Module):
    def __init__(self, depth=3):
        super().__init__()
        self.inner = Net(depth + 1)

    def forward(self, x):
        return self.inner(x)


Net()
"""
    assert set(program(tmp_path, text).codes) <= {"SHP101", "SHP903"}


def test_classes_that_build_each_other(tmp_path: Path) -> None:
    text = """\
class A(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.b = B(n)

    def forward(self, x):
        return self.b(x)


class B(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.a = A(n)

    def forward(self, x):
        return self.a(x)


"""
    assert set(program(tmp_path, text).codes) <= {"SHP101", "SHP903"}


def test_a_class_that_is_its_own_base(tmp_path: Path) -> None:
    text = "class Net(nn.Module):\n    pass\n\n\nclass Net(Net):\n    pass\n\n\nclass Odd(Odd2):\n    pass\n\n\n"
    assert set(program(tmp_path, text).codes) <= {"SHP101", "SHP120"}


def test_a_property_and_an_attribute_hook_that_ask_for_themselves(tmp_path: Path) -> None:
    text = """\
class Net(nn.Module):
    @property
    def width(self):
        return self.width

    def __getattr__(self, name):
        return getattr(self, name)

    def forward(self, x):
        return x.view(self.width, self.height)


Net()(torch.randn(2, 8))
"""
    assert set(program(tmp_path, text).codes) <= {"SHP101", "SHP903"}


# imports


def test_files_that_import_each_other(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        HEAD + "from b import make\n\nWIDTH = 20\n\n\ndef head():\n    return nn.Linear(WIDTH, 30)\n\n\nmake()\n"
    )
    (tmp_path / "b.py").write_text(HEAD + "from a import head\n\n\ndef make():\n    return head()(torch.randn(128, 21))\n")
    done = shapecheck(tmp_path, ".")
    assert done.seconds < SECONDS
    assert done.sentences == [SENTENCE]


def test_a_file_that_imports_itself(tmp_path: Path) -> None:
    done = check(tmp_path, HEAD + "import net\nfrom net import *\nfrom net import missing\n" + WRONG)
    assert SENTENCE in done.sentences
    assert set(done.codes) <= {"SHP101", "SHP120"}


def test_a_package_that_imports_itself(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("from . import __init__\nfrom .net import *\nfrom package import net\n")
    (package / "net.py").write_text(HEAD + "from . import *\nfrom .. import package\nfrom ... import beyond\n" + WRONG)
    done = shapecheck(tmp_path, ".")
    assert done.seconds < SECONDS
    assert SENTENCE in done.sentences


def test_a_broken_import_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("import torch\ndef f(:\n")
    done = check(tmp_path, HEAD + "from broken import f\nfrom nowhere import g\n" + WRONG)
    assert done.sentences == [SENTENCE]


def test_a_link_that_goes_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(HEAD + WRONG)
    try:
        (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    except OSError:
        pytest.skip("no links here")
    done = shapecheck(tmp_path, ".")
    assert done.seconds < SECONDS
    assert SENTENCE in done.sentences
