"""Contexts that we do not bundle but might one day: what strict expansion would still refuse under them."""

from typing import Any

import pytest

from badges_server.credentials.canonical.context_resolver import KEPT_CONTEXTS, ContextResolver
from badges_server.credentials.canonical.expansion import expand
from badges_server.credentials.canonical.rdf import quads_of
from badges_server.credentials.errors import UnsafeJsonLdError
from badges_server.credentials.json_text import JsonObject

URL = "https://example.org/context"
TERMS = {"id": "@id", "type": "@type", "ex": "https://example.org/", "name": "ex:name"}


def expand_under(context: JsonObject, members: JsonObject) -> list[JsonObject]:
    resolver = ContextResolver({URL}, lambda _url: {"@context": {**TERMS, **context}})
    return expand({"@context": URL, "id": "urn:x:1", **members}, resolver)


@pytest.mark.parametrize(
    ("context", "members", "path", "reason"),
    [
        ({"also": "@included"}, {"also": [{"name": "x"}]}, "$.also", "alias of @included"),
        ({"graph": "@graph"}, {"graph": []}, "$.graph", "alias of @graph"),
        ({"value": "@value"}, {"name": {"value": "x"}}, "$.name.value", "alias of @value"),
        ({"nothing": None}, {"nothing": "x"}, "$.nothing", "no context defines"),
        ({"term": {"@id": "_:p"}}, {"term": "x"}, "$.term", "does not stand for an absolute IRI"),
        ({"back": {"@reverse": "ex:p"}}, {"back": "urn:x:2"}, "$.back", "reverse or index"),
        ({"by": {"@id": "ex:p", "@container": "@index"}}, {"by": {"a": "x"}}, "$.by", "reverse or index"),
        ({"by": {"@id": "ex:p", "@container": "@language"}}, {"by": {"fr": "x"}}, "$.by", "reverse or index"),
        ({"by": {"@id": "ex:p", "@container": "@id"}}, {"by": {"urn:x:3": {}}}, "$.by", "reverse or index"),
        ({}, {"type": "ex:Kind"}, "$.type", "compact IRI"),
        ({"Kind": "_:kind"}, {"type": "Kind"}, "$.type", "does not stand for an absolute IRI"),
        ({"of": {"@id": "ex:of", "@type": "@id"}}, {"of": "ex:y"}, "$.of", "compact"),
        ({"as": {"@id": "ex:as", "@type": "@vocab"}}, {"as": "nobody"}, "$.as", "no context defines"),
        ({"as": {"@id": "ex:as", "@type": "@vocab"}}, {"as": ["name", "ex:name"]}, "$.as[1]", "compact"),
    ],
)
def test_what_no_context_makes_safe(context: JsonObject, members: JsonObject, path: str, reason: str) -> None:
    with pytest.raises(UnsafeJsonLdError, match=reason) as refusal:
        expand_under(context, members)
    assert refusal.value.path == path


def test_names_and_numbers_under_such_a_context() -> None:
    context = {
        "as": {"@id": "ex:as", "@type": "@vocab"},
        "when": {"@id": "ex:when", "@type": "https://example.org/date"},
        "text": {"@id": "ex:text", "@type": "http://www.w3.org/2001/XMLSchema#string"},
        "data": {"@id": "ex:data", "@type": "@json"},
    }
    quads = quads_of(expand_under(context, {"as": "name", "when": "x", "text": 5, "name": 5, "data": None}))
    assert {quad.object for quad in quads} == {
        "<https://example.org/name>",
        '"x"^^<https://example.org/date>',
        '"5"',
        '"5"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"null"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>',
    }


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        ({"https://example.org/p": [{"@value": "x", "@direction": "rtl"}]}, "base direction would not be signed"),
        ({"@index": "x"}, "@index would not be signed"),
        ({"@included": []}, "@included would not be signed"),
        ({"@reverse": {}}, "@reverse would not be signed"),
    ],
)
def test_rdf_refuses_what_it_would_lose(node: JsonObject, reason: str) -> None:
    with pytest.raises(UnsafeJsonLdError, match=reason):
        quads_of([node])


def test_kept_contexts_are_bounded() -> None:
    resolver = ContextResolver()
    computed: list[dict[str, Any]] = []

    def process(number: int) -> dict[str, Any]:
        def compute() -> dict[str, Any]:
            computed.append({"number": number})
            return computed[-1]

        return resolver.processed({"_uuid": str(number)}, "https://example.org/", {}, compute)

    for number in range(KEPT_CONTEXTS):
        assert process(number) is process(number) == {"number": number}
    assert len(computed) == KEPT_CONTEXTS
    process(KEPT_CONTEXTS)
    process(0)
    assert len(computed) == KEPT_CONTEXTS + 2, "a full store is emptied, and filled again"
