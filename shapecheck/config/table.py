"""The table of settings. The command line, the reader of pyproject.toml, --show-settings and the documentation are made from it.

A new setting is a row here and, where the check itself needs it, a field of Options with the same name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from shapecheck.config import kinds
from shapecheck.config.kinds import Kind
from shapecheck.options import INCLUDE

Scope = Literal["project", "run", "command line"]


@dataclass(frozen=True)
class Setting:
    """One setting.

    name      its key in the file; `--name` on the command line.
    kind      what it takes.
    help      what it does, without a full stop.
    default   its value when nobody says anything; None: it depends, see `help`.
    scope     project: the files of a project share it, and it is a field of Options; run: it is one for the whole run, taken from
              the configuration nearest to the folder that holds all paths; command line: it cannot stand in a file.
    field     its field of Options, where that has another name.
    metavar   what stands for its value in --help; "" where there is no such option on the command line.
    short     a short form of the option.
    commands  the commands that take it.
    """

    name: str
    kind: Kind[Any]
    help: str
    default: Any
    scope: Scope
    metavar: str = "FILE"
    short: str = ""
    field: str = ""
    commands: tuple[str, ...] = ("check",)

    @property
    def dest(self) -> str:
        """Its name in Python."""
        return self.field or self.name.replace("-", "_")


BOTH = ("check", "shapes")

GROUPS: dict[str, tuple[Setting, ...]] = {
    "which findings": (
        Setting("select", kinds.CODES, "report these findings only: codes, beginnings of codes (SHP1), slugs (layer-input), or ALL",
                None, "project", "CODES"),
        Setting("extend-select", kinds.CODES, "report these besides", (), "project", "CODES"),
        Setting("ignore", kinds.CODES, "do not report these; the longest beginning that fits a code decides", (), "project", "CODES"),
        Setting("per-file-ignores", kinds.PER_FILE_IGNORES, "do not report these in the files that a pattern fits: 'tests/*:SHP3,SHP104'",
                (), "project", "PATTERN:CODES"),
        Setting("severity", kinds.SEVERITY, "report these as error, warning or info: SHP301=error", (), "project", "CODE=SEVERITY"),
        Setting("baseline", kinds.FILE, "do not report the findings that this file lists", None, "project"),
        Setting("fix", kinds.FLAG, "mend what can be mended without doubt, and report what is left", False, "command line"),
        Setting("unsafe-fixes", kinds.FLAG, "with --fix or --diff: also what may not be meant, such as a layer's number of features",
                False, "command line"),
        Setting("diff", kinds.FLAG, "show what --fix would change, and change nothing", False, "command line"),
        Setting("add-noqa", kinds.FLAG, "write `# noqa: CODE` to the line of each finding, and report none", False, "command line"),
        Setting("update-baseline", kinds.FLAG, "write the findings of this run to the baseline, and report none", False, "command line"),
    ),
    "which files": (
        Setting("include", kinds.GLOBS, "the files that are read in folders", INCLUDE, "project", "GLOBS", commands=BOTH),
        Setting("exclude", kinds.GLOBS, "files and folders to leave out", (), "project", "GLOBS", commands=BOTH),
        Setting("extend-exclude", kinds.GLOBS, "files and folders to leave out besides those of exclude",
                (), "project", "GLOBS", commands=BOTH),
        Setting("force-exclude", kinds.FLAG, "leave out an excluded file even if it is named itself, for pre-commit and editors",
                False, "project", commands=BOTH),
        Setting("respect-gitignore", kinds.FLAG, "leave out what .gitignore files leave out", True, "project", commands=BOTH),
    ),
    "what the code does not say": (
        Setting("input", kinds.INPUTS, "shapes of parameters that the code does not show: 'Net.forward x=N,3,32,32'; :int64 sets the dtype",
                (), "project", "SHAPES", field="inputs", commands=BOTH),
        Setting("python", kinds.INTERPRETER,
                "the interpreter, or the environment, whose packages are read (default: the active or the project's own)",
                None, "project", "PATH", commands=BOTH),
        Setting("ops", kinds.OPS, "shape signatures of functions and classes: \"mylib.patchify\" = \"b c h w -> b (h w) c\"",
                (), "project", "", commands=BOTH),
    ),
    "what comes out": (
        Setting("format", kinds.choice("text", "concise", "json", "sarif", "github", "gitlab", "junit"), "the form of the report",
                "text", "run", "FORMAT"),
        Setting("format", kinds.choice("text", "json"), "the form of the list", "text", "command line", "FORMAT", commands=("shapes",)),
        Setting("output", kinds.FILE, "write the report to this file instead of standard output", None, "run"),
        Setting("output", kinds.FILE, "write the list to this file instead of standard output", None, "command line", commands=("shapes",)),
        Setting("exit-zero", kinds.FLAG, "exit with 0 although there are findings", False, "run"),
        Setting("statistics", kinds.FLAG, "count the findings, and why values could not be followed", False, "project"),
        Setting("quiet", kinds.FLAG, "findings only, no summary", False, "run", short="-q"),
        Setting("verbose", kinds.FLAG, "say more: every step of a trail, what was read, tracebacks of faults", False, "run", short="-v",
                commands=BOTH),
    ),
    "torch has the last word (this runs the code that is checked)": (
        Setting("confirm", kinds.choice("auto", "meta", "cpu", "cuda"),
                "run what each finding accuses, on tensors without data, the CPU or CUDA, and say what torch says; --confirm alone is auto",
                None, "command line", "auto|meta|cpu|cuda"),
        Setting("runs", kinds.FLAG,
                "with --confirm: run every entry that can be built too, and list the exceptions about shapes that no finding predicts",
                False, "command line"),
        Setting("confirm-time", kinds.NUMBER, "seconds that one run of a finding may take", 20, "command line", "SECONDS"),
        Setting("show-slice", kinds.FLAG, "print the smallest program that shows each finding, instead of the report (runs nothing)", False,
                "command line"),
        Setting("save-slices", kinds.FOLDER, "write those programs to this folder, one a finding", None, "command line", "FOLDER"),
    ),
    "how it works": (
        Setting("jobs", kinds.NUMBER, "in how many processes to work at most; 0: as many as there are processors", 0, "run", "N"),
        Setting("cache", kinds.FLAG, "keep what was worked out for the next run", True, "run"),
        Setting("cache-dir", kinds.FOLDER, "where to keep it (default: SHAPECHECK_CACHE_DIR, or the platform's place for caches)",
                None, "run", "DIR"),
    ),
    "where the settings come from": (
        Setting("stdin-filename", kinds.FILE, "what to call standard input in the report; its settings are those of that file",
                None, "command line", commands=BOTH),
        Setting("config", kinds.FILE, "take the settings of all files from this file, and no other", None, "command line", commands=BOTH),
        Setting("isolated", kinds.FLAG, "read no configuration", False, "command line", commands=BOTH),
        Setting("show-settings", kinds.FLAG, "show the settings of the paths and where each comes from, and check nothing",
                False, "command line", commands=BOTH),
    ),
}  # fmt: skip

SETTINGS: tuple[Setting, ...] = tuple(setting for group in GROUPS.values() for setting in group)


def settings_of(command: str) -> tuple[Setting, ...]:
    """The settings that a command takes."""
    return tuple(setting for setting in SETTINGS if command in setting.commands)


def settings_of_files() -> dict[str, Setting]:
    """What may stand in a configuration, by key."""
    return {setting.name: setting for setting in SETTINGS if setting.scope != "command line"}


def settings_of_projects() -> tuple[Setting, ...]:
    """What the files of a project share: the fields of Options."""
    return tuple(setting for setting in SETTINGS if setting.scope == "project")
