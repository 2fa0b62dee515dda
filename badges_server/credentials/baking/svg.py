"""Bake a credential into an SVG, and read it back (OB 3.0, section 5.3.2; OB 2.0 Baking).

The file is cut and spliced, never written anew: all the rest of it stays as its author left it, byte for byte.
"""

import re
from xml.sax.saxutils import quoteattr

from badges_server.credentials.baking.svg_carrier import ELEMENTS, NAMESPACES, Carrier, Version, read_svg
from badges_server.credentials.errors import BakingError, ParsingError
from badges_server.credentials.json_text import MAXIMUM_BYTES, parse_json_object

# A start tag, from `<` on: attribute values may hold `>`. Possessive, so linear on any input.
_START_TAG = re.compile(rb"""<([^\s/>"']++)(?:[^"'>/]++|"[^"]*+"|'[^']*+'|/(?!>))*+/?>""")
_DECLARATION = re.compile(rb"""\sxmlns:openbadges\s*=\s*["']([^"']*)["']""")
# XML 1.0, section 2.2; and no carriage return, which every XML reader turns into a line feed.
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def bake(svg: str, text: str, version: Version) -> str:
    """Put `text` (JSON or compact JWS) into `svg`, right after its `<svg …>` tag.

    An element of the same version that is there already is replaced: the standard allows one only.

    Raises:
        BakingError: not an SVG, or a text that is too long or that XML cannot carry unchanged.
    """
    content = _encode(svg)
    reading = read_svg(content, "utf-8")
    for carrier in reversed(reading.carriers):
        if carrier.version == version:
            content = content[: carrier.start] + content[_end_of(content, carrier) :]
    return (content[: reading.root] + _spliced(content[reading.root :], _checked(text), version)).decode()


def extract(svg: bytes) -> list[tuple[Version, str]]:
    """Read every credential that `svg` carries, in the order of the file, as (version, text).

    Found by namespace, whatever the prefix. A DOCTYPE is tolerated and never loaded.

    Raises:
        BakingError: not an SVG, entity declarations, or an empty or oversized credential.
    """
    found = [(carrier.version, carrier.text) for carrier in read_svg(svg).carriers]
    for version, text in found:
        if not 0 < len(text.encode()) <= MAXIMUM_BYTES:
            raise BakingError(f"a credential of 1 to {MAXIMUM_BYTES} bytes is expected", value=len(text), path=version)
    return found


def _encode(svg: str) -> bytes:
    try:
        return svg.encode()
    except UnicodeEncodeError as error:
        raise BakingError("a picture that is not Unicode", path=f"character {error.start}") from error


def _checked(text: str) -> str:
    wrong = _NOT_XML.search(text)
    if wrong:
        raise BakingError("a character that XML cannot carry", value=wrong[0], path=f"character {wrong.start()}")
    if not 0 < len(text.encode()) <= MAXIMUM_BYTES:
        raise BakingError(f"a text of 1 to {MAXIMUM_BYTES} bytes is expected", value=len(text))
    return text


def _end_of(content: bytes, carrier: Carrier) -> int:
    tag = _start_tag(content, carrier.start)
    if tag[0].endswith(b"/>"):
        return tag.end()
    return content.index(b">", carrier.end_tag) + 1


def _start_tag(content: bytes, offset: int) -> re.Match[bytes]:
    """The start tag that expat saw at `offset`."""
    return next(_START_TAG.finditer(content, offset))


def _spliced(content: bytes, text: str, version: Version) -> bytes:
    """Put the carrying element after the start tag that opens `content`, and declare its prefix in that tag."""
    tag = _start_tag(content, 0)
    is_empty = tag[0].endswith(b"/>")
    opening = tag[0][: -2 if is_empty else -1]
    closing = b"</" + tag[1] + b">" if is_empty else b""
    declaration = f' xmlns:openbadges="{NAMESPACES[version]}"'
    declared = _DECLARATION.search(opening)
    if declared is None:
        opening, declaration = opening + declaration.encode(), ""
    elif declared[1].decode() == NAMESPACES[version]:
        declaration = ""
    # Else the prefix is taken, by the other version: the element declares it for itself.
    element = _element(text, version, declaration).encode()
    return opening + b">" + element + closing + content[tag.end() :]


def _element(text: str, version: Version, declaration: str) -> str:
    """Write the carrying element. JSON goes in its body, anything else (a JWS, a URL) in `verify`."""
    name = f"openbadges:{ELEMENTS[version]}"
    if not text.lstrip().startswith("{"):
        return f"<{name}{declaration} verify={quoteattr(text)}/>"
    # Open Badges 2.0 keeps the assertion's own URL beside its JSON.
    verify = f" verify={quoteattr(_hosted_at(text))}" if version == "2.0" else ""
    body = text.replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}{declaration}{verify}><![CDATA[{body}]]></{name}>"


def _hosted_at(text: str) -> str:
    try:
        url = parse_json_object(text).get("id")
    except ParsingError as error:
        raise BakingError(f"not JSON: {error}") from error
    if not isinstance(url, str):
        raise BakingError("an assertion without its id", value=url)
    return url
