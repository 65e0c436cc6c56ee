"""A configuration file: `[tool.shapecheck]` of a pyproject.toml, or a file of that table alone."""

from __future__ import annotations

import os
import sys
from typing import Any

from shapecheck.config.errors import ConfigError, nearest
from shapecheck.config.kinds import WrongTypeError
from shapecheck.config.table import SETTINGS, settings_of_files

NAME = "pyproject.toml"
TABLE = "[tool.shapecheck]"


def read_pyproject(folder: str) -> dict[str, Any] | None:
    """The settings in a folder's pyproject.toml, by key; None where it has none. ConfigError when they mean nothing."""
    path = os.path.join(folder, NAME)
    text = _text(path) if os.path.isfile(path) else ""
    if "shapecheck" not in text:  # nearly every file: TOML is not even parsed
        return None
    table = _section(_parsed(text, path), path)
    return None if table is None else _settings(table, path)


def read_config(path: str) -> dict[str, Any]:
    """The settings in the file that --config names."""
    if not os.path.exists(path):
        raise ConfigError(f"{path}: no such file")
    document = _parsed(_text(path), path)
    table = _section(document, path)
    if table is None:
        if os.path.basename(path) == NAME:
            raise ConfigError(f"{path}: it has no {TABLE}")
        table = document
    return _settings(table, path)


def _shown(path: str) -> str:
    """A path as a person reads it: from the working folder where it lies below that."""
    here = os.path.join(os.getcwd(), "")
    return path.removeprefix(here)


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except OSError as error:
        raise ConfigError(f"{_shown(path)}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{_shown(path)}: cannot be read: it is not UTF-8") from None


def _parsed(text: str, path: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib  # here: only a file that may hold settings needs it
    else:
        import tomli as tomllib
    try:
        document: dict[str, Any] = tomllib.loads(text)
    except ValueError as error:
        raise ConfigError(f"{_shown(path)}: not valid TOML: {error}") from None
    except RecursionError:
        raise ConfigError(f"{_shown(path)}: not valid TOML: it is nested too deeply") from None
    return document


def _section(document: dict[str, Any], path: str) -> dict[str, Any] | None:
    tool = document.get("tool", {})
    table = tool.get("shapecheck") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{_shown(path)}: tool.shapecheck is no table; write {TABLE} and the settings below it")
    return table


def _settings(table: dict[str, Any], path: str) -> dict[str, Any]:
    known = settings_of_files()
    base = os.path.dirname(os.path.abspath(path))
    path = _shown(path)
    found = {}
    for key, value in table.items():
        setting = known.get(key)
        if setting is None:
            raise ConfigError(f"{path}: {TABLE} has no setting '{key}'{_instead(key, known)}")
        try:
            found[setting.dest] = setting.kind.from_toml(value, base)
        except WrongTypeError:
            raise ConfigError(f"{path}: {TABLE} {key}: it is {setting.kind.says}, not {_type(value)}") from None
        except ValueError as error:
            raise ConfigError(f"{path}: {TABLE} {key}: {error}") from None
    return found


def _instead(key: str, known: dict[str, Any]) -> str:
    """What to write instead of a key that is none."""
    if any(setting.name == key for setting in SETTINGS):
        return f"; --{key} is for the command line only"
    return nearest(key.lower().replace("_", "-"), known)


def _type(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", str: "a string", list: "a list", dict: "a table"}
    if isinstance(value, list) and any(not isinstance(item, str) for item in value):
        return "a list of other things than strings"
    return names.get(type(value), "a date")
