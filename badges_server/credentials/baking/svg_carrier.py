"""Find the elements of an SVG that carry a credential, and where they stand in its bytes.

Expat tells byte offsets, which no tree does. It fetches nothing; declared entities are refused before any can be used,
and depth is limited because each open element costs memory.
"""

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal
from xml.parsers import expat

from badges_server.credentials.errors import BakingError

Version = Literal["2.0", "3.0"]

MAXIMUM_SVG_BYTES = 5 * 1024 * 1024
MAXIMUM_DEPTH = 200
MAXIMUM_MARKUP = 100_000
NAMESPACES: MappingProxyType[Version, str] = MappingProxyType(
    {"3.0": "https://purl.imsglobal.org/ob/v3p0", "2.0": "http://openbadges.org"}
)
ELEMENTS: MappingProxyType[Version, str] = MappingProxyType({"3.0": "credential", "2.0": "assertion"})

_SVG_ROOT = "http://www.w3.org/2000/svg svg"
_VERSIONS: MappingProxyType[str, Version] = MappingProxyType(
    {f"{NAMESPACES[version]} {ELEMENTS[version]}": version for version in NAMESPACES}
)


@dataclass
class Carrier:
    """An element that carries a credential.

    Attributes:
        start: offset of its start tag's `<`.
        end_tag: offset of its end tag's `<`; where there is none (`<a/>`), of what follows.
    """

    version: Version
    start: int
    depth: int
    verify: str | None
    body: list[str] = field(default_factory=list)
    end_tag: int = -1

    @property
    def text(self) -> str:
        """The credential: OB 3.0 puts a JWS in `verify`; OB 2.0 puts a URL there beside the JSON in the body."""
        body = "".join(self.body).strip()
        if self.version == "3.0" and self.verify is not None:
            return self.verify.strip()
        return body or (self.verify or "").strip()


@dataclass
class SvgReading:
    """What expat saw of one file.

    Attributes:
        root: offset of the root tag's `<`.
    """

    parser: expat.XMLParserType
    root: int = -1
    carriers: list[Carrier] = field(default_factory=list)
    _depth: int = 0
    _open: Carrier | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Meet a start tag."""
        if self._depth == 0:
            self._meet_root(name)
        if self._depth >= MAXIMUM_DEPTH:
            raise BakingError(f"deeper than {MAXIMUM_DEPTH} elements", path=f"line {self.parser.CurrentLineNumber}")
        version = _VERSIONS.get(name)
        if version is not None and self._open is None:
            self._open = Carrier(version, self.parser.CurrentByteIndex, self._depth, attributes.get("verify"))
            self.carriers.append(self._open)
        self._depth += 1

    def end(self, _name: str) -> None:
        """Meet an end tag, or the end of an empty element."""
        self._depth -= 1
        if self._open is not None and self._open.depth == self._depth:
            self._open.end_tag = self.parser.CurrentByteIndex
            self._open = None

    def characters(self, data: str) -> None:
        """Meet text."""
        if self._open is not None:
            self._open.body.append(data)

    def refuse_entity(self, name: str, *_: object) -> None:
        """Meet the declaration of an entity, internal or external."""
        raise BakingError("an entity declaration", value=name, path=f"line {self.parser.CurrentLineNumber}")

    def _meet_root(self, name: str) -> None:
        if name != _SVG_ROOT:
            raise BakingError("the root element is not SVG's", value=name)
        self.root = self.parser.CurrentByteIndex


def read_svg(content: bytes, encoding: str | None = None) -> SvgReading:
    """Read `content` whole; `encoding` overrides what the file declares.

    Raises:
        BakingError: too long, too many tags and attributes, not XML, not SVG, too deep, or with entity declarations.
    """
    if len(content) > MAXIMUM_SVG_BYTES:
        raise BakingError(f"a picture of more than {MAXIMUM_SVG_BYTES} bytes", value=len(content))
    if content.count(b"<") + content.count(b"=") > MAXIMUM_MARKUP:
        raise BakingError(f"a picture of more than {MAXIMUM_MARKUP} tags and attributes")
    parser = expat.ParserCreate(encoding, namespace_separator=" ")
    reading = SvgReading(parser)
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.characters
    parser.EntityDeclHandler = reading.refuse_entity
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise BakingError(f"not XML: {expat.ErrorString(error.code)}", path=f"line {error.lineno}") from error
    except (ValueError, LookupError) as error:  # an encoding that Python does not know, or that XML cannot use
        raise BakingError(f"not readable XML: {error}") from error
    return reading
