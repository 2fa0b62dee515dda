import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges_server.credentials.baking import png, svg
from badges_server.credentials.errors import ParsingError
from badges_server.credentials.json_text import MAXIMUM_BYTES
from badges_server.credentials.received import Received, read_container
from tests.credentials.documents.test_png import END, HEADER, PIXELS, PLAIN, chunk, international, with_chunks
from tests.credentials.documents.test_svg import PLAIN as SVG

JWS = "eyJh.eyJi.c2ln"
JSON = '{"id": "https://a.example/1",  "name": "été"}'


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (JSON.encode(), Received("json", "json", JSON)),
        (b"\xef\xbb\xbf" + JSON.encode(), Received("json", "json", JSON)),
        (b"\r\n\t " + JSON.encode() + b"\n", Received("json", "json", JSON)),
        (JWS.encode(), Received("jwt", "jwt", JWS)),
        (b"\xef\xbb\xbf " + JWS.encode() + b"\r\n", Received("jwt", "jwt", JWS)),
        (b'{"jwt": " ' + JWS.encode() + b'\\n"}', Received("jwt", "jwt", JWS)),
        (b'{"jwt": "x", "id": "y"}', Received("json", "json", '{"jwt": "x", "id": "y"}')),
        (b'{"jwt": 1}', Received("json", "json", '{"jwt": 1}')),
        (png.bake(PLAIN, JSON, png.KEYWORD_3), Received("png", "json", JSON, "3.0")),
        (png.bake(PLAIN, JWS, png.KEYWORD_2), Received("png", "jwt", JWS, "2.0")),
        (
            with_chunks(chunk(b"tEXt", b"openbadges\0https://a.example/1")),
            Received("png", "url", "https://a.example/1", "2.0"),
        ),
        (svg.bake(SVG, JSON, "3.0").encode(), Received("svg", "json", JSON, "3.0")),
        (svg.bake(SVG, JWS, "3.0").encode(), Received("svg", "jwt", JWS, "3.0")),
        (svg.bake(SVG, "https://a.example/1", "2.0").encode(), Received("svg", "url", "https://a.example/1", "2.0")),
        (b"\xef\xbb\xbf\n" + svg.bake(SVG, JWS, "2.0").encode(), Received("svg", "jwt", JWS, "2.0")),
        (svg.bake(SVG, JWS, "2.0").encode("utf-16"), Received("svg", "jwt", JWS, "2.0")),
    ],
)
def test_the_container_is_told_by_content(data: bytes, expected: Received) -> None:
    assert read_container(data) == expected


def test_the_newest_version_counts_and_the_first_of_it() -> None:
    carriers = [
        international(b"openbadges", JSON.encode()),
        international(b"openbadgecredential", JWS.encode()),
        international(b"openbadgecredential", JSON.encode()),
    ]
    assert read_container(with_chunks(*carriers)) == Received("png", "jwt", JWS, "3.0", others=2)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "nothing there"),
        (b"\xef\xbb\xbf \r\n", "nothing there"),
        (b"hello", "neither JSON, JWT, PNG nor SVG"),
        (b"https://a.example/1", "neither JSON, JWT, PNG nor SVG"),
        (b"[1]", "neither JSON, JWT, PNG nor SVG"),
        (b"\xff\xd8\xff\xe0", "neither JSON, JWT, PNG nor SVG"),
        ("é.é.é".encode(), "neither JSON, JWT, PNG nor SVG"),
        (b"a.b", "neither JSON, JWT, PNG nor SVG"),
        (b"a..", "neither JSON, JWT, PNG nor SVG"),
        (b"{", "not JSON"),
        (b'{"a":1,"a":2}', "duplicate key"),
        (b'{"a":NaN}', "NaN is not JSON"),
        (b'{"a":"\xff"}', "not UTF-8"),
        (JSON.encode("utf-16"), "neither JSON, JWT, PNG nor SVG"),
        (b'{"jwt": "x"}', "not a compact JWS"),
        (b"{" + b" " * MAXIMUM_BYTES + b"}", "longer than"),
        (b"a." + b"b" * MAXIMUM_BYTES + b".c", "longer than"),
        (b"<html><body/></html>", "SVG: the root element is not SVG's"),
        (b"<svg", "SVG: not XML"),
        (SVG.encode(), "SVG: this picture carries no badge"),
        (PLAIN, "PNG: this picture carries no badge"),
        (PLAIN[:-1], "PNG: the file ends before IEND"),
        (png.bake(PLAIN, "hello", png.KEYWORD_3), "neither JSON nor a compact JWS"),
        (png.bake(PLAIN, "https://a.example/1", png.KEYWORD_3), "neither JSON nor a compact JWS"),
        (png.bake(PLAIN, '{"a":1,"a":2}', png.KEYWORD_3), "duplicate key"),
        (png.bake(PLAIN, "", png.KEYWORD_3), "neither JSON nor a compact JWS"),
        (with_chunks(international(b"openbadgecredential", b"x", b"\1\0")), "PNG: a compressed text"),
    ],
)
def test_what_is_nothing_we_know_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ParsingError, match=reason):
        read_container(data)


def test_the_place_of_a_fault_is_told() -> None:
    with pytest.raises(ParsingError) as caught:
        read_container(PLAIN.removesuffix(END))
    assert caught.value.path == f"offset {8 + len(HEADER) + len(PIXELS)}"
    with pytest.raises(ParsingError) as caught:
        read_container(SVG.encode().replace(b"<path", b"\n</path"))
    assert caught.value.path == "line 2"


def outcome(data: bytes) -> Received | ParsingError:
    try:
        return read_container(data)
    except ParsingError as error:
        return error


@given(st.binary(max_size=80) | st.text(max_size=40).map(lambda text: ("{" + text).encode(errors="surrogatepass")))
def test_whatever_comes_it_ends_in_one_error_or_a_credential(data: bytes) -> None:
    received = outcome(data)
    assert isinstance(received, ParsingError) or received.text.encode() in data
