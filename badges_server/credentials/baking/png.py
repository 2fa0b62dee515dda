"""Bake a credential into a PNG, and read it back (OB 3.0, section 5.3.1; PNG 1.2, sections 3 and 4.2.3).

A chunk reader and writer of our own: every other chunk leaves as it came, byte for byte.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from badges_server.credentials.errors import BakingError
from badges_server.credentials.json_text import MAXIMUM_BYTES

KEYWORD_3: Final = "openbadgecredential"
KEYWORD_2: Final = "openbadges"
SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
MAXIMUM_PNG_BYTES: Final = 5 * 1024 * 1024
MAXIMUM_CHUNKS: Final = 10_000

_TEXT_CHUNKS = (b"iTXt", b"tEXt", b"zTXt")


@dataclass(frozen=True)
class _Chunk:
    kind: bytes
    data: bytes

    def write(self) -> bytes:
        crc = zlib.crc32(self.kind + self.data)
        return struct.pack(">I", len(self.data)) + self.kind + self.data + struct.pack(">I", crc)

    @property
    def keyword(self) -> str | None:
        """The keyword of a textual chunk; none: the chunk holds no text."""
        if self.kind not in _TEXT_CHUNKS:
            return None
        return self.data.partition(b"\0")[0].decode("latin-1")


def bake(png: bytes, text: str, keyword: str) -> bytes:
    """Put `text` (JSON or compact JWS) into `png` as its one text chunk of that `keyword`.

    A chunk of the same keyword that is there already is replaced: the standard allows one only.

    Raises:
        BakingError: not a whole PNG, or a text that is too long or not Unicode.
    """
    chunks = list(_chunks(png))
    carrier = _Chunk(b"iTXt", _international_text(keyword, text))
    kept = [chunk for chunk in chunks if chunk.keyword != keyword]
    # Before the picture's data: readers that stop there, or that meet a truncated file, still find the credential.
    place = [chunk.kind for chunk in kept].index(b"IDAT")
    written = [chunk.write() for chunk in [*kept[:place], carrier, *kept[place:]]]
    return SIGNATURE + b"".join(written)


def extract(png: bytes) -> list[tuple[str, str]]:
    """Read every baked text of `png`, in the order of the file, as (keyword, text).

    The legacy tEXt of Open Badges 2.0 counts too. What follows IEND is not part of the picture and is ignored.

    Raises:
        BakingError: not a whole PNG, or a broken, oversized or (in Open Badges 3.0) compressed text chunk.
    """
    found = []
    for chunk in _chunks(png):
        if chunk.kind == b"iTXt" and chunk.keyword in (KEYWORD_3, KEYWORD_2):
            found.append((chunk.keyword, _read_international_text(chunk)))
        elif chunk.kind == b"tEXt" and chunk.keyword == KEYWORD_2:
            found.append((KEYWORD_2, _decode(chunk.data.partition(b"\0")[2], "latin-1")))
    return found


def _chunks(png: bytes) -> Iterator[_Chunk]:
    """Go through the chunks from IHDR to IEND, each CRC checked."""
    _check_start(png)
    offset = len(SIGNATURE)
    seen: set[bytes] = set()
    count = 0
    while b"IEND" not in seen:
        count += 1
        if count > MAXIMUM_CHUNKS:
            raise BakingError(f"a picture of more than {MAXIMUM_CHUNKS} chunks", path=f"offset {offset}")
        chunk = _chunk_at(png, offset)
        if not seen and chunk.kind != b"IHDR":
            raise BakingError("the first chunk is not IHDR", value=chunk.kind, path=f"offset {offset}")
        seen.add(chunk.kind)
        offset += 12 + len(chunk.data)
        yield chunk
    if b"IDAT" not in seen:
        raise BakingError("no picture data")


def _check_start(png: bytes) -> None:
    if len(png) > MAXIMUM_PNG_BYTES:
        raise BakingError(f"a picture of more than {MAXIMUM_PNG_BYTES} bytes", value=len(png))
    if not png.startswith(SIGNATURE):
        raise BakingError("not a PNG", value=png[:8])


def _chunk_at(png: bytes, offset: int) -> _Chunk:
    place = f"offset {offset}"
    if len(png) < offset + 12:
        raise BakingError("the file ends before IEND", path=place)
    length, kind = struct.unpack_from(">I4s", png, offset)
    if len(png) < offset + 12 + length:
        raise BakingError("a chunk goes past the end of the file", value=length, path=place)
    chunk = _Chunk(kind, png[offset + 8 : offset + 8 + length])
    (crc,) = struct.unpack_from(">I", png, offset + 8 + length)
    if crc != zlib.crc32(chunk.data, zlib.crc32(kind)):
        raise BakingError("wrong checksum", value=kind, path=place)
    return chunk


def _international_text(keyword: str, text: str) -> bytes:
    """Write the data of an iTXt: not compressed, no language, no translated keyword."""
    try:
        content = text.encode()
    except UnicodeEncodeError as error:
        raise BakingError("a text that is not Unicode", path=f"character {error.start}") from error
    if len(content) > MAXIMUM_BYTES or b"\0" in content:
        raise BakingError(f"a text of at most {MAXIMUM_BYTES} bytes, without NUL, is expected", value=len(content))
    return keyword.encode("latin-1") + b"\0\0\0\0\0" + content


def _read_international_text(chunk: _Chunk) -> str:
    keyword, _, rest = chunk.data.partition(b"\0")
    fields = rest[2:].split(b"\0", 2)
    if len(fields) < 3:
        raise BakingError("a text chunk without its fields", value=keyword)
    if rest[0] == 0:
        return _decode(fields[2], "utf-8")
    if chunk.keyword == KEYWORD_3:
        raise BakingError("a compressed text, which Open Badges 3.0 forbids", value=keyword)
    return _decode(_inflate(fields[2]), "utf-8")


def _inflate(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, MAXIMUM_BYTES + 1)
    except zlib.error as error:
        raise BakingError(f"a compressed text that does not unpack: {error}") from error


def _decode(content: bytes, encoding: str) -> str:
    if len(content) > MAXIMUM_BYTES:
        raise BakingError(f"a text of more than {MAXIMUM_BYTES} bytes", value=len(content))
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BakingError(f"a text that is not {encoding}", path=f"byte {error.start}") from error
