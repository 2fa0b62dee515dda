"""Status bits: how a list is packed, unpacked and read (Bitstring Status List 1.0).

Fetching a list and checking its proof is done before; what a set bit means is the purpose's affair.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from badges_server.credentials.errors import (
    MalformedValueError,
    RangeError,
    StatusListLengthError,
    StatusVerificationError,
)
from badges_server.credentials.json_text import JsonObject, JsonValue

# 16 KB of bits: the herd that hides one person's status (section 6.1).
MINIMUM_LENGTH = 131_072
# 67 million entries. What expands to more is a gzip bomb.
MAXIMUM_EXPANDED_BYTES = 8 * 1024 * 1024
# A size of 16 bits already asks for 65,536 messages.
MAXIMUM_STATUS_SIZE = 16

_GZIP_FORMAT = 31
_MULTIBASE = re.compile(r"u[A-Za-z0-9_-]+")
_INDEX = re.compile(r"[0-9]{1,20}", re.ASCII)


@dataclass(frozen=True)
class StatusEntry:
    """Where a credential says its status stands (section 2.1).

    Attributes:
        index: position in the list, in entries (not bits).
        size: bits per entry.
        list_url: the BitstringStatusListCredential's URL.
    """

    purpose: str
    index: int
    list_url: str
    size: int = 1


@dataclass(frozen=True)
class StatusList:
    """The subject of a BitstringStatusListCredential (section 2.2).

    Attributes:
        encoded: `encodedList`, still packed.
        ttl: milliseconds that a copy may be kept; none: not said.
    """

    purposes: tuple[str, ...]
    encoded: str
    ttl: int | None = None


def encode(set_indexes: Iterable[int], length: int = MINIMUM_LENGTH) -> str:
    """Pack a list of `length` one-bit entries, those of `set_indexes` set (section 3.3).

    The same bits always give the same text: the gzip header carries no time.

    Raises:
        StatusListLengthError: `length` is under the minimum or no whole number of bytes.
        RangeError: an index lies outside of the list.
    """
    if length < MINIMUM_LENGTH or length % 8:
        raise StatusListLengthError(f"a list has {MINIMUM_LENGTH} entries or more, in whole bytes", value=length)
    bits = bytearray(length // 8)
    for index in set_indexes:
        if not 0 <= index < length:
            raise RangeError(f"index not in 0..{length - 1}", value=index)
        byte, offset = divmod(index, 8)
        bits[byte] |= 0x80 >> offset
    packed = zlib.compress(bytes(bits), level=9, wbits=_GZIP_FORMAT)
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def expand(encoded: str) -> bytes:
    """Unpack `encodedList` (section 3.4); never more than `MAXIMUM_EXPANDED_BYTES`.

    Raises:
        MalformedValueError: not multibase base64url, not one whole GZIP stream, or a bomb.
    """
    if not _MULTIBASE.fullmatch(encoded):
        raise MalformedValueError("not a base64url multibase text", value=encoded[:20], path="encodedList")
    text = encoded[1:]
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return _gunzip(packed)
    except (binascii.Error, zlib.error) as error:
        raise MalformedValueError(f"not a packed list: {error}", value=encoded[:20], path="encodedList") from error


def is_status_set(entry: StatusEntry, status_list: StatusList) -> bool:
    """Tell whether the status that `entry` points at is set (not zero) in `status_list`.

    What a set status means (revoked, suspended) is the purpose's affair, not ours.

    Raises:
        StatusVerificationError, StatusListLengthError, RangeError, MalformedValueError: see `status_value`.
    """
    return status_value(entry, status_list) != 0


def status_value(entry: StatusEntry, status_list: StatusList) -> int:
    """Read the status that `entry` points at: 0 or 1, or more when its size is over one bit.

    Follows steps 5 to 10 of the Validate Algorithm (section 3.2).

    Raises:
        StatusVerificationError: the list is kept for another purpose.
        StatusListLengthError: the list is shorter than the standard allows.
        RangeError: the entry points outside of the list.
        MalformedValueError: the list cannot be unpacked.
    """
    if entry.purpose not in status_list.purposes:
        raise StatusVerificationError(f"the list serves {', '.join(status_list.purposes)}", value=entry.purpose)
    bits = expand(status_list.encoded)
    length = len(bits) * 8 // entry.size
    if length < MINIMUM_LENGTH:
        raise StatusListLengthError(f"the list is shorter than {MINIMUM_LENGTH} entries", value=length)
    if not 0 <= entry.index < length:
        raise RangeError(f"statusListIndex not in 0..{length - 1}", value=entry.index)

    # Index 0 is the leftmost bit of the first byte; a wider entry reads the same way.
    first = entry.index * entry.size
    last = first + entry.size
    window = int.from_bytes(bits[first // 8 : (last + 7) // 8], "big")
    return window >> (-last % 8) & ((1 << entry.size) - 1)


def read_status_entry(content: JsonObject) -> StatusEntry:
    """Read a BitstringStatusListEntry. Real ones hold the index as a number too: both are taken.

    Raises:
        MalformedValueError: a member is missing or of the wrong form.
    """
    size = content.get("statusSize", 1)
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= MAXIMUM_STATUS_SIZE:
        raise MalformedValueError(f"a size of 1 to {MAXIMUM_STATUS_SIZE} bits", value=size, path="statusSize")
    messages = content.get("statusMessage")
    if size > 1 and not (isinstance(messages, list) and len(messages) == 1 << size):
        raise MalformedValueError(f"{1 << size} messages are needed for {size} bits", path="statusMessage")
    return StatusEntry(
        purpose=_text(content, "statusPurpose"),
        index=_index(content.get("statusListIndex")),
        list_url=_text(content, "statusListCredential"),
        size=size,
    )


def read_status_list(subject: JsonObject) -> StatusList:
    """Read the `credentialSubject` of a BitstringStatusListCredential.

    Raises:
        MalformedValueError: a member is missing or of the wrong form.
    """
    types = subject.get("type")
    if "BitstringStatusList" not in (types if isinstance(types, list) else [types]):
        raise MalformedValueError("BitstringStatusList is expected", value=types, path="type")
    return StatusList(
        purposes=_purposes(subject.get("statusPurpose")),
        encoded=_text(subject, "encodedList"),
        ttl=_ttl(subject.get("ttl")),
    )


def _gunzip(packed: bytes) -> bytes:
    stream = zlib.decompressobj(wbits=_GZIP_FORMAT)
    bits = stream.decompress(packed, MAXIMUM_EXPANDED_BYTES + 1)
    if len(bits) > MAXIMUM_EXPANDED_BYTES:
        raise MalformedValueError(f"expands to more than {MAXIMUM_EXPANDED_BYTES} bytes", path="encodedList")
    if not stream.eof or stream.unused_data:
        raise MalformedValueError("not one whole GZIP stream", path="encodedList")
    return bits


def _index(value: JsonValue) -> int:
    if isinstance(value, str) and _INDEX.fullmatch(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise MalformedValueError("a whole number from 0 is expected", value=value, path="statusListIndex")


def _purposes(value: JsonValue) -> tuple[str, ...]:
    purposes = value if isinstance(value, list) else [value]
    if not purposes or not all(isinstance(purpose, str) and purpose for purpose in purposes):
        raise MalformedValueError("one or more texts are expected", value=value, path="statusPurpose")
    return tuple(purposes)


def _ttl(value: JsonValue) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise MalformedValueError("a number of milliseconds is expected", value=value, path="ttl")


def _text(content: JsonObject, name: str) -> str:
    value: JsonValue = content.get(name)
    if not isinstance(value, str) or not value:
        raise MalformedValueError("a text is expected", value=value, path=name)
    return value
