"""From expanded JSON-LD to RDF statements (JSON-LD 1.1 API, section 8: Deserialize JSON-LD to RDF).

Expanded documents are trees here: strict expansion lets no blank node label, ``@reverse``, ``@included`` or index pass.
So node maps need not be merged and each node is written where it stands. Statements are a set, hence equal ones merge.
"""

from typing import Any, Final

from badges_server.credentials.canonical.nquads import XSD_STRING, Quad, iri_term, literal_term
from badges_server.credentials.canonical.numbers import XSD, canonical_json, number_literal
from badges_server.credentials.errors import UnsafeJsonLdError
from badges_server.credentials.json_text import JsonObject, JsonValue

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDF_TYPE: Final = f"<{_RDF}type>"
RDF_FIRST: Final = f"<{_RDF}first>"
RDF_REST: Final = f"<{_RDF}rest>"
RDF_NIL: Final = f"<{_RDF}nil>"
RDF_JSON: Final = f"{_RDF}JSON"

_NODE_KEYWORDS: Final = frozenset({"@id", "@type", "@graph"})


def quads_of(expanded: list[JsonObject]) -> set[Quad]:
    """Give the statements of an expanded document.

    Raises:
        UnsafeJsonLdError: it holds what RDF would lose (a base direction, an index, an unknown keyword).
    """
    writer = _Writer()
    for node in expanded:
        writer.node(node, "")
    return writer.quads


class _Writer:
    def __init__(self) -> None:
        self.quads: set[Quad] = set()
        self.blank_nodes = 0

    def _blank(self) -> str:
        self.blank_nodes += 1
        return f"_:e{self.blank_nodes - 1}"

    def node(self, node: JsonObject, graph: str) -> str:
        """Write all statements about `node` into `graph`; return its term."""
        subject = self._identifier(node)
        for name in node.get("@type", ()):
            self.quads.add(Quad(subject, RDF_TYPE, iri_term(name), graph))
        for member in node.get("@graph", ()):
            self.node(member, subject)
        for key, values in node.items():
            if key[0] == "@":
                _require_keyword(key)
                continue
            predicate = iri_term(key)
            for value in values:
                self.quads.add(Quad(subject, predicate, self._object(value, graph), graph))
        return subject

    def _identifier(self, node: JsonObject) -> str:
        identifier = node.get("@id")
        return self._blank() if identifier is None else iri_term(identifier)

    def _object(self, value: JsonObject, graph: str) -> str:
        if "@value" in value:
            return _literal(value)
        if "@list" in value:
            return self._list(value["@list"], graph)
        return self.node(value, graph)

    def _list(self, items: list[JsonObject], graph: str) -> str:
        if not items:
            return RDF_NIL
        cells = [self._blank() for _item in items]
        for cell, following, item in zip(cells, [*cells[1:], RDF_NIL], items, strict=True):
            self.quads.add(Quad(cell, RDF_FIRST, self._object(item, graph), graph))
            self.quads.add(Quad(cell, RDF_REST, following, graph))
        return cells[0]


def _require_keyword(key: str) -> None:
    if key not in _NODE_KEYWORDS:
        raise UnsafeJsonLdError(f"{key} would not be signed", value=key)


def _literal(value: dict[str, Any]) -> str:
    content: JsonValue = value["@value"]
    datatype: str | None = value.get("@type")
    if datatype == "@json":
        return literal_term(canonical_json(content), RDF_JSON)
    if "@direction" in value:
        raise UnsafeJsonLdError("a base direction would not be signed", value=value["@direction"])
    if isinstance(content, bool):
        return literal_term("true" if content else "false", datatype or f"{XSD}boolean")
    if isinstance(content, int | float):
        return literal_term(*number_literal(content, datatype))
    return literal_term(content, datatype or XSD_STRING, value.get("@language"))
