"""What would be signed in part, or in another spelling than readers see: one defect at a time, named and placed."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice, product
from typing import Any

import pytest

from badges_server.credentials.canonical import canonicalize
from badges_server.credentials.contexts import CREDENTIALS_V2, MULTIKEY_V1, OPEN_BADGES_3, OPEN_BADGES_3_EXTENSIONS
from badges_server.credentials.errors import UnknownContextError, UnsafeJsonLdError, WorkBudgetError
from badges_server.credentials.json_text import JsonObject, write_json

Change = Callable[[str, object], JsonObject]

ACHIEVEMENT = "credentialSubject/achievement"
VC = "https://www.w3.org/2018/credentials#"
OB = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"

# Where to put what; the path, and words of the reason.
UNSAFE: list[tuple[str, str, Any, str, str]] = [
    # Terms that nothing defines, or not there.
    ("undefined term", "favouriteColour", "red", "$.favouriteColour", "no context defines"),
    ("undefined term, deep", f"{ACHIEVEMENT}/criteria/colour", "red", "$.credentialSubject.achievement.criteria.colour",
     "no context defines"),
    ("term out of its scope", "issuer/criteria", {"narrative": "x"}, "$.issuer.criteria", "no context defines"),
    ("VC 1.1 term under VC 2.0", "issuanceDate", "2026-03-01T09:00:00Z", "$.issuanceDate", "no context defines"),
    ("term of no type", "evidence/0", {"id": "https://example.org/e", "genre": "x"}, "$.evidence[0].genre",
     "no context defines"),
    ("term looking like a keyword", "@kind", "x", '$["@kind"]', "a keyword"),
    ("empty term", "", "x", '$[""]', "no context defines"),
    ("class as a property", f"{ACHIEVEMENT}/Criteria", {"narrative": "x"}, "$.credentialSubject.achievement.Criteria",
     "a class where"),
    # The same statement under another key: the signature would hold, readers would be blind.
    ("IRI for validUntil", f"{VC}validUntil", "2029-03-01T09:00:00Z", f'$["{VC}validUntil"]', "an IRI where a term"),
    ("IRI for credentialStatus", f"{VC}credentialStatus", {"id": "https://example.org/s"},
     f'$["{VC}credentialStatus"]', "an IRI where a term"),
    ("IRI nobody knows", "https://example.org/p", "x", '$["https://example.org/p"]', "an IRI where a term"),
    ("compact IRI", "cred:validUntil", "x", '$["cred:validUntil"]', "an IRI where a term"),
    ("@id for id", "credentialSubject/@id", "urn:x:1", '$.credentialSubject["@id"]', "a keyword"),
    ("@type for type", "evidence/0/@type", "Evidence", '$.evidence[0]["@type"]', "a keyword"),
    ("IRI for a type", "type/1", f"{OB}OpenBadgeCredential", "$.type[1]", "an IRI where a term"),
    ("value object", "validUntil", {"@value": "2029-03-01T09:00:00Z"}, '$.validUntil["@value"]', "a value object"),
    ("typed value object", "name", {"@value": "x", "@type": "https://example.org/t"}, '$.name["@value"]',
     "a value object"),
    ("string for true", "credentialSubject/identifier/0/hashed", "true", "$.credentialSubject.identifier[0].hashed",
     "another JSON type"),
    ("number for true", "credentialSubject/identifier/0/hashed", 1, "$.credentialSubject.identifier[0].hashed",
     "another JSON type"),
    ("string for a number", "credentialSubject/creditsEarned", "2.5E0", "$.credentialSubject.creditsEarned",
     "another JSON type"),
    ("number for a date", "validUntil", 2029, "$.validUntil", "another JSON type"),
    ("true among URLs", f"{ACHIEVEMENT}/alignment/0/targetUrl", ["https://example.org/", True],
     "$.credentialSubject.achievement.alignment[0].targetUrl[1]", "another JSON type"),
    # What expansion or RDF drops or merges.
    ("null", "validUntil", None, "$.validUntil", "null would not"),
    ("null in a list", f"{ACHIEVEMENT}/tag", ["a", None], "$.credentialSubject.achievement.tag[1]", "null would not"),
    ("array in an array", f"{ACHIEVEMENT}/tag", ["a", ["b"]], "$.credentialSubject.achievement.tag[1]",
     "an array in an array"),
    ("list of lists", f"{ACHIEVEMENT}/resultDescription/0/allowedValue", [["1"], ["2"]],
     "$.credentialSubject.achievement.resultDescription[0].allowedValue[0]", "an array in an array"),
    ("@included", "@included", [{"id": "https://example.org/"}], '$["@included"]', "a keyword"),
    ("@graph", "@graph", [], '$["@graph"]', "a keyword"),
    ("@reverse", "issuer/@reverse", {"issuer": "https://example.org/"}, '$.issuer["@reverse"]', "a keyword"),
    ("@nest", "issuer/@nest", {"name": "x"}, '$.issuer["@nest"]', "a keyword"),
    ("@index", "issuer/@index", "x", '$.issuer["@index"]', "a keyword"),
    ("@set", f"{ACHIEVEMENT}/tag", {"@set": ["a"]}, '$.credentialSubject.achievement.tag["@set"]', "a keyword"),
    ("@list", f"{ACHIEVEMENT}/resultDescription/0/allowedValue", {"@list": ["1"]},
     '$.credentialSubject.achievement.resultDescription[0].allowedValue["@list"]', "a keyword"),
    ("base direction", "name", {"@value": "x", "@language": "ar", "@direction": "rtl"}, '$.name["@value"]',
     "a value object"),
    ("language alone", "name", {"@language": "fr"}, '$.name["@language"]', "a value object"),
    ("bad language tag", "name", {"@value": "x", "@language": "français"}, '$.name["@language"]', "language tag"),
    ("language of a number", "name", {"@value": 1, "@language": "fr"}, '$.name["@value"]', "no string"),
    ("language null", "name", {"@value": "x", "@language": None}, '$.name["@language"]', "no string"),
    # Identifiers and references.
    ("relative id", "id", "credentials/1", "$.id", "relative or malformed"),
    ("empty id", "issuer/id", "", "$.issuer.id", "relative or malformed"),
    ("id with a space", "id", "https://example.org/a b", "$.id", "relative or malformed"),
    ("id that ends an IRI early", "id", "https://example.org/>", "$.id", "relative or malformed"),
    ("id with a backslash", "id", "https://example.org/\\u0041", "$.id", "relative or malformed"),
    ("id that is a list", "id", ["https://example.org/"], "$.id", "no string"),
    ("blank node id", "evidence/0/id", "_:alice", "$.evidence[0].id", "blank node label"),
    ("relative reference", "credentialStatus/statusListCredential", "status/3",
     "$.credentialStatus.statusListCredential", "relative, compact or malformed"),
    ("relative reference in a list", "issuer/image", ["https://example.org/i.png", "i.png"], "$.issuer.image[1]",
     "relative, compact or malformed"),
    ("blank node reference", "issuer", "_:issuer", "$.issuer", "blank node label"),
    ("relative type", "type", ["VerifiableCredential", "OpenBadge"], "$.type[1]", "no context defines"),
    ("type of no use", "evidence/0/type", ["Evidence", 3], "$.evidence[0].type[1]", "no string"),
    ("blank node type", "type/1", "_:type", "$.type[1]", "no context defines"),
    # Contexts.
    ("inline context", "@context/2", {"validUntil": "https://example.org/nothing"}, '$["@context"][2]', "inline"),
    ("inline context alone", "@context", {}, '$["@context"]', "inline"),
    ("null context", "@context/2", None, '$["@context"][2]', "inline"),
    ("no context at all", "@context", [], '$["@context"]', "1 to 8 contexts"),
    ("too many contexts", "@context", [CREDENTIALS_V2] * 9, '$["@context"]', "1 to 8 contexts"),
    ("context in a list in a list", "@context/2", [CREDENTIALS_V2], '$["@context"][2]', "inline"),
    ("nested inline context", f"{ACHIEVEMENT}/@context", {"name": "https://example.org/n"},
     '$.credentialSubject.achievement["@context"]', "inline"),
    ("nested null context", "issuer/@context", None, '$.issuer["@context"]', "inline"),
    ("protected terms redefined", "@context", [CREDENTIALS_V2, "https://w3id.org/openbadges/v2"], "$",
     "protected term redefinition"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "value", "path", "reason"), [case[1:] for case in UNSAFE], ids=[c[0] for c in UNSAFE]
)
def test_an_unsafe_document_is_refused(
    changed_badge: Change, place: str, value: object, path: str, reason: str
) -> None:
    document = changed_badge(place, value)
    with pytest.raises(UnsafeJsonLdError, match=reason) as refusal:
        canonicalize(document)
    assert (refusal.value.code, refusal.value.path) == ("UNSAFE_JSON_LD", path)


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        ("@context/2", "https://example.org/context", '$["@context"][2]'),
        ("@context", "https://example.org/context", '$["@context"]'),
        (f"{ACHIEVEMENT}/@context", "https://www.w3.org/ns/credentials/examples/v2",
         '$.credentialSubject.achievement["@context"]'),
        ("@context/0", "http://www.w3.org/ns/credentials/v2", '$["@context"][0]'),
    ],
)  # fmt: skip
def test_an_unknown_context_is_named_not_fetched(changed_badge: Change, place: str, value: str, path: str) -> None:
    with pytest.raises(UnknownContextError) as refusal:
        canonicalize(changed_badge(place, value))
    assert (refusal.value.code, refusal.value.path, refusal.value.value) == ("UNKNOWN_CONTEXT", path, value)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("name", {"@value": "Badge", "@language": "fr"}),
        ("name", [{"@value": "Badge", "@language": "fr"}, {"@value": "Badge", "@language": "en-GB"}]),
        ("name", ""),
        (f"{ACHIEVEMENT}/tag", []),
        (f"{ACHIEVEMENT}/tag", "one"),
        (f"{ACHIEVEMENT}/criteria", {}),
        ("type", ["VerifiableCredential", "OpenBadgeCredential", "https://example.org/OwnType"]),
        ("issuer", "did:web:badges.example.org:issuers:recyclerie"),
        ("issuer/image", {"id": "data:image/png;base64,iVBORw0KGgo=", "type": "Image"}),
        ("evidence/0/id", "https://example.org/é?q=1#ü"),
        ("credentialSubject/creditsEarned", 2),
        ("evidence/0/@context", [CREDENTIALS_V2, OPEN_BADGES_3]),
    ],
)
def test_what_is_safe_is_accepted(changed_badge: Change, place: str, value: object, open_badge: JsonObject) -> None:
    before = canonicalize(open_badge)
    document = changed_badge(place, value)
    after = canonicalize(document)
    assert (after == before) == (place == "evidence/0/@context"), "only a repeated context changes nothing"


@pytest.mark.parametrize("document", [{"@context": CREDENTIALS_V2}, {"@context": CREDENTIALS_V2, "id": "urn:x:1"}])
def test_a_document_that_says_nothing_is_not_signed(document: JsonObject) -> None:
    with pytest.raises(UnsafeJsonLdError, match="nothing to sign") as refusal:
        canonicalize(document)
    assert refusal.value.path == "$"


def test_without_a_context_no_term_is_defined() -> None:
    with pytest.raises(UnsafeJsonLdError, match="no context defines") as refusal:
        canonicalize({"id": "urn:x:1"})
    assert refusal.value.path == "$.id"


def test_a_json_literal_is_signed_whole(open_badge: JsonObject) -> None:
    open_badge["credentialSchema"] = {
        "id": "https://example.org/schema",
        "type": "JsonSchemaCredential",
    }
    schema = {"b": [None, [1.0, {"@id": "x"}]], "a": {"undefined term": True}}
    subject = {"id": "https://example.org/s", "type": "JsonSchema", "jsonSchema": schema}
    lines = canonicalize({**open_badge, "credentialSubject": subject}).decode()
    literal = '{\\"a\\":{\\"undefined term\\":true},\\"b\\":[null,[1,{\\"@id\\":\\"x\\"}]]}'
    assert f'"{literal}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>' in lines


def nested_profiles(depth: int, contexts: list[str]) -> JsonObject:
    profile: JsonObject = {"type": ["Profile"], "id": "urn:x:0"}
    for level in range(depth):
        profile = {"@context": contexts, "type": ["Profile"], "id": f"urn:x:{level}", "parentOrg": profile}
    return profile


@pytest.mark.parametrize("contexts", [[CREDENTIALS_V2, OPEN_BADGES_3] * 4, [OPEN_BADGES_3] * 8])
def test_a_document_that_shuffles_contexts_is_refused_in_time(open_badge: JsonObject, contexts: list[str]) -> None:
    open_badge["issuer"] = nested_profiles(40, contexts)
    started = time.process_time()
    with pytest.raises(WorkBudgetError, match="combinations of JSON-LD contexts"):
        canonicalize(open_badge)
    assert time.process_time() - started < 1.5


def test_many_contexts_in_siblings_are_refused_too(open_badge: JsonObject) -> None:
    urls = [CREDENTIALS_V2, OPEN_BADGES_3, OPEN_BADGES_3_EXTENSIONS, MULTIKEY_V1]
    open_badge["evidence"] = [
        {"@context": list(choice), "type": ["Evidence"], "name": "x"} for choice in islice(product(urls, repeat=6), 400)
    ]
    with pytest.raises(WorkBudgetError, match="combinations of JSON-LD contexts"):
        canonicalize(open_badge)


def test_nested_contexts_that_repeat_cost_nothing(open_badge: JsonObject) -> None:
    open_badge["issuer"] = nested_profiles(4, [CREDENTIALS_V2, OPEN_BADGES_3])
    plain = nested_profiles(4, [])
    assert canonicalize(open_badge) == canonicalize({**open_badge, "issuer": without_contexts(plain)})


def without_contexts(profile: JsonObject) -> JsonObject:
    return {
        key: without_contexts(value) if isinstance(value, dict) else value
        for key, value in profile.items()
        if key != "@context"
    }


def test_threads_do_not_disturb_each_other(open_badge: JsonObject) -> None:
    expected = canonicalize(open_badge)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(canonicalize, [open_badge] * 64)) == {expected}


def test_the_document_stays_as_it_is(open_badge: JsonObject) -> None:
    before = write_json(open_badge)
    canonicalize(open_badge)
    assert write_json(open_badge) == before


def test_a_warm_canonicalization_is_fast(open_badge: JsonObject) -> None:
    canonicalize(open_badge)
    times = []
    for _round in range(20):
        started = time.process_time()
        canonicalize(open_badge)
        times.append(time.process_time() - started)
    assert min(times) < 0.012, "three times what it takes on one slow core"
