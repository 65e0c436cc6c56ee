"""What torch is to run so that it says whether a finding is right. Plain data: it goes through pipes and caches."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Program:
    """One way to bring a finding about.

    text     the part of the file that is needed, each line where it is in the file, the other lines empty; or the whole file.
    call     what is run behind it, lines of Python; '' where the text itself comes by the accused place.
    name     what `__name__` is: `__main__`, or the module's own name where the file is imported as a whole.
    package  the dotted name of the folder's package, for relative imports.
    how      'slice', 'wider slice' (with calls that may change what is accused), 'import' (the whole file) or
             'module alone' (built and called as on the way there).
    guessed  whether the inputs are of a kind that nothing tells: an exception has to be the predicted one to the word.
    bare     whether the packages around the file are there as folders only, their `__init__` not run.
    """

    text: str
    call: str = ""
    name: str = "__main__"
    package: str = ""
    how: str = "slice"
    bare: bool = False
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """An expression, by its lines and columns from 1, and the shape that it is said to have. Where nothing raises, this is compared."""

    line: int
    column: int
    end_line: int
    end_column: int
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """The programs that should show a finding, the best one first.

    path      the file that they are parts of, absolute; '<string>' and the like where it is none.
    accused   the file of the accused place, absolute, and its first and last line.
    error     the class of the exception that is expected; '' where nothing is raised.
    roots     folders from which imports are found.
    claims    shapes of expressions in the accused file.
    at_call   whether the accused place builds what the lines behind the program call: then torch raises in those.
    label     of a run without a finding: what is run.
    why_not   why there is no program.
    """

    path: str
    accused: tuple[str, int, int]
    error: str = ""
    programs: tuple[Program, ...] = ()
    roots: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    at_call: bool = False
    label: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """An exception about shapes that torch raised and no finding predicts. entry: what was run."""

    path: str
    line: int
    error: str
    sentence: str
    entry: str
    device: str
