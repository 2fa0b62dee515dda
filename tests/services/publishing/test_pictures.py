"""Badges drawn as PNG, QR codes read by a real reader at the size they are printed."""

from io import BytesIO
from pathlib import Path

import pytest
import typst
import zxingcpp
from PIL import Image, ImageFilter

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.picture import with_level
from badges_server.services.pictures import SIDE_PIXELS, png_of
from badges_server.services.publishing.qr_codes import qr_png, qr_svg
from tests.services.conftest import ROOT

# 2 cm at the 300 dots per inch of an office printer.
PRINTED_PIXELS = 236
DARK_PAGE = b"""#set page(width: 4cm, height: 4cm, margin: 1cm, fill: rgb("#202020"))
#image(bytes(sys.inputs.qr), width: 2cm)
"""
URLS = [
    Addresses("https://badges.example", "https://badges.example").verification_page("23456789AB"),
    Addresses("http://localhost:8000", "http://localhost:8000").verification_page("ZYXWVUTSRQ"),
    Addresses("https://reconnaissance-des-competences.normandie.example", "https://x").verification_page("ABCDEFGHJK"),
]


def read(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def printed(picture: Image.Image, pixels: int = PRINTED_PIXELS) -> Image.Image:
    """On paper: small, grey at the edges, a little blurred."""
    return picture.convert("L").resize((pixels, pixels), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(0.7))


@pytest.mark.parametrize("url", URLS)
def test_the_png_is_read_at_two_centimetres(url: str) -> None:
    with Image.open(BytesIO(qr_png(url))) as picture:
        assert read(printed(picture)) == [url]


@pytest.mark.parametrize("url", URLS)
def test_the_svg_is_read_at_two_centimetres_on_a_dark_page(url: str) -> None:
    drawn = typst.compile(
        DARK_PAGE, format="png", ppi=300, sys_inputs={"qr": qr_svg(url).decode()}, ignore_system_fonts=True
    )
    with Image.open(BytesIO(bytes(drawn))) as picture:
        assert read(picture.convert("L")) == [url]


def test_a_stain_is_forgiven() -> None:
    with Image.open(BytesIO(qr_png(URLS[0]))) as picture:
        worn = picture.convert("L")
    side = worn.width
    # A fifth of the width and of the height, in the middle.
    stain = Image.new("L", (side // 5, side // 5), color=255)
    worn.paste(stain, (side * 2 // 5, side * 2 // 5))
    assert read(worn) == [URLS[0]]


@pytest.mark.parametrize("file", sorted((ROOT / "badge_classes").glob("*.svg")), ids=lambda path: path.stem)
def test_every_class_is_drawn(file: Path) -> None:
    with Image.open(BytesIO(png_of(file.read_text(encoding="utf-8")))) as picture:
        assert (picture.size, picture.mode) == ((SIDE_PIXELS, SIDE_PIXELS), "RGBA")
        assert picture.getpixel((0, 0)) == (0, 0, 0, 0)
        drawn = picture.getchannel("A").point(lambda alpha: 255 if alpha else 0).getbbox()
    assert drawn is not None
    left, top, right, bottom = drawn
    assert right - left > 0.8 * SIDE_PIXELS
    assert bottom - top > 0.8 * SIDE_PIXELS


def test_each_level_is_another_picture() -> None:
    plain = (ROOT / "badge_classes" / "ev-02.svg").read_text(encoding="utf-8")
    drawn = {png_of(with_level(plain, level, (1, 2, 3), "Tailler")) for level in (1, 2, 3)}
    assert len(drawn | {png_of(plain)}) == 4
