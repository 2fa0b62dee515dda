"""Our canonical form against pyoxigraph's, an independent implementation in Rust: graphs, and whole documents."""

import json
import string
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse, serialize

from badges_server.credentials.canonical import canonicalize
from badges_server.credentials.canonical.nquads import Quad, iri_term, line_of, literal_term
from badges_server.credentials.canonical.rdfc import canonicalize_quads
from badges_server.credentials.contexts import CREDENTIALS_V2, OPEN_BADGES_3, load_context
from badges_server.credentials.json_text import JsonObject

# What both libraries write alike (the screen refuses the others, and says why).
signed_text = st.text(
    st.characters(
        codec="utf-8", exclude_characters=[*map(chr, {*range(0x20)} - {9, 10, 13}), "\x7f", "\ufffe", "\uffff"]
    ),
    max_size=12,
)
blank_nodes = st.sampled_from([f"_:e{number}" for number in range(5)])
iris = st.sampled_from([iri_term(f"https://example.org/{name}") for name in "abcé"])
literals = st.builds(literal_term, signed_text) | st.builds(
    literal_term, signed_text, st.just("http://www.w3.org/2001/XMLSchema#date")
)
tagged = st.builds(lambda text: literal_term(text, "", "fr-fr"), signed_text)
quads = st.builds(
    Quad,
    blank_nodes | iris,
    iris,
    blank_nodes | iris | literals | tagged,
    st.just("") | blank_nodes | iris,
)


def oracle(data: bytes, file_format: RdfFormat) -> bytes:
    dataset = Dataset(parse(data, format=file_format))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    written = serialize(dataset, format=RdfFormat.N_QUADS)
    assert written is not None
    return b"".join(sorted(written.splitlines(keepends=True)))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(quads, max_size=10))
def test_graphs(statements: list[Quad]) -> None:
    lines = "".join(map(line_of, statements))
    assert canonicalize_quads(statements) == oracle(lines.encode(), RdfFormat.N_QUADS)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(blank_nodes, iris, blank_nodes), min_size=3, max_size=9))
def test_tangles_of_blank_nodes(edges: list[tuple[str, str, str]]) -> None:
    statements = [Quad(*edge) for edge in edges]
    lines = "".join(map(line_of, statements))
    assert canonicalize_quads(statements) == oracle(lines.encode(), RdfFormat.N_QUADS)


urls = st.text(string.ascii_lowercase + "é/", max_size=8).map("https://example.org/".__add__)
languages = st.sampled_from(["fr", "en-GB", "ar"])
names = signed_text | st.builds(lambda text, tag: {"@value": text, "@language": tag}, signed_text, languages)


def record(kind: str | None, **members: st.SearchStrategy[Any]) -> st.SearchStrategy[JsonObject]:
    fixed = {"type": st.just([kind])} if kind else {}
    return st.fixed_dictionaries(fixed, optional=members)


alignments = record("Alignment", targetName=signed_text, targetUrl=urls, targetType=st.just("CFItem"))
images = st.fixed_dictionaries({"id": urls, "type": st.just("Image")}, optional={"caption": signed_text})
profiles = record("Profile", id=urls, name=signed_text, url=urls, email=signed_text, image=images)
levels = record("RubricCriterionLevel", id=urls, name=signed_text, points=signed_text)
result_descriptions = record(
    "ResultDescription",
    id=urls,
    name=signed_text,
    allowedValue=st.lists(signed_text, max_size=4),
    rubricCriterionLevel=st.lists(levels, max_size=3),
)


def is_short(value: float) -> bool:
    """The oracle writes the shortest digits of a double, the standard sixteen of them: most are the same."""
    return Decimal(f"{value:.15E}") == Decimal(repr(value))


achievements = record(
    "Achievement",
    id=urls,
    name=signed_text,
    criteria=record(None, id=urls, narrative=signed_text),
    alignment=st.lists(alignments, max_size=3),
    creator=profiles,
    resultDescription=st.lists(result_descriptions, max_size=2),
    tag=st.lists(signed_text, max_size=3),
    creditsAvailable=st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(-1e6, 1e6).map(lambda value: round(value, 6)).filter(is_short),
)
identities = record("IdentityObject", hashed=st.booleans(), identityHash=signed_text, salt=signed_text)
subjects = record(
    "AchievementSubject",
    id=urls,
    achievement=achievements,
    identifier=st.lists(identities, max_size=2),
    result=st.lists(record("Result", value=signed_text, status=st.just("Completed")), max_size=2),
)
proofs = record(
    "DataIntegrityProof",
    cryptosuite=st.just("eddsa-rdfc-2022"),
    proofPurpose=st.just("assertionMethod"),
    verificationMethod=urls,
    created=st.just("2026-03-01T09:00:00Z"),
)
badges = st.fixed_dictionaries(
    {"id": urls, "type": st.just(["VerifiableCredential", "OpenBadgeCredential"])},
    optional={
        "name": names,
        "issuer": urls | profiles,
        "credentialSubject": subjects,
        "validFrom": st.just("2026-03-01T09:00:00Z"),
        "evidence": st.lists(record("Evidence", id=urls, narrative=signed_text), max_size=3),
        "proof": st.lists(proofs, max_size=2),
    },
)


def inlined(document: JsonObject) -> bytes:
    contexts = [load_context(url)["@context"] for url in document["@context"]]
    return json.dumps({**document, "@context": contexts}).encode()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(badges)
def test_documents(badge: JsonObject) -> None:
    document = {"@context": [CREDENTIALS_V2, OPEN_BADGES_3], **badge}
    assert canonicalize(document) == oracle(inlined(document), RdfFormat.JSON_LD)


def test_a_complete_badge(open_badge: JsonObject) -> None:
    assert canonicalize(open_badge) == oracle(inlined(open_badge), RdfFormat.JSON_LD)
