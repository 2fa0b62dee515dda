"""Where the keys of a TOML text stand, so that a wrong value can be shown by its line.

The standard library's reader gives values without places. This scan knows only what it needs: headers, keys at the
start of a line, and multi-line strings, whose content is skipped.
"""

import re
from collections.abc import Mapping
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\-\"' ]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([\w\-]+|\"[^\"]+\"|'[^']+')\s*=")
_LONG_QUOTE = re.compile(r"\"\"\"|'''")


def places(text: str) -> Mapping[Path, int]:
    """Map the path of every table and key, like ``("members", 0, "siret")``, to its line, counted from 1."""
    scan = _Scan()
    for number, line in enumerate(text.splitlines(), start=1):
        scan.read(number, line)
    return scan.found


def line_of(found: Mapping[Path, int], path: Path) -> int:
    """Give the line of `path`, or of the nearest thing around it that has one; 1 when nothing has."""
    for length in range(len(path), 0, -1):
        line = found.get(path[:length])
        if line is not None:
            return line
    return 1


class _Scan:
    def __init__(self) -> None:
        self.found: dict[Path, int] = {}
        self._table: Path = ()
        self._counts: dict[Path, int] = {}
        self._quote: str | None = None

    def read(self, number: int, line: str) -> None:
        if self._quote is None:
            self._read_line(number, line)
        for match in _LONG_QUOTE.finditer(line):
            self._toggle(match.group())

    def _read_line(self, number: int, line: str) -> None:
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            self._open(header.group(2).split("."), is_array=header.group(1) == "[[")
            self.found.setdefault(self._table, number)
        elif key:
            self.found.setdefault((*self._table, key.group(1).strip("\"'")), number)

    def _open(self, names: list[str], *, is_array: bool) -> None:
        """Go to a table; a name that holds an array stands for its latest element."""
        path: Path = ()
        parts = [name.strip().strip("\"'") for name in names]
        for name in parts[:-1]:
            path = self._latest((*path, name))
        path = (*path, parts[-1])
        if is_array:
            self._counts[path] = self._counts.get(path, -1) + 1
            path = (*path, self._counts[path])
        self._table = path

    def _latest(self, path: Path) -> Path:
        return (*path, self._counts[path]) if path in self._counts else path

    def _toggle(self, quote: str) -> None:
        if self._quote is None:
            self._quote = quote
        elif self._quote == quote:
            self._quote = None
