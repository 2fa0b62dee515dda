"""RDF statements as canonical N-Quads (RDFC-1.0, section 5; RDF 1.2 N-Quads, canonical form).

A term is kept as the very text it has in a canonical line: ``<iri>``, ``_:label`` or ``"literal"`` with its datatype or
language. So nothing is escaped twice, and comparing terms is comparing texts.
"""

import re
from typing import Final, NamedTuple

from badges_server.credentials.errors import ParsingError

XSD_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
RDF_LANG_STRING: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


class Quad(NamedTuple):
    """One statement; `graph` is empty for the default graph."""

    subject: str
    predicate: str
    object: str
    graph: str = ""


_SHORT_ESCAPES = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}
# What has no short escape but must not stand raw: other controls, DEL, and what XML does not call a character.
_ESCAPED = re.compile('[\x00-\x1f"\\\\\x7f\ufffe\uffff]')

_IRI = r"<([^\x00-\x20<>\"{}|^`]*)>"
_LABEL = r"_:([^\s<>\"]+)"
_LITERAL = rf'"((?:[^"\\\n\r]|\\.)*)"(?:\^\^{_IRI}|@([a-zA-Z]+(?:-[a-zA-Z0-9]+)*))?'
_TERM = re.compile(rf"\s*(?:{_IRI}|{_LABEL}|{_LITERAL})")
_END = re.compile(r"\s*\.\s*(?:#.*)?")
_ESCAPE_SEQUENCE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_UNESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def iri_term(iri: str) -> str:
    """Write an IRI; whether it is one is the caller's to know."""
    return f"<{iri}>"


def literal_term(value: str, datatype: str = XSD_STRING, language: str | None = None) -> str:
    """Write a literal: the value escaped, then its language, or its datatype unless that is ``xsd:string``."""
    text = f'"{_ESCAPED.sub(_escape, value)}"'
    if language is not None:
        return f"{text}@{language}"
    return text if datatype == XSD_STRING else f"{text}^^<{datatype}>"


def is_blank(term: str) -> bool:
    """Tell whether `term` is a blank node."""
    return term.startswith("_:")


def line_of(quad: Quad) -> str:
    """Write one statement as its canonical line, line feed included."""
    if quad.graph:
        return f"{quad.subject} {quad.predicate} {quad.object} {quad.graph} .\n"
    return f"{quad.subject} {quad.predicate} {quad.object} .\n"


def parse_nquads(text: str) -> list[Quad]:
    """Read N-Quads (any legal escapes and white space) into statements with canonical terms.

    Raises:
        ParsingError: a line is no N-Quads statement.
    """
    lines = enumerate(re.split(r"[\r\n]+", text), start=1)
    return [_parse_line(line, number) for number, line in lines if line.strip() and line.lstrip()[0] != "#"]


def _parse_line(line: str, number: int) -> Quad:
    terms: list[str] = []
    position = 0
    while match := _TERM.match(line, position):
        terms.append(_canonical_term(match))
        position = match.end()
    if len(terms) not in (3, 4) or not _END.fullmatch(line, position):
        raise ParsingError("not an N-Quads statement", value=line[:80], path=f"line {number}")
    return Quad(*terms)


def _canonical_term(match: re.Match[str]) -> str:
    iri, label, text, datatype, language = match.groups()
    if iri is not None:
        return iri_term(_unescape(iri))
    if label is not None:
        return f"_:{label}"
    return literal_term(_unescape(text), _unescape(datatype) if datatype else XSD_STRING, language)


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _SHORT_ESCAPES.get(character) or f"\\u{ord(character):04X}"


def _unescape(text: str) -> str:
    return _ESCAPE_SEQUENCE.sub(_unescape_one, text) if "\\" in text else text


def _unescape_one(match: re.Match[str]) -> str:
    four, eight, short = match.groups()
    return _UNESCAPED[short] if short else chr(int(four or eight, 16))
