"""An award file, cut into records: bytes in, checked text out, one refusal for every record that is no text.

Memory is bounded by the longest record allowed, whatever the file holds. Line numbers count from 1, the header's.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from badges_server.services.awarding.reasons import Reason, Refusal, refusal

RECORD_BYTES = 65_536
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
EMPTY = (b"\n", b"\r\n")
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# C0 and C1 controls, and the two noncharacters that would break canonical N-Quads. A line feed may stand in quotes.
# Line and paragraph separators, and what turns the direction of writing round: a cell must read as it is stored.
FORBIDDEN_CHARACTERS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


@dataclass(frozen=True, slots=True)
class Record:
    """The text of one record; `number` is the line that it begins on."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that cannot be read at all."""

    number: int
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    data: bytes
    too_long: bool


def read_records(source: BinaryIO) -> Iterator[Record | BadRecord]:
    """Cut `source` into records (RFC 4180: a quoted cell may hold line ends). Blank lines are left out."""
    lines = _Lines(source)
    while (line := lines.take_filled()) is not None:
        record = _joined(line, lines)
        if isinstance(record, BadRecord) or record.text.strip():
            yield record


class _Lines:
    """The physical lines, and those that were looked at too early and put back."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._number = 0
        self._waiting: deque[_Line] = deque()

    def take(self) -> _Line | None:
        """Take the next line; a line beyond the limit comes without its bytes."""
        if self._waiting:
            return self._waiting.popleft()
        data = self._source.readline(RECORD_BYTES + 1)
        if not data:
            return None
        self._number += 1
        if self._number == 1:
            data = data.removeprefix(BYTE_ORDER_MARK)
        if len(data) <= RECORD_BYTES:
            return _Line(self._number, data, too_long=False)
        while data and not data.endswith(b"\n"):
            data = self._source.readline(RECORD_BYTES)
        return _Line(self._number, b"", too_long=True)

    def take_filled(self) -> _Line | None:
        """Take the next line that is not empty; outside of quotes an empty one means nothing."""
        line = self.take()
        while line is not None and line.data in EMPTY:
            line = self.take()
        return line

    def put_back(self, lines: list[_Line]) -> None:
        """Give lines back, in their order."""
        self._waiting.extendleft(reversed(lines))


def _joined(first: _Line, lines: _Lines) -> Record | BadRecord:
    """Add the following lines while a quoted cell is open: then the number of quotes is odd."""
    if first.too_long:
        return BadRecord(first.number, refusal(Reason.LINE_TOO_LONG, value=RECORD_BYTES))
    taken: list[_Line] = []
    size, quotes = len(first.data), first.data.count(b'"')
    while quotes % 2 and size <= RECORD_BYTES:
        following = lines.take()
        if following is None:
            break
        taken.append(following)
        size += RECORD_BYTES if following.too_long else len(following.data)
        quotes += following.data.count(b'"')
    if quotes % 2 or size > RECORD_BYTES:
        # One stray quote must not swallow the good lines that follow.
        lines.put_back(taken)
        return BadRecord(first.number, refusal(Reason.MALFORMED_LINE, value="a quoted cell is never closed"))
    return _checked(first.number, b"".join([first.data, *(line.data for line in taken)]))


def _checked(number: int, data: bytes) -> Record | BadRecord:
    wrong = _not_text(data)
    if wrong is not None:
        return BadRecord(number, wrong)
    text = data.decode("utf-8").rstrip("\r\n").replace("\r\n", "\n")
    found = FORBIDDEN_CHARACTERS.search(text)
    if found:
        return BadRecord(number, refusal(Reason.CONTROL_CHARACTER, value=f"U+{ord(found.group()):04X}"))
    return Record(number, text)


def _not_text(data: bytes) -> Refusal | None:
    if data.startswith(UTF_16_MARKS):
        return refusal(Reason.INVALID_UTF8, value="UTF-16")
    if b"\x00" in data:
        return refusal(Reason.NUL_BYTE)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return refusal(Reason.INVALID_UTF8, value="Windows-1252")
    return None
