"""What somebody hands in to be verified: told apart, and nothing asked of anybody yet.

An address that a person typed is what they want verified. An address found in a QR code is not: whoever drew the code
chose it, so the person is shown it first.
"""

import re
from dataclasses import dataclass
from typing import Literal

from badges_server.credentials.baking import png
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.received import read_container
from badges_server.services.publishing import NotPublishedError
from badges_server.services.showing.foreign_pictures import UnreadablePictureError, qr_text
from badges_server.services.showing.foreign_texts import shortened
from badges_server.services.showing.verification import read_code

LONGEST_CODE = 40
LONGEST_URL = 2000

_URL = re.compile(rf"https?://[^\s<>\"]{{1,{LONGEST_URL}}}", re.IGNORECASE)


@dataclass(frozen=True)
class OwnBadge:
    """One of our own badges, by the code of its page."""

    code: str


@dataclass(frozen=True)
class Document:
    """Bytes to verify."""

    data: bytes


@dataclass(frozen=True)
class Address:
    """A URL whose answer is to be verified; `found`: it stood in a QR code, nobody has asked for it yet."""

    url: str
    found: bool = False


@dataclass(frozen=True)
class Nothing:
    """Nothing that could be verified, and why; `excerpt`: what a QR code says instead."""

    reason: Literal["empty", "picture_without_badge", "qr_without_badge"]
    excerpt: str = ""


Submission = OwnBadge | Document | Address | Nothing


def read_file(data: bytes, base_url: str) -> Submission:
    """Tell what an uploaded file is; a picture without a badge is looked at for a QR code."""
    if not data.strip():
        return Nothing("empty")
    try:
        read_container(data)
    except BadgeError:
        return _by_its_qr_code(data, base_url)
    return Document(data)


def read_text(text: str, base_url: str) -> Submission:
    """Tell what somebody typed or pasted: a code, the address of one of our pages, another address, or a document."""
    text = text.strip().removeprefix("\ufeff").strip()
    if not text:
        return Nothing("empty")
    own = _own_badge(text, base_url)
    if own is not None:
        return own
    # A lone surrogate cannot be sent on; the reader of documents will say that it is none.
    return Address(text) if _URL.fullmatch(text) else Document(text.encode(errors="replace"))


def read_scanned(text: str, base_url: str) -> Submission:
    """Tell what a QR code holds. An address in it is only found."""
    read = read_text(text, base_url)
    if isinstance(read, Address):
        return Address(read.url, found=True)
    if isinstance(read, Document) and not _is_credential(read.data):
        return Nothing("qr_without_badge", shortened(text))
    return read


def _by_its_qr_code(data: bytes, base_url: str) -> Submission:
    try:
        text = qr_text(data)
    except UnreadablePictureError:
        return Document(data)
    if text is not None:
        return read_scanned(text, base_url)
    return Document(data) if _is_broken_png(data) else Nothing("picture_without_badge")


def _is_broken_png(data: bytes) -> bool:
    """Tell whether a PNG cannot be read whole: the report then says what is wrong with it."""
    if not data.startswith(png.SIGNATURE):
        return False
    try:
        return bool(png.extract(data))
    except BadgeError:
        return True


def _is_credential(data: bytes) -> bool:
    try:
        read_container(data)
    except BadgeError:
        return False
    return True


def _own_badge(text: str, base_url: str) -> OwnBadge | None:
    place = base_url.partition("//")[2]
    ours = re.fullmatch(rf"(?:https?://)?{re.escape(place)}/v/([^/?#]+)(?:/qr)?/?(?:[?#].*)?", text, re.IGNORECASE)
    code = ours[1] if ours else text
    if len(code) > LONGEST_CODE:
        return None
    try:
        return OwnBadge(read_code(code))
    except NotPublishedError:
        return None
