import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from badges_server.credentials.canonical import canonicalize
from badges_server.credentials.did import methods_of
from badges_server.credentials.document import achievement_document, plan_endorsement, profile_document
from badges_server.credentials.forbidden_words import find_forbidden
from badges_server.credentials.json_text import write_json
from badges_server.credentials.verification_method import VerificationMethod, ed25519_from_multikey, public_key_from_jwk
from tests.credentials.documents.examples import ADDRESSES, ENDORSEMENT, MEMBER, MILESTONE, RECOGNITION, ROOM
from tests.credentials.documents.model_tables import faults

BADGE_CLASSES = Path(__file__).parents[3] / "badge_classes"
DID = "did:web:badges.example:issuers:reconnaissance"
# Controlled Identifiers 1.0, example of a Multikey; RFC 7638, example of an RSA key.
MULTIKEY = "z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu"
JWK = {
    "kty": "RSA",
    "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3"
    "oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6q"
    "MQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzK"
    "nqDKgw",
    "e": "AQAB",
}
METHODS = [
    VerificationMethod(f"{DID}#key-1", DID, ed25519_from_multikey(MULTIKEY)),
    VerificationMethod(f"{DID}#jwt-1", DID, public_key_from_jwk(JWK)),
]


def without_context(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "@context"}


def test_a_hosted_achievement_follows_the_model_table_and_defines_every_term() -> None:
    document = achievement_document(ROOM, RECOGNITION, ADDRESSES)
    assert list(faults(without_context(document), "Achievement")) == []
    assert b"vocab.html#rubricCriterionLevel" in canonicalize(document)


def test_criteria_are_a_list_then_the_evidence_then_the_caution() -> None:
    criteria = achievement_document(ROOM, RECOGNITION, ADDRESSES)["criteria"]
    assert criteria == {
        "id": "https://badges.example/achievements/ms-01/1#criteres",
        "narrative": "- Frappe et se présente\n- Applique le protocole\n- Signale toute anomalie\n\n"
        "Preuve demandée : Grille de l’établissement\n\n"
        "À savoir : Aucun acte de soin.",
    }


def test_criteria_alone_when_there_is_no_more_to_say() -> None:
    document = achievement_document(replace(ROOM, evidence="", caution=None), RECOGNITION, ADDRESSES)
    assert document["criteria"]["narrative"].endswith("- Signale toute anomalie")


def test_alignments_name_their_framework_and_own_up_to_their_limits() -> None:
    rome, esco, clea = achievement_document(ROOM, RECOGNITION, ADDRESSES)["alignment"]
    assert rome == {
        "type": ["Alignment"],
        "targetName": "Personnel polyvalent des services hospitaliers",
        "targetUrl": "https://candidat.francetravail.fr/metierscope/fiche-metier/J1301",
        "targetCode": "J1301",
        "targetFramework": "ROME, répertoire des métiers de France Travail",
        "targetType": "ext:ROME",
    }
    assert (esco["targetType"], esco["targetDescription"]) == (
        "ext:ESCO",
        "Correspondance partielle : cette entrée du référentiel couvre moins, ou plus, que ce badge.",
    )
    assert (clea["targetType"], clea["targetDescription"]) == (
        "ext:CleA",
        "Domaine proche de ce badge, qui ne vaut pas certification CléA.",
    )


def test_a_partial_clea_domain_says_both() -> None:
    partial = replace(ROOM, alignments=(replace(ROOM.alignments[2], partial=True),))
    [alignment] = achievement_document(partial, RECOGNITION, ADDRESSES)["alignment"]
    assert alignment["targetDescription"].startswith("Correspondance partielle")
    assert alignment["targetDescription"].endswith("qui ne vaut pas certification CléA.")


def test_only_the_levels_of_the_achievement_are_described() -> None:
    [description] = achievement_document(replace(ROOM, levels=(3,)), RECOGNITION, ADDRESSES)["resultDescription"]
    assert description["rubricCriterionLevel"] == [
        {
            "id": "https://badges.example/achievements/ms-01/1#niveau-3",
            "type": ["RubricCriterionLevel"],
            "name": "transmet",
            "description": "S’adapte aux situations nouvelles et montre aux autres comment faire.",
            "level": "3",
        }
    ]


def test_empty_arrays_are_left_out() -> None:
    document = achievement_document(replace(MILESTONE, tags=()), RECOGNITION, ADDRESSES)
    assert {"alignment", "tag", "resultDescription", "endorsement"} & set(document) == set()


def test_a_milestone_aligns_to_its_components() -> None:
    document = achievement_document(MILESTONE, RECOGNITION, ADDRESSES, components=[ROOM])
    assert list(faults(without_context(document), "Achievement")) == []
    assert [item["targetName"] for item in document["alignment"]] == ["Entretenir la chambre d’un résident"]


def test_endorsements_travel_with_what_they_endorse() -> None:
    endorsement = plan_endorsement(ENDORSEMENT, ADDRESSES)
    assert achievement_document(ROOM, RECOGNITION, ADDRESSES, endorsements=[endorsement])["endorsement"] == [
        endorsement
    ]
    assert profile_document(MEMBER, ADDRESSES, endorsements=[endorsement])["endorsement"] == [endorsement]


def test_the_neutral_profile_is_a_root() -> None:
    profile = profile_document(RECOGNITION, ADDRESSES)
    assert profile == {
        "@context": ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": DID,
        "type": ["Profile"],
        "name": "Badges de savoir-faire",
        "url": "https://badges.example/issuers/reconnaissance",
        "description": "Atteste des savoir-faire observés au travail.",
        "email": "badges@badges.example",
    }
    assert find_forbidden(write_json(profile), [MEMBER.name]) == []


def test_a_neutral_profile_never_points_elsewhere() -> None:
    profile = profile_document(replace(RECOGNITION, url="https://ailleurs.example/"), ADDRESSES)
    assert profile["url"] == "https://badges.example/issuers/reconnaissance"


def test_a_named_profile_without_a_site_has_its_page() -> None:
    profile = profile_document(replace(MEMBER, url=None), ADDRESSES)
    assert profile["url"] == "https://reseau.example/issuers/ressourcerie-du-pont"


def test_a_profile_may_list_its_keys() -> None:
    profile = profile_document(RECOGNITION, ADDRESSES, methods=METHODS)
    assert methods_of(profile) == METHODS
    signed = canonicalize(profile).decode()
    assert MULTIKEY in signed
    assert "security#assertionMethod" in signed
    assert "security#publicKeyJwk" in signed


@pytest.mark.parametrize("path", sorted(BADGE_CLASSES.glob("*.toml")), ids=lambda path: path.stem)
def test_no_class_of_ours_holds_a_forbidden_word(path: Path) -> None:
    """Every text of a class ends up in neutral credentials."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    assert content["name"]
    assert find_forbidden(repr(content)) == []
