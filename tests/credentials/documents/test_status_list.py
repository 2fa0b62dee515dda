import base64
import gzip
import time
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges_server.credentials.errors import (
    BadgeError,
    MalformedValueError,
    RangeError,
    StatusListLengthError,
    StatusVerificationError,
)
from badges_server.credentials.status_list import (
    MAXIMUM_EXPANDED_BYTES,
    MINIMUM_LENGTH,
    StatusEntry,
    StatusList,
    encode,
    expand,
    is_status_set,
    read_status_entry,
    read_status_list,
    status_value,
)

# Bitstring Status List 1.0, example 5.
PUBLISHED = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
LIST_URL = "https://example.com/status/3"
ENTRY: dict[str, Any] = {
    "id": "https://example.com/status/3#94567",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "94567",
    "statusListCredential": LIST_URL,
}
SUBJECT: dict[str, Any] = {
    "id": "https://example.com/status/3#list",
    "type": "BitstringStatusList",
    "statusPurpose": "revocation",
    "encodedList": PUBLISHED,
}
indexes = st.sets(st.integers(0, MINIMUM_LENGTH - 1), max_size=50)


def pack(bits: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(gzip.compress(bits)).rstrip(b"=").decode()


def entry(index: int, size: int = 1, purpose: str = "revocation") -> StatusEntry:
    return StatusEntry(purpose, index, LIST_URL, size)


def test_the_published_list_is_empty_and_of_the_least_length() -> None:
    assert expand(PUBLISHED) == bytes(16 * 1024)
    assert not is_status_set(read_status_entry(ENTRY), read_status_list(SUBJECT))


@given(indexes)
def test_what_is_set_is_read_back_and_nothing_else(chosen: set[int]) -> None:
    encoded = encode(chosen, MINIMUM_LENGTH)
    bits = expand(encoded)
    assert {index for index in range(MINIMUM_LENGTH) if bits[index // 8] >> (7 - index % 8) & 1} == chosen
    listed = StatusList(("revocation",), encoded)
    for index in chosen:
        assert is_status_set(entry(index), listed)
        assert is_status_set(entry((index + 1) % MINIMUM_LENGTH), listed) == ((index + 1) % MINIMUM_LENGTH in chosen)


@given(indexes)
def test_the_same_bits_always_give_the_same_text(chosen: set[int]) -> None:
    assert encode(chosen) == encode(sorted(chosen, reverse=True))


def test_the_packed_list_carries_no_time() -> None:
    packed = base64.urlsafe_b64decode(encode([3])[1:] + "==")
    assert packed[:3] == b"\x1f\x8b\x08"
    assert packed[4:8] == bytes(4)
    assert gzip.decompress(packed)[0] == 0b00010000


def test_index_0_is_the_leftmost_bit() -> None:
    assert expand(encode([0]))[0] == 0x80
    assert expand(encode([MINIMUM_LENGTH - 1]))[-1] == 0x01


@given(size=st.integers(1, 16), data=st.data())
def test_wider_entries_read_as_numbers(size: int, data: st.DataObject) -> None:
    values = data.draw(st.dictionaries(st.integers(0, MINIMUM_LENGTH - 1), st.integers(0, (1 << size) - 1), max_size=8))
    whole = sum(value << size * (MINIMUM_LENGTH - 1 - index) for index, value in values.items())
    listed = StatusList(("message",), pack(whole.to_bytes(MINIMUM_LENGTH * size // 8, "big")))
    for index, value in values.items():
        assert status_value(entry(index, size, "message"), listed) == value
        assert is_status_set(entry(index, size, "message"), listed) == (value != 0)


@pytest.mark.parametrize("length", [MINIMUM_LENGTH - 8, MINIMUM_LENGTH + 1, 0, -8])
def test_a_list_of_another_length_is_not_made(length: int) -> None:
    with pytest.raises(StatusListLengthError) as caught:
        encode([], length)
    assert caught.value.value == length


@pytest.mark.parametrize("index", [-1, MINIMUM_LENGTH])
def test_an_index_outside_is_not_set(index: int) -> None:
    with pytest.raises(RangeError) as caught:
        encode([index])
    assert caught.value.value == index


@pytest.mark.parametrize(
    ("status_entry", "status_list", "error", "value"),
    [
        (entry(0, purpose="suspension"), StatusList(("revocation",), PUBLISHED), StatusVerificationError, "suspension"),
        (entry(0), StatusList(("revocation",), pack(bytes(16383))), StatusListLengthError, 131064),
        (entry(0, size=2), StatusList(("revocation",), PUBLISHED), StatusListLengthError, 65536),
        (entry(MINIMUM_LENGTH), StatusList(("revocation",), PUBLISHED), RangeError, MINIMUM_LENGTH),
        (entry(-1), StatusList(("revocation",), PUBLISHED), RangeError, -1),
        (entry(0), StatusList(("revocation",), "H4sI"), MalformedValueError, "H4sI"),
    ],
)
def test_each_fault_has_its_own_error(
    status_entry: StatusEntry, status_list: StatusList, error: type[BadgeError], value: object
) -> None:
    with pytest.raises(error) as caught:
        is_status_set(status_entry, status_list)
    assert type(caught.value) is error
    assert caught.value.value == value


def test_a_list_may_serve_several_purposes() -> None:
    listed = read_status_list(
        {**SUBJECT, "statusPurpose": ["suspension", "revocation"], "encodedList": encode([94567])}
    )
    assert is_status_set(read_status_entry(ENTRY), listed)


def test_a_gzip_bomb_is_stopped_early() -> None:
    bomb = pack(bytes(400 * 1024 * 1024))
    started = time.process_time()
    with pytest.raises(MalformedValueError, match="expands to more than"):
        expand(bomb)
    assert time.process_time() - started < 1


def test_the_largest_list_still_expands() -> None:
    assert len(expand(pack(bytes(MAXIMUM_EXPANDED_BYTES)))) == MAXIMUM_EXPANDED_BYTES


PACKED = gzip.compress(bytes(16384))


@pytest.mark.parametrize(
    ("encoded", "reason"),
    [
        ("", "multibase"),
        ("u", "multibase"),
        ("z" + PUBLISHED[1:], "multibase"),
        (PUBLISHED + "=", "multibase"),
        (PUBLISHED.replace("-", "+"), "multibase"),
        (PUBLISHED + "\n", "multibase"),
        ("uAAAAA", "not a packed list"),
        ("u" + base64.urlsafe_b64encode(PACKED[:-1]).decode().rstrip("="), "one whole GZIP stream"),
        ("u" + base64.urlsafe_b64encode(PACKED + b"x").decode().rstrip("="), "one whole GZIP stream"),
        ("u" + base64.urlsafe_b64encode(PACKED + PACKED).decode().rstrip("="), "one whole GZIP stream"),
        ("u" + base64.urlsafe_b64encode(PACKED[:-8] + bytes(8)).decode().rstrip("="), "not a packed list"),
        ("u" + base64.urlsafe_b64encode(zlib.compress(bytes(16384))).decode().rstrip("="), "not a packed list"),
        (PUBLISHED[:-3], "not a packed list|one whole GZIP stream"),
        ("uAAAAAAA", "not a packed list"),
    ],
)
def test_a_list_that_is_not_packed_right_is_malformed(encoded: str, reason: str) -> None:
    with pytest.raises(MalformedValueError, match=reason) as caught:
        expand(encoded)
    assert caught.value.path == "encodedList"


def outcome(encoded: str) -> bytes | MalformedValueError:
    try:
        return expand(encoded)
    except MalformedValueError as error:
        return error


@given(st.text(max_size=60) | st.from_regex(r"u[A-Za-z0-9_-]{1,80}", fullmatch=True))
def test_whatever_comes_expanding_ends_in_bytes_or_in_one_error(encoded: str) -> None:
    found = outcome(encoded)
    assert isinstance(found, bytes) or found.path == "encodedList"


@pytest.mark.parametrize(("index", "expected"), [("0", 0), ("007", 7), (5, 5), ("131071", 131071)])
def test_the_index_may_be_text_or_number(index: object, expected: int) -> None:
    assert read_status_entry({**ENTRY, "statusListIndex": index}).index == expected


def test_an_entry_is_read_whole() -> None:
    assert read_status_entry(ENTRY) == StatusEntry("revocation", 94567, LIST_URL, 1)
    messages = [{"status": hex(number), "message": "m"} for number in range(4)]
    assert read_status_entry({**ENTRY, "statusSize": 2, "statusMessage": messages}).size == 2


@pytest.mark.parametrize(
    ("member", "value"),
    [
        *[("statusListIndex", value) for value in (None, "", "-1", "+1", " 1", "1.0", 1.0, True, -1, "1" * 21, "²")],
        *[("statusPurpose", value) for value in (None, "", 1, ["revocation"])],
        *[("statusListCredential", value) for value in (None, "", 1)],
        *[("statusSize", value) for value in (0, -1, True, "1", 17, 1.0, 10**30)],
    ],
)
def test_a_malformed_entry_is_refused(member: str, value: object) -> None:
    with pytest.raises(MalformedValueError) as caught:
        read_status_entry({**ENTRY, member: value})
    assert (caught.value.path, caught.value.value) == (member, value)


@pytest.mark.parametrize("messages", [None, [], [{}] * 3, {"status": "0x0"}])
def test_wider_entries_need_all_their_messages(messages: object) -> None:
    with pytest.raises(MalformedValueError) as caught:
        read_status_entry({**ENTRY, "statusSize": 2, "statusMessage": messages})
    assert caught.value.path == "statusMessage"


def test_a_list_is_read_whole() -> None:
    assert read_status_list({**SUBJECT, "ttl": 60000}) == StatusList(("revocation",), PUBLISHED, 60000)
    assert read_status_list({**SUBJECT, "type": ["BitstringStatusList"]}).ttl is None


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("type", "StatusList2021"),
        ("type", None),
        ("statusPurpose", None),
        ("statusPurpose", []),
        ("statusPurpose", ["revocation", ""]),
        ("statusPurpose", [1]),
        ("encodedList", None),
        ("encodedList", ""),
        ("ttl", -1),
        ("ttl", "60000"),
        ("ttl", True),
    ],
)
def test_a_malformed_list_is_refused(member: str, value: object) -> None:
    with pytest.raises(MalformedValueError) as caught:
        read_status_list({**SUBJECT, member: value})
    assert (caught.value.path, caught.value.value) == (member, value)
