"""--show-settings: the settings of the paths as TOML, each with where it comes from; and the table of all of them for the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shapecheck.config.kinds import FLAG
from shapecheck.config.projects import Project
from shapecheck.config.table import GROUPS, Setting, settings_of, settings_of_files


def settings_page(paths: Sequence[tuple[str, Project]]) -> str:
    """A block a project: TOML that a configuration may hold, with every setting that has a value."""
    projects: list[tuple[Project, list[str]]] = []
    for path, project in paths:
        for known, names in projects:
            if known is project:
                names.append(path)
                break
        else:
            projects.append((project, [path]))
    return "\n".join(_block(project, names) for project, names in projects)


def _block(project: Project, paths: Iterable[str]) -> str:
    lines = [f"# {', '.join(paths)}: {f'settings of {project.file}' if project.file else 'no configuration'}", "[tool.shapecheck]"]
    for setting in settings_of_files().values():
        value = project.values[setting.dest]
        origin = project.origin.get(setting.dest)
        if value is None:
            lines.append(f"# {setting.name} is not set")
        else:
            lines.append(f"{setting.name} = {setting.kind.to_toml(value)}{f'  # from {origin}' if origin else ''}")
    return "\n".join(lines) + "\n"


def settings_tables() -> str:
    """All settings that a configuration may hold, a Markdown table a group, and the options of the command line besides."""
    known = settings_of_files()
    parts = []
    for title, group in GROUPS.items():
        settings = [setting for setting in group if known.get(setting.name) is setting]
        if settings:
            rows = "".join(map(_row, settings))
            parts.append(f"### {title[0].upper()}{title[1:]}\n\n| setting | default | what it does | value |\n|---|---|---|---|\n{rows}")
    parts.append(f"### On the command line only\n\n| option | what it does |\n|---|---|\n{''.join(map(_option, _options_of_check()))}")
    return "\n".join(parts)


def _options_of_check() -> list[Setting]:
    return [setting for setting in settings_of("check") if setting.scope == "command line"]


def _option(setting: Setting) -> str:
    value = f" {setting.metavar}" if setting.kind is not FLAG else ""
    return _cells(f"`--{setting.name}{value}`", setting.help)


def _row(setting: Setting) -> str:
    default = "" if setting.default is None else f"`{setting.kind.to_toml(setting.default)}`"
    return _cells(f"`{setting.name}`", default, setting.help, setting.kind.says)


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"
