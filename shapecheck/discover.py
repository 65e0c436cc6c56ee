"""From what the user names to the Python files to read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shapecheck.config.errors import ConfigError
from shapecheck.gitignore import Ignored
from shapecheck.options import Options, OptionsOf
from shapecheck.patterns import Patterns, relative

NEVER = frozenset(
    ".git .hg .svn .bzr .venv venv .tox .nox .direnv .eggs .mypy_cache .pytest_cache .ruff_cache .pytype .ipynb_checkpoints "
    "__pycache__ __pypackages__ node_modules site-packages".split()
)
BUILT = frozenset(("build", "dist", "_build"))  # left out as well, unless a package has that name


@dataclass(frozen=True, slots=True)
class Discovered:
    """Files in order, each once, with their settings; and a sentence for each thing that could not be done.

    named  the files that were named themselves, and do not lie in a folder that was.
    """

    files: tuple[str, ...]
    options: tuple[Options, ...] = ()
    named: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()


def discover(paths: Sequence[str], options: Options | OptionsOf | None = None) -> Discovered:
    """Every file to read under `paths`. A file that is named itself is taken, whatever it is called, unless exclusion is forced.

    A single path counts as a list of it: letter by letter it would come to "/", and so to every file of the machine.
    """
    if isinstance(paths, (str, os.PathLike)):
        paths = [os.fspath(paths)]
    options_of = options if callable(options) else _same(options or Options())
    walk = _Walk(options_of)
    for path in paths:
        walk.start(path)
    chosen = sorted(walk.found.values(), key=lambda file: file[0].split(os.sep))
    named = frozenset(file for file, _ in chosen if os.path.abspath(file) not in walk.walked)
    return Discovered(tuple(file for file, _ in chosen), tuple(its for _, its in chosen), named, tuple(walk.problems))


def _same(options: Options) -> OptionsOf:
    return lambda path: options


class _Walk:
    """Goes through what was named. Links to folders are not followed, so that no loop can arise."""

    def __init__(self, options_of: OptionsOf) -> None:
        self._options_of = options_of
        self._patterns: dict[tuple[str, ...], Patterns] = {}
        self.found: dict[str, tuple[str, Options]] = {}
        self.walked: set[str] = set()
        self.problems: list[str] = []

    def start(self, path: str) -> None:
        """Take what the user named."""
        options = self._options(path)
        if options is None:
            return
        if os.path.isdir(path):
            for file, its in self._files(path):
                self.found.setdefault(os.path.abspath(file), (file, its))
                self.walked.add(os.path.abspath(file))
        elif not os.path.exists(path):
            self.problems.append(f"{path}: no such file or folder")
        elif not (options.force_exclude and left_out(path, options)):
            self.found.setdefault(os.path.abspath(path), (path, options))

    def _options(self, path: str) -> Options | None:
        """The settings of a path. None, after a problem is noted, when they cannot be used: nothing is checked by settings not meant."""
        try:
            return self._options_of(path)
        except ConfigError as error:
            if str(error) not in self.problems:
                self.problems.append(str(error))
            return None

    def _files(self, root: str) -> Iterator[tuple[str, Options]]:
        ignored = Ignored(root)
        for folder, folders, files in os.walk(root, onerror=self._unreadable):
            options = self._options(folder)
            if options is None:
                folders.clear()
                continue
            here = os.path.normpath(folder)
            including = self._some(options.include)
            excluding = self._some((*options.exclude, *options.extend_exclude))
            hidden = ignored if options.respect_gitignore else None
            folders[:] = sorted(
                name
                for name in folders
                if _entered(here, name) and not excluding.fit(os.path.join(here, name), root) and not _hidden(hidden, here, name, True)
            )
            for name in sorted(files):
                path = name if here == os.curdir else os.path.join(here, name)
                if not including.fit(path, root) or excluding.fit(path, root) or _hidden(hidden, here, name, False):
                    continue
                if os.path.isfile(path):
                    yield path, options

    def _unreadable(self, error: OSError) -> None:
        self.problems.append(f"{error.filename}: {error.strerror}")

    def _some(self, patterns: tuple[str, ...]) -> Patterns:
        if patterns not in self._patterns:
            self._patterns[patterns] = Patterns(patterns)
        return self._patterns[patterns]


def left_out(path: str, options: Options) -> bool:
    """Whether a file that is named itself is among those to leave out: --force-exclude asks."""
    if not NEVER.isdisjoint(relative(path, os.curdir).split(os.sep)[:-1]):
        return True
    return Patterns((*options.exclude, *options.extend_exclude)).fit_within(path)


def _hidden(ignored: Ignored | None, folder: str, name: str, is_folder: bool) -> bool:
    return ignored is not None and ignored.ignores(os.path.join(folder, name), is_folder)


def _entered(folder: str, name: str) -> bool:
    path = os.path.join(folder, name)
    if name in NEVER or name.endswith(".egg-info") or os.path.exists(os.path.join(path, "pyvenv.cfg")):
        return False
    return name not in BUILT or os.path.exists(os.path.join(path, "__init__.py"))
