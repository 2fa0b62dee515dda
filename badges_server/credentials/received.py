"""What a stranger hands in: told apart by content, never by name or declared type, and kept whole.

Open Badges come as JSON, as a compact JWS, or baked into a PNG or an SVG (OB 3.0, section 5; OB 2.0 Baking).
"""

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from badges_server.credentials.baking import png, svg
from badges_server.credentials.errors import BakingError, ParsingError
from badges_server.credentials.json_text import MAXIMUM_BYTES, parse_json_object

Container = Literal["json", "jwt", "png", "svg"]
Kind = Literal["json", "jwt", "url"]

_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+")
_URL = re.compile(r"https?://[^\s<>\"]{1,2000}")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_XML_STARTS = (b"<", b"\xff\xfe<", b"\xfe\xff\x00<")
_PNG_VERSIONS = MappingProxyType({png.KEYWORD_3: "3.0", png.KEYWORD_2: "2.0"})


@dataclass(frozen=True)
class Received:
    """A credential as it came.

    Attributes:
        container: what it came in.
        kind: what `text` is: a JSON object, a compact JWS, or (old hosted Open Badges 2.0) an assertion's URL.
        text: the credential itself, every character kept but white space and byte order mark around it.
        version: the Open Badges version that a picture claims for it; none: not from a picture.
        others: how many more credentials the picture carries; the first one counts.
    """

    container: Container
    kind: Kind
    text: str
    version: str | None = None
    others: int = 0


def read_container(data: bytes) -> Received:
    """Tell what `data` is and take the credential out of it.

    Raises:
        ParsingError: empty, too long, a picture that carries nothing or is broken, or nothing that we know.
    """
    if data.startswith(png.SIGNATURE):
        return _from_png(data)
    content = data.removeprefix(_BYTE_ORDER_MARK).strip()
    if not content:
        raise ParsingError("nothing there", value=len(data))
    if content.startswith(_XML_STARTS):
        return _from_svg(data)
    return _from_text(content)


def _from_text(content: bytes) -> Received:
    if len(content) > MAXIMUM_BYTES:
        raise ParsingError(f"longer than {MAXIMUM_BYTES} bytes", value=len(content))
    if content.startswith(b"{"):
        return _from_json(content)
    text = content.decode("ascii", errors="replace")
    if _JWS.fullmatch(text):
        return Received("jwt", "jwt", text)
    raise ParsingError("neither JSON, JWT, PNG nor SVG", value=text[:20])


def _from_json(content: bytes) -> Received:
    """A JSON object; some services wrap a JWT in one, as `{"jwt": "…"}`."""
    wrapped = parse_json_object(content)
    token = wrapped.get("jwt")
    if isinstance(token, str) and len(wrapped) == 1:
        return Received("jwt", "jwt", _token(token))
    return Received("json", "json", content.decode())


def _token(text: str) -> str:
    if not _JWS.fullmatch(text.strip()):
        raise ParsingError("not a compact JWS", value=text[:20], path="$.jwt")
    return text.strip()


def _from_png(data: bytes) -> Received:
    try:
        found = [(_PNG_VERSIONS[keyword], text) for keyword, text in png.extract(data)]
    except BakingError as error:
        raise ParsingError(f"PNG: {error.message}", value=error.value, path=error.path) from error
    return _chosen("png", found)


def _from_svg(data: bytes) -> Received:
    try:
        found = [(str(version), text) for version, text in svg.extract(data)]
    except BakingError as error:
        raise ParsingError(f"SVG: {error.message}", value=error.value, path=error.path) from error
    return _chosen("svg", found)


def _chosen(container: Container, found: list[tuple[str, str]]) -> Received:
    """The first credential of the newest version counts: a picture may carry one award in both versions."""
    if not found:
        raise ParsingError(f"{container.upper()}: this picture carries no badge")
    version, text = max(found, key=lambda item: item[0])
    text = text.removeprefix("\ufeff").strip()
    return Received(container, _kind_of(text, version), text, version, len(found) - 1)


def _kind_of(text: str, version: str) -> Kind:
    if text.startswith("{"):
        parse_json_object(text)
        return "json"
    if _JWS.fullmatch(text):
        return "jwt"
    if version == "2.0" and _URL.fullmatch(text):
        return "url"
    raise ParsingError("the picture carries neither JSON nor a compact JWS", value=text[:20])
