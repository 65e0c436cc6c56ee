"""The index of the rules: which file knows which name, so that a file is loaded when one of its names is first asked for.

`rules/names.txt` is generated (`make docs`): a line a file with its size and checksum, and below it a line a name.

    linear.py 1234 89abcdef
      torch.nn.Linear

It is never believed where it is stale: a file that it does not list, or that is not what it was, is loaded whole.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

NAME = "names.txt"


class Index:
    """What the index of a folder of rules says. `places`: the file of each name; `unlisted`: files about which it says nothing true.

    Files are given by their names without `.py`.
    """

    def __init__(self, folder: Path) -> None:
        self.places: dict[str, str] = {}
        self.unlisted: list[str] = []
        try:
            text = (folder / NAME).read_text(encoding="utf-8")
            written = os.stat(folder / NAME).st_mtime_ns
        except (OSError, UnicodeDecodeError):
            text, written = "", 0
        listed = _read(text)
        for file in rule_files(folder):
            size, checksum, names = listed.get(file.name, ("", "", []))
            status = file.stat()
            same = str(status.st_size) == size and (status.st_mtime_ns <= written or _checksum(file.path) == checksum)
            stem = file.name.removesuffix(".py")
            if same:
                self.places.update(dict.fromkeys(names, stem))
            else:
                self.unlisted.append(stem)


def rule_files(folder: Path) -> list[os.DirEntry[str]]:
    """The rule files of a folder, by name."""
    with os.scandir(folder) as entries:
        found = [entry for entry in entries if entry.name.endswith(".py") and entry.name != "__init__.py"]
    return sorted(found, key=lambda entry: entry.name)


def compose(folder: Path, names: Mapping[str, Iterable[str]]) -> str:
    """The text of the index of a folder, from the names that each file knows."""
    lines = []
    for file in rule_files(folder):
        lines.append(f"{file.name} {file.stat().st_size} {_checksum(file.path)}")
        lines.extend(f"  {name}" for name in sorted(names.get(file.name.removesuffix(".py"), ())))
    return "\n".join(lines) + "\n"


def _read(text: str) -> dict[str, tuple[str, str, list[str]]]:
    """Size, checksum and names of each file; what is not an index says nothing."""
    found: dict[str, tuple[str, str, list[str]]] = {}
    names: list[str] = []
    for line in text.splitlines():
        if line.startswith("  "):
            names.append(line[2:])
            continue
        head = line.split()
        names = []
        if len(head) == 3:
            found[head[0]] = (head[1], head[2], names)
    return found


def _checksum(path: str) -> str:
    with open(path, "rb") as file:
        return f"{zlib.crc32(file.read()):08x}"
