"""What is wrong in a file that somebody wrote by hand: where, and what to do about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FileProblem:
    """One fault of one file.

    Attributes:
        file: the file's path, as the reader was given it.
        line: counted from 1; the line of the field, or of what it is missing from.
        column: counted from 1, where the reader can tell.
        field: the field's path, list places counted from 1: ``alignments.2.code``; empty for the file as a whole.
        message: plain English, one line.
    """

    file: str
    line: int
    column: int | None
    field: str
    message: str

    def __str__(self) -> str:
        """Write ``file:line:column: field: message``, as compilers do."""
        place = f"{self.file}:{self.line}" if self.column is None else f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"
