"""The kinds of values that settings take: how each is read from the command line and from TOML, and written as TOML."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from shapecheck.config.errors import nearest
from shapecheck.findings.finding import SEVERITIES, Severity
from shapecheck.inputs import StatedInput, read_input
from shapecheck.selection import read_codes

if TYPE_CHECKING:
    from shapecheck.book.stated import StatedOp

T = TypeVar("T")
Codes = tuple[str, ...]


@dataclass(frozen=True)
class Kind(Generic[T]):
    """A kind of value. Its readers raise ValueError with what is wrong, for the sentence that names the setting.

    says       what is wanted: "a list of codes, such as ["SHP1", "SHP301"]".
    from_word  reads a word of the command line.
    from_toml  reads a value of TOML; the second argument is the folder that its paths start from.
    to_toml    writes a value as TOML.
    many       several values on the command line add up (they are tuples).
    """

    says: str
    from_word: Callable[[str], T]
    from_toml: Callable[[Any, str], T]
    to_toml: Callable[[T], str]
    many: bool = False


class WrongTypeError(ValueError):
    """The value of TOML has another type than the setting."""


def quoted(text: str) -> str:
    """A string of TOML: its escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)


def listed(words: tuple[str, ...]) -> str:
    """A list of TOML."""
    return f"[{', '.join(map(quoted, words))}]"


def _strings(value: object) -> list[str]:
    """A list of strings, or one string alone."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    raise WrongTypeError


def _table(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise WrongTypeError
    return value


def _codes(value: object, base: str = "") -> Codes:
    return tuple(code for item in _strings(value) for code in read_codes(item))


CODES: Kind[Codes] = Kind('a list of codes, such as ["SHP1", "SHP301"]', read_codes, _codes, listed, many=True)


def _words(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (word.strip() for word in text.split(","))))


def anchored(pattern: str, base: str) -> str:
    """A pattern of a file as one that fits from anywhere: with a slash in it, it starts at the folder of the file."""
    from glob import escape  # here: only a configuration file with patterns needs it

    pattern = pattern.removeprefix("./")
    if "/" not in pattern.rstrip("/") or os.path.isabs(pattern):
        return pattern
    return f"{escape(base.replace(os.sep, '/'))}/{pattern}"


def _globs(value: object, base: str) -> tuple[str, ...]:
    return tuple(anchored(pattern, base) for pattern in _strings(value))


GLOBS: Kind[tuple[str, ...]] = Kind('a list of glob patterns, such as ["tests", "old/*.py"]', _words, _globs, listed, many=True)


def _flag(value: object, base: str) -> bool:
    if not isinstance(value, bool):
        raise WrongTypeError
    return value


FLAG: Kind[bool] = Kind("true or false", lambda text: text == "true", _flag, lambda value: "true" if value else "false")


def choice(*words: str) -> Kind[str]:
    """One of some words."""

    def read(value: object, base: str = "") -> str:
        if not isinstance(value, str):
            raise WrongTypeError
        if value not in words:
            raise ValueError(f"'{value}' is none of {', '.join(words)}{nearest(value, words)}")
        return value

    return Kind(f"one of {', '.join(map(quoted, words))}", read, read, quoted)


def _file(value: object, base: str) -> str:
    if not isinstance(value, str):
        raise WrongTypeError
    return os.path.normpath(os.path.join(base, os.path.expanduser(value)))


FILE: Kind[str] = Kind("the path of a file", lambda text: text, _file, quoted)
FOLDER: Kind[str] = Kind("the path of a folder", lambda text: text, _file, quoted)


def _existing(value: object, base: str) -> str:
    path = _file(value, base)
    if not os.path.exists(path):
        raise ValueError(f"there is no '{path}'")
    return path


INTERPRETER: Kind[str] = Kind(
    "the path of a Python interpreter, or of its environment", lambda text: _existing(text, ""), _existing, quoted
)


def _number(value: object, base: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise WrongTypeError
    if value < 0:
        raise ValueError(f"{value} is less than 0")
    return value


def _number_word(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"'{text}' is no number")
    return int(text)


NUMBER: Kind[int] = Kind("a number", _number_word, _number, str)

Inputs = tuple[StatedInput, ...]


def _inputs(value: object, base: str) -> Inputs:
    """'Net.forward x=2,3', a list of such, or a table {"Net.forward" = "x=2,3"} or {"Net.forward" = {x = "2,3"}}."""
    if not isinstance(value, dict):
        return tuple(stated for text in _strings(value) for stated in read_input(text))
    found: list[StatedInput] = []
    for target, shapes in value.items():
        if isinstance(shapes, dict):
            if not all(isinstance(shape, str) for shape in shapes.values()):
                raise WrongTypeError
            shapes = " ".join(f"{name}={shape}" for name, shape in shapes.items())
        if not isinstance(shapes, str):
            raise WrongTypeError
        found += read_input(f"{target} {shapes}")
    return tuple(found)


def _inputs_toml(inputs: Inputs) -> str:
    return listed(tuple(map(str, inputs)))


INPUTS: Kind[Inputs] = Kind('shapes, such as ["Net.forward x=N,3,H,W"] or {"Net.forward" = "x=N,3,H,W"}',
                            read_input, _inputs, _inputs_toml, many=True)  # fmt: skip

CodesByPattern = tuple[tuple[str, Codes], ...]


def _ignores_word(text: str) -> CodesByPattern:
    """'tests/*:SHP3,SHP104 old/*:SHP1'"""
    found: list[tuple[str, list[str]]] = []
    for word in text.replace(",", " ").split():
        pattern, colon, code = word.rpartition(":")
        if colon:
            found.append((pattern, [code]))
        elif found:
            found[-1][1].append(code)
        else:
            raise ValueError(f"'{text}' says no pattern and codes: write it as 'tests/*:SHP3,SHP104'")
    return tuple((pattern, read_codes(" ".join(codes))) for pattern, codes in found)


def _ignores_toml(value: object, base: str) -> CodesByPattern:
    return tuple((anchored(pattern, base), _codes(codes)) for pattern, codes in _table(value).items())


def _inline(pairs: Mapping[str, str]) -> str:
    inside = ", ".join(f"{quoted(key)} = {value}" for key, value in pairs.items())
    return f"{{ {inside} }}" if inside else "{}"


PER_FILE_IGNORES: Kind[CodesByPattern] = Kind(
    'a table of patterns and codes, such as {"tests/*" = ["SHP3"]}',
    _ignores_word,
    _ignores_toml,
    lambda pairs: _inline({pattern: listed(codes) for pattern, codes in pairs}),
    many=True,
)

SeverityOf = tuple[tuple[str, Severity], ...]


def _severity(codes: object, severity: object) -> SeverityOf:
    if not isinstance(severity, str):
        raise WrongTypeError
    for known in SEVERITIES:
        if known == severity:
            return tuple((code, known) for code in _codes(codes))
    raise ValueError(f"'{severity}' is none of {', '.join(SEVERITIES)}{nearest(severity, SEVERITIES)}")


def _severities_word(text: str) -> SeverityOf:
    found: SeverityOf = ()
    for word in text.replace(",", " ").split():
        code, equals, severity = word.partition("=")
        if not equals:
            raise ValueError(f"'{word}' says no code and severity: write it as 'SHP301=error'")
        found += _severity(code, severity)
    return found


def _severities_toml(value: object, base: str) -> SeverityOf:
    return tuple(pair for code, severity in _table(value).items() for pair in _severity(code, severity))


SEVERITY: Kind[SeverityOf] = Kind(
    'a table of codes and severities, such as {"SHP301" = "error"}',
    _severities_word,
    _severities_toml,
    lambda pairs: _inline({code: quoted(severity) for code, severity in pairs}),
    many=True,
)


def _no_word(text: str) -> tuple[StatedOp, ...]:
    raise ValueError("it is read from a file only")


def _ops(value: object, base: str) -> tuple[StatedOp, ...]:
    from shapecheck.book.stated import read_ops  # here: only a configuration with signatures needs it

    return read_ops(_table(value))


OPS: Kind[tuple[StatedOp, ...]] = Kind(
    'a table of names and shape signatures, such as {"mylib.patchify" = "b c h w -> b (h w) c"}',
    _no_word,
    _ops,
    lambda ops: _inline({op.name: quoted(op.text) for op in ops}),
)
