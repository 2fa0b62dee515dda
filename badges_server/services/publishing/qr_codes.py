"""The QR code of a badge's verification page, to be read from paper at two centimetres."""

from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from itertools import groupby

import qrcode
from PIL import Image

from badges_server.services.publishing.public_credentials import public_credential_of_code
from badges_server.services.publishing.publication import (
    PNG,
    SVG,
    Freshness,
    PictureFormat,
    Publication,
)
from badges_server.services.server import Server

# A quarter of the code may be dirty or worn (level Q); 4 modules of quiet zone, as the standard asks.
_CORRECTION = qrcode.ERROR_CORRECT_Q
_QUIET_ZONE = 4
# Printed at 2 cm, 12 pixels a module are far above any printer's resolution.
_PIXELS = 12


def qr_code(server: Server, code: str, form: PictureFormat) -> Publication:
    """Publish the QR code of `/v/<code>`; `code` in any case.

    Raises:
        NotPublishedError: nothing public has that code.
    """
    with server.database.reading() as session:
        shown = public_credential_of_code(session, code.strip().upper()).award.code or ""
    url = server.addresses.verification_page(shown)
    body = qr_png(url) if form == "png" else qr_svg(url)
    return Publication(body, PNG if form == "png" else SVG, Freshness.PERSONAL, f"qr-{shown}.{form}")


@lru_cache(maxsize=512)
def qr_png(text: str) -> bytes:
    """Draw a QR code as PNG, black on white."""
    rows = _modules(text)
    picture = Image.new("1", (len(rows), len(rows)), color=1)
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            if is_dark:
                picture.putpixel((x, y), 0)
    side = len(rows) * _PIXELS
    out = BytesIO()
    picture.resize((side, side), Image.Resampling.NEAREST).save(out, "PNG", optimize=True)
    return out.getvalue()


@lru_cache(maxsize=512)
def qr_svg(text: str) -> bytes:
    """Draw a QR code as SVG, on a white ground of its own, so that it can be read from a dark page too."""
    rows = _modules(text)
    side = len(rows)
    path = "".join(f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in _runs(row))
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" shape-rendering="crispEdges">'
        f'<title>QR code</title><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>\n'
    )
    return drawing.encode()


def _modules(text: str) -> list[list[bool]]:
    """The dark modules, row by row, the quiet zone included."""
    code = qrcode.QRCode(error_correction=_CORRECTION, border=_QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def _runs(row: list[bool]) -> Iterator[tuple[int, int]]:
    """Where dark runs of a row begin, and how long they are."""
    start = 0
    for is_dark, group in groupby(row):
        length = sum(1 for _ in group)
        if is_dark:
            yield start, length
        start += length
