"""Pictures of strangers: never shown as they came, but drawn again; and the QR code that a photo may hold."""

import base64
import binascii
import io
import re
from collections.abc import Iterator

import zxingcpp
from PIL import Image

from badges_server.credentials.errors import BadgeError
from badges_server.credentials.jose.compact_jws import decode_unverified
from badges_server.credentials.json_text import JsonObject, JsonValue, parse_json_object
from badges_server.credentials.received import Received, read_container

SHOWN_SIDE = 304
QR_SIDE = 2000
# Decoded whole, at four bytes a pixel; a JPEG is decoded at a fraction of its size, so it may be a whole photo.
MAXIMUM_PIXELS = 12_000_000
MAXIMUM_PHOTO_PIXELS = 80_000_000
FORMATS = ("PNG", "JPEG", "WEBP")

_DATA_URL = re.compile(r"data:image/(?:png|jpeg|webp);base64,([A-Za-z0-9+/=\s]+)")
_QR_CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
# All that Pillow says of a picture that it cannot or will not open; a bomb may come as a warning.
_UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning)


class UnreadablePictureError(BadgeError):
    """It is no picture that we look at, or one too large to be looked at."""

    code = "UNREADABLE_PICTURE"


def qr_text(data: bytes) -> str | None:
    """Read the first QR code of a picture; none when it holds none.

    Raises:
        UnreadablePictureError: `data` is no PNG, JPEG or WebP, is broken, or has too many pixels.
    """
    image = _opened(data, QR_SIDE).convert("L")
    found = zxingcpp.read_barcodes(image, formats=_QR_CODES)
    return next((str(code.text) for code in found if code.text), None)


def drawn_again(data: bytes) -> str:
    """Draw a picture anew as a small PNG, without anything that it carried, as a `data:` URL.

    Raises:
        UnreadablePictureError: see `qr_text`.
    """
    image = _opened(data, SHOWN_SIDE).convert("RGBA")
    clean = Image.new("RGBA", image.size)
    clean.paste(image)
    buffer = io.BytesIO()
    clean.save(buffer, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def picture_of(data: bytes) -> str | None:
    """Draw anew the picture of a badge: the PNG it is in, or one written into it; none when it brings none.

    Nothing is fetched for it, and an SVG is never drawn.
    """
    for picture in _pictures(data):
        try:
            return drawn_again(picture)
        except UnreadablePictureError:
            continue
    return None


def _opened(data: bytes, side: int) -> Image.Image:
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
        is_photo = image.format == "JPEG"
        if image.width * image.height > (MAXIMUM_PHOTO_PIXELS if is_photo else MAXIMUM_PIXELS):
            raise UnreadablePictureError("too many pixels", value=f"{image.width}×{image.height}")
        if is_photo:
            image.draft("L" if side == QR_SIDE else "RGB", (side, side))
        # Only now are the pixels read.
        image.load()
        image.thumbnail((side, side))
    except _UNREADABLE as error:
        raise UnreadablePictureError("no picture that can be read") from error
    return image


def _pictures(data: bytes) -> Iterator[bytes]:
    try:
        received = read_container(data)
        document = _document(received)
    except BadgeError:
        document, container = {}, ""
    else:
        container = received.container
    if container == "png":
        yield data
    for url in _picture_urls(document):
        embedded = _DATA_URL.fullmatch(url)
        if embedded:
            yield _decoded(embedded[1])


def _document(received: Received) -> JsonObject:
    if received.kind == "url":
        return {}
    return decode_unverified(received.text).payload if received.kind == "jwt" else parse_json_object(received.text)


def _picture_urls(document: JsonObject) -> Iterator[str]:
    inner = document.get("vc", document)
    subject = inner.get("credentialSubject") if isinstance(inner, dict) else None
    achievement = subject.get("achievement") if isinstance(subject, dict) else document.get("badge")
    for holder in (achievement, document):
        image: JsonValue = holder.get("image") if isinstance(holder, dict) else None
        address = image.get("id") if isinstance(image, dict) else image
        if isinstance(address, str):
            yield address


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError):
        return b""
