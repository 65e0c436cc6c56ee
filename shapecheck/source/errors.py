"""What is raised when a text cannot be read as Python."""

from __future__ import annotations


class SourceError(Exception):
    """Why a file (or a piece of it) cannot be read, and where: line and column count from 1, in the file's own coordinates."""

    def __init__(self, line: int, column: int, sentence: str) -> None:
        super().__init__(line, column, sentence)
        self.line = line
        self.column = column
        self.sentence = sentence

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.sentence}"
