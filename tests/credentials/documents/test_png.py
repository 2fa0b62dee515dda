import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from badges_server.credentials.baking.png import (
    KEYWORD_2,
    KEYWORD_3,
    MAXIMUM_PNG_BYTES,
    SIGNATURE,
    bake,
    extract,
)
from badges_server.credentials.errors import BakingError
from badges_server.credentials.json_text import MAXIMUM_BYTES

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200)
kinds = st.sampled_from([b"tRNS", b"eXIf", b"tIME", b"acTL", b"zzZz"])
extra_chunks = st.lists(st.tuples(kinds, st.binary(max_size=40)), max_size=6)


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


HEADER = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
PIXELS = chunk(b"IDAT", zlib.compress(b"\0\0"))
END = chunk(b"IEND")
PLAIN = SIGNATURE + HEADER + PIXELS + END


def with_chunks(*chunks: bytes) -> bytes:
    return SIGNATURE + HEADER + b"".join(chunks) + PIXELS + END


def international(keyword: bytes, text: bytes, flags: bytes = b"\0\0", rest: bytes = b"\0\0") -> bytes:
    return chunk(b"iTXt", keyword + b"\0" + flags + rest + text)


def chunks_of(png: bytes) -> list[bytes]:
    """Cut at the lengths, with no other knowledge."""
    found, offset = [], len(SIGNATURE)
    while offset < len(png):
        end = offset + 12 + int.from_bytes(png[offset : offset + 4], "big")
        found.append(png[offset:end])
        offset = end
    return found


@given(text=texts, keyword=st.sampled_from([KEYWORD_3, KEYWORD_2]), before=extra_chunks, after=extra_chunks)
def test_what_is_baked_is_read_back_and_the_rest_is_untouched(
    text: str, keyword: str, before: list[tuple[bytes, bytes]], after: list[tuple[bytes, bytes]]
) -> None:
    png = with_chunks(*[chunk(*item) for item in before]).removesuffix(END)
    png += b"".join(chunk(*item) for item in after) + END
    baked = bake(png, text, keyword)
    assert extract(baked) == [(keyword, text)]
    kept = [item for item in chunks_of(baked) if item[4:8] != b"iTXt"]
    assert SIGNATURE + b"".join(kept) == png


@given(first=texts, second=texts)
def test_baking_again_replaces(first: str, second: str) -> None:
    assert bake(bake(PLAIN, first, KEYWORD_3), second, KEYWORD_3) == bake(PLAIN, second, KEYWORD_3)


def test_baking_again_replaces_old_and_packed_forms_too() -> None:
    old = with_chunks(chunk(b"tEXt", b"openbadges\0https://a.example"), chunk(b"zTXt", b"openbadges\0\0x"))
    assert bake(old, "{}", KEYWORD_2) == bake(PLAIN, "{}", KEYWORD_2)


def test_one_picture_may_carry_both_versions() -> None:
    both = bake(bake(PLAIN, "two", KEYWORD_2), "three", KEYWORD_3)
    assert sorted(extract(both)) == [(KEYWORD_3, "three"), (KEYWORD_2, "two")]


def test_the_chunk_is_plain_and_stands_before_the_picture_data() -> None:
    header, carrier, pixels, end = chunks_of(bake(PLAIN, "é", KEYWORD_3))
    assert (header, pixels, end) == (HEADER, PIXELS, END)
    assert carrier == chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + "é".encode())


def test_pillow_reads_the_same_picture_and_the_same_text() -> None:
    picture = Image.effect_mandelbrot((40, 40), (-2, -1, 1, 1), 20)
    file = io.BytesIO()
    picture.save(file, "PNG")
    baked = bake(file.getvalue(), '{"name": "« été »"}', KEYWORD_3)
    with Image.open(io.BytesIO(baked)) as read:
        assert read.tobytes() == picture.tobytes()
        assert read.info[KEYWORD_3] == '{"name": "« été »"}'


def test_other_texts_are_no_credentials() -> None:
    png = with_chunks(international(b"Title", b"x"), chunk(b"tEXt", b"openbadgecredential\0x"), chunk(b"tEXt", b"t\0x"))
    assert extract(png) == []


def test_the_old_text_chunk_of_version_2_is_read() -> None:
    assert extract(with_chunks(chunk(b"tEXt", b"openbadges\0https://a.example/1"))) == [
        (KEYWORD_2, "https://a.example/1")
    ]


def test_language_and_translated_keyword_are_skipped() -> None:
    png = with_chunks(international(b"openbadges", b"text", rest=b"fr\0badge\0"))
    assert extract(png) == [(KEYWORD_2, "text")]


def test_version_2_may_be_packed_version_3_may_not() -> None:
    packed = zlib.compress(b"text")
    assert extract(with_chunks(international(b"openbadges", packed, b"\1\0"))) == [(KEYWORD_2, "text")]
    with pytest.raises(BakingError, match="compressed text, which Open Badges 3"):
        extract(with_chunks(international(b"openbadgecredential", packed, b"\1\0")))


def test_what_follows_the_end_is_ignored() -> None:
    assert extract(bake(PLAIN, "text", KEYWORD_3) + b"anything") == [(KEYWORD_3, "text")]


def broken_checksum(kind: bytes) -> bytes:
    place = PLAIN.index(kind) - 4
    length = int.from_bytes(PLAIN[place : place + 4], "big")
    last = place + 12 + length - 1
    return PLAIN[:last] + bytes([PLAIN[last] ^ 1]) + PLAIN[last + 1 :]


@pytest.mark.parametrize(
    ("png", "reason"),
    [
        (b"", "not a PNG"),
        (SIGNATURE[:-1], "not a PNG"),
        (b"GIF89a" + PLAIN, "not a PNG"),
        (SIGNATURE, "ends before IEND"),
        (PLAIN[:-1], "ends before IEND"),
        (PLAIN[: -len(END)], "ends before IEND"),
        (SIGNATURE + PIXELS + HEADER + END, "first chunk is not IHDR"),
        (SIGNATURE + HEADER + END, "no picture data"),
        (broken_checksum(b"IHDR"), "wrong checksum"),
        (broken_checksum(b"IDAT"), "wrong checksum"),
        (broken_checksum(b"IEND"), "wrong checksum"),
        (SIGNATURE + HEADER + struct.pack(">I", 2**31) + b"IDAT" + END, "goes past the end"),
        (PLAIN + bytes(MAXIMUM_PNG_BYTES), "picture of more than"),
    ],
)
def test_a_broken_picture_is_neither_baked_nor_read(png: bytes, reason: str) -> None:
    with pytest.raises(BakingError, match=reason):
        extract(png)
    with pytest.raises(BakingError, match=reason):
        bake(png, "text", KEYWORD_3)


@pytest.mark.parametrize(
    ("carrier", "reason"),
    [
        (chunk(b"iTXt", b"openbadgecredential"), "without its fields"),
        (chunk(b"iTXt", b"openbadgecredential\0\0\0fr"), "without its fields"),
        (international(b"openbadgecredential", b"\xff"), "not utf-8"),
        (international(b"openbadges", b"not packed", b"\1\0"), "does not unpack"),
        (international(b"openbadges", zlib.compress(bytes(MAXIMUM_BYTES + 1)), b"\1\0"), "text of more than"),
        (international(b"openbadges", bytes(MAXIMUM_BYTES + 1)), "text of more than"),
        (chunk(b"tEXt", b"openbadges\0" + bytes(MAXIMUM_BYTES + 1)), "text of more than"),
    ],
)
def test_a_broken_text_is_refused(carrier: bytes, reason: str) -> None:
    with pytest.raises(BakingError, match=reason):
        extract(with_chunks(carrier))


@pytest.mark.parametrize(
    ("text", "reason"), [("a\0b", "without NUL"), ("\ud800", "not Unicode"), ("é" * MAXIMUM_BYTES, "at most")]
)
def test_a_text_that_cannot_be_baked(text: str, reason: str) -> None:
    with pytest.raises(BakingError, match=reason):
        bake(PLAIN, text, KEYWORD_3)


def outcome(png: bytes) -> object:
    try:
        return extract(png)
    except BakingError as error:
        return type(error)


@given(st.integers(0, len(PLAIN) + 60), st.binary(min_size=1, max_size=4))
def test_any_mutation_ends_in_a_text_or_in_one_error(place: int, patch: bytes) -> None:
    baked = bake(PLAIN, "text", KEYWORD_3)
    mutated = baked[:place] + patch + baked[place + len(patch) :]
    # Where the checksums hold, nothing before IEND has changed.
    expected = [(KEYWORD_3, "text")] if mutated.startswith(baked) else BakingError
    assert outcome(mutated) == expected
