import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.errors import MalformedValueError
from badges_server.credentials.forbidden_words import find_forbidden
from badges_server.credentials.json_text import write_json
from badges_server.credentials.open_badges_2 import (
    HostedAssertion,
    SignedAssertion,
    assertion_document,
    badge_class_document,
    cryptographic_key_document,
    issuer_document,
    key_name,
    key_url,
    revocation_list_document,
    revoked_assertion_document,
    signed_assertion,
    split_key_name,
)
from badges_server.credentials.recipient import Match, matches
from tests.credentials.documents.examples import ADDRESSES, MEMBER, MILESTONE, RECOGNITION, ROOM

HOSTED = HostedAssertion(
    credential_id="6a1f0c2e-8f5b-4a55-9d0e-0c5b7b1d2e3f",
    subject_id="0f8fad5b-d9cb-469f-a165-70867728950e",
    achievement=ROOM,
    level=2,
    issuer=RECOGNITION,
    observation_count=2,
    observer_count=2,
    awarded_on=date(2026, 3, 4),
    valid_until=datetime(2028, 3, 4, 23, 59, 59, tzinfo=UTC),
    salt="sel",
)
SIGNED = SignedAssertion(
    content=HOSTED,
    uid="urn:uuid:7f3b2c1d-1b2a-4c3d-8e9f-0a1b2c3d4e5f",
    key_url=key_url(RECOGNITION, "jwt-1", ADDRESSES),
)
CONTEXT = "https://w3id.org/openbadges/v2"


def test_the_issuer_says_where_its_assertions_keys_and_revocations_are() -> None:
    assert issuer_document(RECOGNITION, ADDRESSES, ["jwt-1", "jwt-2"]) == {
        "@context": CONTEXT,
        "id": "https://badges.example/ob2/issuers/reconnaissance",
        "type": "Issuer",
        "name": "Badges de savoir-faire",
        "url": "https://badges.example/issuers/reconnaissance",
        "email": "badges@badges.example",
        "description": "Atteste des savoir-faire observés au travail.",
        "verification": {
            "type": "VerificationObject",
            "startsWith": "https://badges.example/ob2/assertions/",
        },
        "revocationList": "https://badges.example/ob2/revocations/reconnaissance",
        "publicKey": [
            "https://badges.example/ob2/keys/reconnaissance-jwt-1",
            "https://badges.example/ob2/keys/reconnaissance-jwt-2",
        ],
    }


def test_an_issuer_without_keys_lists_none() -> None:
    assert "publicKey" not in issuer_document(RECOGNITION, ADDRESSES)


def test_a_named_issuers_assertions_lie_in_its_scope_though_on_another_host() -> None:
    issuer = issuer_document(MEMBER, ADDRESSES)
    hosted = assertion_document(replace(HOSTED, issuer=MEMBER), ADDRESSES)
    assert issuer["id"].startswith("https://reseau.example/")
    assert hosted["id"].startswith(issuer["verification"]["startsWith"])
    assert issuer["verification"]["allowedOrigins"] == ["badges.example"]


def test_the_scope_holds_host_and_port_where_there_is_one() -> None:
    local = Addresses("http://localhost:8000", "http://localhost:8001")
    assert issuer_document(MEMBER, local)["verification"]["allowedOrigins"] == ["localhost", "localhost:8000"]
    # The issuer's own host is the standard's default, and 1EdTech's validator refuses to read it here.
    assert "allowedOrigins" not in issuer_document(RECOGNITION, local)["verification"]


def test_the_class_carries_its_issuer() -> None:
    document = badge_class_document(ROOM, MEMBER, ADDRESSES)
    assert document["id"] == "https://reseau.example/ob2/badges/ressourcerie-du-pont/ms-01/1"
    assert document["issuer"] == issuer_document(MEMBER, ADDRESSES)["id"]
    assert document["@language"] == "fr"
    assert document["image"] == "https://badges.example/achievements/ms-01/1.png"
    assert document["criteria"]["narrative"].endswith("À savoir : Aucun acte de soin.")
    assert document["tags"] == ["chambre", "résident"]
    assert [item["type"] for item in document["alignment"]] == ["AlignmentObject"] * 3
    assert "targetDescription" not in document["alignment"][0]
    assert document["alignment"][1]["targetDescription"].startswith("Correspondance partielle")


def test_a_class_without_tags_and_alignments_leaves_them_out() -> None:
    document = badge_class_document(replace(ROOM, tags=(), alignments=()), RECOGNITION, ADDRESSES)
    assert {"tags", "alignment"} & set(document) == set()


def test_a_hosted_assertion() -> None:
    assert assertion_document(HOSTED, ADDRESSES) == {
        "@context": CONTEXT,
        "id": "https://badges.example/ob2/assertions/6a1f0c2e-8f5b-4a55-9d0e-0c5b7b1d2e3f",
        "type": "Assertion",
        "recipient": {
            "type": "id",
            "hashed": True,
            "salt": "sel",
            "identity": "sha256$69aae0ae77a4f06ca7eba13819324f200d94b069295c340ff2a68cc6f611db23",
        },
        "badge": "https://badges.example/ob2/badges/reconnaissance/ms-01/1",
        "verification": {"type": "HostedBadge"},
        "issuedOn": "2026-03-04T00:00:00Z",
        "expires": "2028-03-04T23:59:59Z",
        "narrative": "Niveau 2 : en autonomie",
        "evidence": [
            {
                "type": "Evidence",
                "narrative": "Deux observations datées en situation de travail, par deux observateurs habilités.",
            }
        ],
        "image": "https://badges.example/ob2/assertions/6a1f0c2e-8f5b-4a55-9d0e-0c5b7b1d2e3f.png",
    }


def test_the_recipient_is_the_subject_urn_and_nobody_else() -> None:
    recipient = assertion_document(HOSTED, ADDRESSES)["recipient"]
    assert matches(recipient, "id", "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e") == Match(matched=True)
    assert matches(recipient, "id", "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950f") == Match(matched=False)


def test_a_milestone_has_no_level_and_may_not_expire() -> None:
    milestone = replace(HOSTED, achievement=MILESTONE, level=None, valid_until=None, observation_count=7)
    document = assertion_document(milestone, ADDRESSES)
    assert {"narrative", "expires"} & set(document) == set()
    assert document["evidence"][0]["narrative"] == "Sept badges valables ce jour-là."


def test_a_signed_assertion_never_leads_to_the_page() -> None:
    document = signed_assertion(SIGNED, ADDRESSES)
    assert document["id"] == SIGNED.uid
    assert document["verification"] == {
        "type": "SignedBadge",
        "creator": "https://badges.example/ob2/keys/reconnaissance-jwt-1",
    }
    assert HOSTED.credential_id not in write_json(document)
    shared = set(document) - {"id", "verification"}
    assert {name: document[name] for name in shared} == {
        name: value for name, value in assertion_document(HOSTED, ADDRESSES).items() if name in shared
    }


def test_a_level_the_achievement_has_not_is_refused() -> None:
    with pytest.raises(MalformedValueError) as caught:
        assertion_document(replace(HOSTED, level=3), ADDRESSES)
    assert caught.value.value == 3


def test_a_revoked_assertion_tells_nothing_more() -> None:
    url = ADDRESSES.ob2_assertion(HOSTED.credential_id)
    assert revoked_assertion_document(url) == {"@context": CONTEXT, "id": url, "type": "Assertion", "revoked": True}


def test_a_single_revocation_does_not_stand_alone() -> None:
    """1EdTech's validator finds nothing in a list of one."""
    listed = revocation_list_document(MEMBER, ["urn:uuid:a"], ADDRESSES)["revokedAssertions"]
    assert listed == [{"id": "urn:uuid:a"}, {"id": "urn:uuid:00000000-0000-4000-8000-000000000000"}]
    assert revocation_list_document(MEMBER, [], ADDRESSES)["revokedAssertions"] == []


def test_the_revocation_list_holds_uids_only_in_an_order_that_tells_nothing() -> None:
    assert revocation_list_document(MEMBER, ["urn:uuid:b", "urn:uuid:a"], ADDRESSES) == {
        "@context": CONTEXT,
        "id": "https://reseau.example/ob2/revocations/ressourcerie-du-pont",
        "type": "RevocationList",
        "issuer": "https://reseau.example/ob2/issuers/ressourcerie-du-pont",
        "revokedAssertions": [{"id": "urn:uuid:a"}, {"id": "urn:uuid:b"}],
    }


def test_key_and_owner_lead_to_each_other() -> None:
    key = cryptographic_key_document(RECOGNITION, "jwt-1", "-----BEGIN PUBLIC KEY-----\n…", ADDRESSES)
    issuer = issuer_document(RECOGNITION, ADDRESSES, ["jwt-1"])
    assert issuer["publicKey"] == [key["id"]]
    assert key["owner"] == issuer["id"]
    assert key["type"] == "CryptographicKey"
    assert key["publicKeyPem"].startswith("-----BEGIN PUBLIC KEY-----")


@given(slug=st.from_regex(re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII), fullmatch=True), number=st.integers(1, 999))
def test_key_names_read_back(slug: str, number: int) -> None:
    assert split_key_name(key_name(slug, f"jwt-{number}")) == (slug, f"jwt-{number}")


@pytest.mark.parametrize("name", ["", "jwt-1", "a-jwt-", "a--1", "-jwt-1", "a-jwt-x", "a-jwt-²"])
def test_other_key_names_are_refused(name: str) -> None:
    with pytest.raises(MalformedValueError, match="not the name of a key"):
        split_key_name(name)


def test_neutral_forms_hold_no_forbidden_word() -> None:
    documents = [
        issuer_document(RECOGNITION, ADDRESSES, ["jwt-1"]),
        badge_class_document(ROOM, RECOGNITION, ADDRESSES),
        assertion_document(HOSTED, ADDRESSES),
        signed_assertion(SIGNED, ADDRESSES),
        revocation_list_document(RECOGNITION, [SIGNED.uid], ADDRESSES),
    ]
    for document in documents:
        assert find_forbidden(write_json(document), [MEMBER.name]) == []
