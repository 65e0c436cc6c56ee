"""Which settings hold for which file: the command line's over the nearest configuration's over what holds by default."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shapecheck.config.file import NAME, read_config, read_pyproject
from shapecheck.config.table import SETTINGS, settings_of_projects
from shapecheck.options import Options

DEFAULTS: dict[str, Any] = {setting.dest: setting.default for setting in SETTINGS}


@dataclass(frozen=True)
class Project:
    """Files that share their settings.

    file    the configuration they come from, if there is one.
    values  every setting by its name in Python.
    origin  'command line' or the configuration's path, for settings that somebody made.
    """

    file: str | None
    values: Mapping[str, Any]
    origin: Mapping[str, str]
    options: Options = field(init=False)

    def __post_init__(self) -> None:
        options = Options(**{setting.dest: self.values[setting.dest] for setting in settings_of_projects()})
        object.__setattr__(self, "options", options)


class Projects:
    """The projects of a run. `given` is what the command line says, by name in Python."""

    def __init__(self, given: Mapping[str, Any] | None = None, config: str | None = None, isolated: bool = False) -> None:
        self._given = dict(given or {})
        self._folders: dict[str, Project] = {}
        self._all: Project | None = None  # the project of every file, wherever it is
        if config is not None:
            self._all = self._project(os.path.abspath(config), read_config(config))
        elif isolated:
            self._all = self._project(None, {})

    def of(self, path: str) -> Project:
        """The project of a file or a folder. ConfigError when its configuration cannot be used."""
        if self._all is not None:
            return self._all
        path = os.path.abspath(path)
        return self._of_folder(path if os.path.isdir(path) else os.path.dirname(path))

    def of_all(self, paths: Iterable[str]) -> Project:
        """The project of the folder that holds all the paths: what a run is told once."""
        places = [path if os.path.isdir(path) else os.path.dirname(path) for path in map(os.path.abspath, paths)]
        try:
            return self.of(os.path.commonpath(places))
        except ValueError:  # no paths, or several drives of Windows
            return self.of(os.curdir)

    def options(self, path: str) -> Options:
        """The settings of a file or a folder."""
        return self.of(path).options

    def _of_folder(self, folder: str) -> Project:
        passed = []
        while folder not in self._folders:
            values = read_pyproject(folder)
            above = os.path.dirname(folder)
            if values is not None or above == folder:
                self._folders[folder] = self._project(None if values is None else os.path.join(folder, NAME), values or {})
            else:
                passed.append(folder)
                folder = above
        project = self._folders[folder]
        self._folders.update(dict.fromkeys(passed, project))
        return project

    def _project(self, file: str | None, values: dict[str, Any]) -> Project:
        origin = dict.fromkeys(values, file or "")
        origin.update(dict.fromkeys(self._given, "the command line"))
        return Project(file, {**DEFAULTS, **values, **self._given}, origin)
