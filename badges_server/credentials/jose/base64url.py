"""Base64url without padding, read strictly: one text for each byte string (RFC 7515, section 2)."""

import base64
import binascii
import re

from badges_server.credentials.errors import MalformedValueError

_TEXT = re.compile(r"[A-Za-z0-9_-]*")


def encode(data: bytes) -> str:
    """Write bytes."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Read what `encode` writes, and nothing else.

    Raises:
        MalformedValueError: another character, padding, or bits left over that are not zero.
    """
    if not _TEXT.fullmatch(text):
        raise MalformedValueError("not base64url without padding")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise MalformedValueError("not base64url without padding") from error
    if encode(data) != text:
        raise MalformedValueError("base64url with bits left over")
    return data
