"""A thousand generated credentials: we, @digitalbazaar/vc and openvc-core agree on every one, and on each forgery.

One disagreement is known, and it is a fault of the JavaScript canonicalizer: rdf-canonize 5.0 sorts statements by
UTF-16 code units, where RDFC-1.0 (section 4.4.3, step 7; section 2, "code point order") asks for code points. Where
two values of one property differ first in a character of U+E000 to U+FFFF against one beyond U+FFFF, its order, and so
its hash, is another (digitalbazaar/rdf-canonize issue 52, open since 2022). openvc-core agrees with us on them.
The test asks for exactly that: it refuses those, and no others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from badges_server.credentials import status_list
from badges_server.credentials.canonical import canonicalize
from badges_server.credentials.data_integrity import without_proof
from badges_server.credentials.date_time import write_date_time
from badges_server.credentials.json_text import JsonObject, JsonValue, walk
from badges_server.storage.catalogue import read_catalogue
from tests.clock import make_entropy
from tests.interop.generated import (
    CATALOGUE,
    LEVELS,
    NOW,
    SIGNED_AGAIN,
    Generated,
    generate,
    generate_for,
    make_achievement,
)
from tests.interop.oracles import Judgement, answers_of, ask_both, judge, judgement_of
from tests.interop.tampering import Change, changes_of, says_the_same
from tests.interop.texts import AWKWARD, PLANES

COUNT = 1_000
FORGERIES = 250


@dataclass(frozen=True)
class Asked:
    """Documents, and what each of the three says of each."""

    documents: Sequence[JsonObject]
    ours: Sequence[Judgement]
    digital_bazaar: Sequence[Judgement]
    openvc: Sequence[Judgement]


@pytest.fixture(scope="module")
def generated() -> Generated:
    return generate(make_entropy("generated credentials"), COUNT)


@pytest.fixture(scope="module")
def asked(generated: Generated) -> Asked:
    """Every generated credential, and every status list, put to the three."""
    return ask_all([*(case.document for case in generated.cases), *generated.lists.values()], generated)


def ask_all(documents: Sequence[JsonObject], generated: Generated) -> Asked:
    known = {**generated.controllers, **generated.lists}
    answers = answers_of(known)
    ours = [judgement_of(judge(document, answers, NOW)) for document in documents]
    return Asked(documents, ours, *ask_both(documents, known, NOW))


def test_we_verify_every_generated_credential(asked: Asked) -> None:
    credentials = asked.ours[:COUNT]
    assert [judgement.error for judgement in credentials if not judgement.verified] == []
    assert len(credentials) == COUNT


def test_openvc_core_verifies_every_generated_credential_and_status_list(asked: Asked) -> None:
    assert [judgement.error for judgement in asked.openvc if not judgement.verified] == []
    assert len(asked.openvc) > COUNT


def test_digital_bazaar_verifies_every_one_but_those_that_it_sorts_wrongly(asked: Asked) -> None:
    pairs = list(zip(asked.documents, asked.digital_bazaar, strict=True))
    refused = [document["id"] for document, judgement in pairs if not judgement.verified]
    assert refused == [document["id"] for document in asked.documents if not sorts_alike_in_utf_16(document)]
    assert len(refused) < COUNT / 100
    reasons = {judgement.error for judgement in asked.digital_bazaar if not judgement.verified}
    assert reasons <= {"Verification error(s).: Invalid signature."}


def test_the_order_that_digital_bazaar_gets_wrong() -> None:
    """Two tags, one beginning with U+FB01, one beyond U+FFFF: the fault alone, so that its mending is noticed."""
    achievement = make_achievement(make_entropy("two tags"))
    both = [replace(achievement, tags=tags) for tags in (("ﬁn", "𝔡ébut"), ("fin", "𝔡ébut"))]
    generated = generate_for(make_entropy("two tags"), both)
    asked = ask_all([case.document for case in generated.cases], generated)
    assert [judgement.verified for judgement in (*asked.ours, *asked.openvc)] == [True] * 4
    assert [judgement.verified for judgement in asked.digital_bazaar] == [False, True]


def test_the_three_read_the_same_status(asked: Asked, generated: Generated) -> None:
    expected = [case.revoked for case in generated.cases]
    assert [judgement.revoked for judgement in asked.ours[:COUNT]] == expected
    assert [judgement.revoked for judgement in asked.openvc[:COUNT]] == expected
    read = [(j.revoked, revoked) for j, revoked in zip(asked.digital_bazaar, expected, strict=False) if j.verified]
    assert [found for found, _ in read] == [revoked for _, revoked in read]
    assert 0.05 * COUNT < sum(expected) < 0.25 * COUNT


def test_one_changed_place_and_none_of_the_three_verifies(generated: Generated) -> None:
    forgeries = [_forged(generated, number) for number in range(FORGERIES)]
    asked = ask_all([document for _, document in forgeries], generated)
    for name, judgements in (("ours", asked.ours), ("node", asked.digital_bazaar), ("openvc", asked.openvc)):
        accepted = [
            f"{name}: {change.path} {change.what}"
            for (change, _), judgement in zip(forgeries, judgements, strict=True)
            if judgement.verified
        ]
        assert accepted == []


def test_the_credentials_are_as_varied_as_they_claim(generated: Generated) -> None:
    documents = [case.document for case in generated.cases]
    texts = list(_texts(documents))
    assert {ord(character) >> 16 for character in "".join(texts)} == set(range(PLANES))
    assert [awkward for awkward in AWKWARD if awkward not in texts] == []
    assert {_levels(document) for document in documents} == set(LEVELS)
    assert {document["type"][1] for document in documents} == {"OpenBadgeCredential", "EndorsementCredential"}
    slugs = {entry.achievement.slug for entry in read_catalogue(CATALOGUE).entries}
    assert [slug for slug in slugs if not any(f"/achievements/{slug}/1" in text for text in texts)] == []


def test_validity_keys_and_places_vary_too(generated: Generated) -> None:
    documents = [case.document for case in generated.cases]
    assert {"validUntil" in document for document in documents} == {True, False}
    assert {document["issuer"]["id"] for document in documents} == generated.controllers.keys()
    keys = {document["proof"][0]["verificationMethod"].partition("#")[2] for document in documents}
    assert keys == {"key-1", "key-2"}
    indexes = {int(document["credentialStatus"]["statusListIndex"]) for document in documents}
    assert {0, status_list.MINIMUM_LENGTH - 1} <= indexes
    signed_again = write_date_time(SIGNED_AGAIN)
    assert {document["validFrom"] == signed_again for document in documents} == {True, False}


def sorts_alike_in_utf_16(document: JsonObject) -> bool:
    """Tell whether the canonical statements have one order, whether by code points or by UTF-16 code units."""
    lines = canonicalize(without_proof(document)).decode().splitlines()
    return sorted(lines) == sorted(lines, key=lambda line: line.encode("utf-16-be"))


def _forged(generated: Generated, number: int) -> tuple[Change, JsonObject]:
    document = generated.cases[number * len(generated.cases) // FORGERIES].document
    chance = make_entropy(f"forgery {number}")
    changes = list(changes_of(document))
    while True:
        change = changes[chance.below(len(changes))]
        forged = change.applied(document)
        if not says_the_same(document, forged):
            return change, forged


def _texts(value: JsonValue) -> Iterator[str]:
    return (found for _, found in walk(value) if isinstance(found, str))


def _levels(document: JsonObject) -> tuple[int, ...]:
    """The levels that a credential's achievement is awarded at."""
    found = [item for steps, item in walk(document) if steps[-1:] == ("level",)]
    return tuple(int(level) for level in found)
