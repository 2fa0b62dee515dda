"""Damage to real samples, decided by a seed: bytes, words and whole structures."""

import base64
import copy
import json
import random  # noqa: TID251  (seeded: the same damage at every run)
import re
import zlib
from collections.abc import Callable

from badges_server.credentials.baking import png
from badges_server.credentials.json_text import JsonValue

Chance = random.Random

_INTERESTING = [
    b"\x00",
    b"\xff",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xa8",
    b"\r\n",
    b'"',
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b"<",
    b">",
    b"&",
    b"]]>",
    b"<!--",
    b",",
    b";",
    b".",
    b"..",
    b"/",
    b"#",
    b"%00",
    b"-1",
    b"0",
    b"1e400",
    b"NaN",
    b"null",
    b"99999999999999999999",
    b"2147483648",
    b"-0.0",
    b"true",
    b"\\ud800",
    b"\\u0000",
    b"=",
    b"'",
    b"[[",
    b"\t",
    b"\x7f",
]
_VALUES: list[JsonValue] = [
    None,
    True,
    False,
    0,
    -1,
    1,
    2**31,
    2**53,
    10**19,
    0.5,
    -0.0,
    1e300,
    "",
    " ",
    "x",
    "é",
    "\u0000",
    "\ud7ff",
    "\uffff",
    "did:web:",
    "did:key:z",
    "https://",
    "http://[",
    "https://[::1",
    "https://a:b/",
    "urn:",
    "#",
    "2026-02-30",
    "2026-01-01",
    "2026-03-01T09:00:00Z",
    "9999-12-31T23:59:60Z",
    "0000-01-01T00:00:00Z",
    "sha256$",
    "md5$x",
    "u",
    "uH4sI",
    "z",
    "_:b",
    "@id",
    "@type",
    "@graph",
    "A" * 300,
    "1" * 30,
    "-5",
    "1e5",
    "٣",
    [],
    {},
    [[]],
    [{}],
    {"": ""},
    {"id": 1},
    {"id": None},
    {"@id": "x"},
    {"@value": 1},
    {"@set": []},
    {"@list": [1]},
    {"type": {}},
    [None],
    ["", ""],
    {"en": "x"},
]
_WORD = re.compile(rb"[A-Za-z0-9+/_=-]{2,}")


def mutate(chance: Chance, data: bytes) -> bytes:
    """Damage `data` in one to four ways; mostly inside of its structure, so that the damage is met further in."""
    for start, inside in _INSIDE.items():
        if data.startswith(start) and chance.random() < 0.6:
            return inside(chance, data)
    return _bytewise(chance, data)


def _bytewise(chance: Chance, data: bytes) -> bytes:
    damaged = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        chance.choice(_DAMAGES)(chance, damaged)
    return bytes(damaged)


def _structurally(chance: Chance, data: bytes) -> bytes:
    document = json.loads(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        holders = list(_holders(document))
        holder = chance.choice(holders)
        chance.choice(_CHANGES)(chance, holder, chance.choice(holders))
    try:
        return json.dumps(document, ensure_ascii=chance.random() < 0.5).encode()
    except (ValueError, RecursionError):  # something was put into itself
        return data


def _holders(document: JsonValue) -> list[JsonValue]:
    found, pending = [], [document]
    while pending:
        value = pending.pop()
        if isinstance(value, dict | list):
            found.append(value)
            pending.extend(value.values() if isinstance(value, dict) else value)
    return found


def _place(chance: Chance, holder: JsonValue) -> JsonValue:
    """A key or index of `holder`; a new one when it is empty."""
    if isinstance(holder, dict):
        return chance.choice(list(holder)) if holder else "new"
    if not holder:
        holder.append(None)
    return chance.randrange(len(holder))


def _replace(chance: Chance, holder: JsonValue, _other: JsonValue) -> None:
    # A copy: what is put in may be damaged next, and must not be another value the next time.
    holder[_place(chance, holder)] = copy.deepcopy(chance.choice(_VALUES))


def _remove(chance: Chance, holder: JsonValue, _other: JsonValue) -> None:
    if holder:
        del holder[_place(chance, holder)]


def _wrap(chance: Chance, holder: JsonValue, _other: JsonValue) -> None:
    place = _place(chance, holder)
    value = holder[place] if not isinstance(holder, dict) or place in holder else None
    holder[place] = [value] if chance.random() < 0.5 else {"id": value}


def _graft(chance: Chance, holder: JsonValue, other: JsonValue) -> None:
    """Put a part of the document in another place."""
    place = _place(chance, other)
    value = other[place] if not isinstance(other, dict) or place in other else other
    holder[_place(chance, holder)] = json.loads(json.dumps(value))


def _rename(chance: Chance, holder: JsonValue, _other: JsonValue) -> None:
    if isinstance(holder, dict) and holder:
        holder[str(chance.choice(_VALUES))] = holder.pop(_place(chance, holder))


def _repeat(chance: Chance, holder: JsonValue, _other: JsonValue) -> None:
    if isinstance(holder, list) and holder:
        holder *= chance.choice((2, 20))


def _flip(chance: Chance, data: bytearray) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(chance: Chance, data: bytearray) -> None:
    start = chance.randrange(len(data) + 1)
    del data[start : start + chance.choice((1, 2, 8, 100, len(data)))]


def _insert(chance: Chance, data: bytearray) -> None:
    place = chance.randrange(len(data) + 1)
    data[place:place] = chance.choice(_INTERESTING) * chance.choice((1, 1, 1, 5, 100))


def _double(chance: Chance, data: bytearray) -> None:
    start = chance.randrange(len(data) + 1)
    part = bytes(data[start : start + chance.choice((1, 10, 200))])
    data[start:start] = part * chance.choice((1, 1, 10))


def _new_word(chance: Chance, data: bytearray) -> None:
    words = list(_WORD.finditer(data[:20_000]))
    if words:
        target, source = chance.choice(words), chance.choice(words)
        other = chance.choice((source.group(), chance.choice(_INTERESTING)))
        data[target.start() : target.end()] = other


def _swap_lines(chance: Chance, data: bytearray) -> None:
    between = b"\n" if b"\n" in data else b","
    lines = bytes(data).split(between)
    lines.insert(chance.randrange(len(lines)), lines.pop(chance.randrange(len(lines))))
    data[:] = between.join(lines)


def _noise(chance: Chance, data: bytearray) -> None:
    start = chance.randrange(len(data) + 1)
    data[start : start + 8] = chance.randbytes(chance.choice((1, 4, 8)))


_DAMAGES: list[Callable[[Chance, bytearray], None]] = [_flip, _cut, _insert, _double, _new_word, _swap_lines, _noise]
_CHANGES: list[Callable[[Chance, JsonValue, JsonValue], None]] = [
    _replace,
    _replace,
    _remove,
    _wrap,
    _graft,
    _rename,
    _repeat,
]


def _inside_png(chance: Chance, data: bytes) -> bytes:
    """Damage one chunk, and give it the right length and checksum again."""
    chunks, offset = [], len(png.SIGNATURE)
    while offset < len(data):
        length = int.from_bytes(data[offset : offset + 4], "big")
        chunks.append((data[offset + 4 : offset + 8], data[offset + 8 : offset + 8 + length]))
        offset += 12 + length
    place = chance.randrange(len(chunks))
    kind, content = chunks[place]
    chunks[place] = (
        kind if chance.random() < 0.9 else _bytewise(chance, kind)[:4].ljust(4),
        _bytewise(chance, content),
    )
    written = (len(c).to_bytes(4, "big") + k + c + zlib.crc32(k + c).to_bytes(4, "big") for k, c in chunks)
    return png.SIGNATURE + b"".join(written)


def _inside_token(chance: Chance, data: bytes) -> bytes:
    """Damage the header or the payload of a compact JWS, and encode it again."""
    parts = data.split(b".")
    place = chance.randrange(2)
    inner = base64.urlsafe_b64decode(parts[place] + b"===")
    damaged = mutate(chance, inner)
    parts[place] = base64.urlsafe_b64encode(damaged).rstrip(b"=")
    return b".".join(parts)


_INSIDE: dict[bytes, Callable[[Chance, bytes], bytes]] = {
    b"{": _structurally,
    b"[": _structurally,
    png.SIGNATURE: _inside_png,
    b"eyJ": _inside_token,
}
