"""Two libraries that are not ours read what we bake and pack, and we read theirs."""

import io

import pytest
from openbadgeslib import baking
from openvc.status import bitstring
from PIL import Image

from badges_server.credentials.baking import png, svg
from badges_server.credentials.baking.svg_carrier import ELEMENTS, NAMESPACES, Version
from badges_server.credentials.document import plan_credential
from badges_server.credentials.json_text import write_json
from badges_server.credentials.status_list import MINIMUM_LENGTH, encode, expand
from tests.credentials.documents.examples import ADDRESSES, PLAN
from tests.credentials.documents.test_svg import PLAIN as SVG

JWS = "eyJh.eyJi.c2ln"
JSON = write_json(plan_credential(PLAN, ADDRESSES))
KEYWORDS: dict[Version, str] = {"3.0": png.KEYWORD_3, "2.0": png.KEYWORD_2}


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "#1b5e8f").save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("version", ["3.0", "2.0"])
@pytest.mark.parametrize("text", [JWS, JSON])
def test_png_both_ways(version: Version, text: str) -> None:
    keyword = KEYWORDS[version]
    assert baking.extract_png(png.bake(picture(), text, keyword), keyword=keyword.encode()) == text
    assert png.extract(baking.bake_png(picture(), JWS, keyword=keyword.encode())) == [(keyword, JWS)]


@pytest.mark.parametrize("version", ["3.0", "2.0"])
def test_svg_both_ways(version: Version) -> None:
    element = f"openbadges:{ELEMENTS[version]}"
    assert baking.extract_svg(svg.bake(SVG, JWS, version).encode(), element=element) == JWS
    theirs = baking.bake_svg(SVG.encode(), JWS, element=element, namespace=NAMESPACES[version])
    assert svg.extract(theirs) == [(version, JWS)]


def test_svg_with_json_both_ways() -> None:
    element = "openbadges:credential"
    ours = svg.bake(SVG, JSON, "3.0").encode()
    assert baking.extract_svg(ours, element=element, text_fallback=True) == JSON
    theirs = baking.bake_svg(SVG.encode(), JSON, element=element, namespace=NAMESPACES["3.0"], as_text=True)
    assert svg.extract(theirs) == [("3.0", JSON)]


def test_status_lists_both_ways() -> None:
    chosen = {0, 7, 8, 4711, MINIMUM_LENGTH - 1}
    bits = bitstring.new_bitstring(MINIMUM_LENGTH)
    for index in chosen:
        bitstring.set_status_bit(bits, index, 1)
    assert expand(bitstring.encode_bitstring(bytes(bits))) == bytes(bits)
    assert bitstring.decode_bitstring(encode(chosen)) == bytes(bits)
