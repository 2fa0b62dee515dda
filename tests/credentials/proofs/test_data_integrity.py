"""Data Integrity proofs: nothing that was signed can be changed, and no proof is accepted for less than it must be."""

import copy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges_server.credentials import base58, data_integrity
from badges_server.credentials.contexts import CREDENTIALS_V1, CREDENTIALS_V2, OPEN_BADGES_3
from badges_server.credentials.errors import (
    BadgeError,
    CryptographicSecurityError,
    MalformedValueError,
    ProofVerificationError,
)
from badges_server.credentials.json_text import JsonObject, JsonValue, json_path, walk
from tests.credentials.conftest import ISSUER, OPEN_BADGE, KeySigner

CREATED = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
KEY = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
SECURED = data_integrity.secure(OPEN_BADGE, KEY, CREATED)
Steps = tuple[str | int, ...]


def verify(document: JsonObject) -> None:
    (proof,) = data_integrity.proofs_of(document)
    data_integrity.verify(document, proof, KEY.public_key)


def verify_with(**changes: object) -> None:
    data_integrity.verify(SECURED, {**SECURED["proof"][0], **changes}, KEY.public_key)


def places(document: JsonValue, *, leaves: bool) -> Iterator[Steps]:
    return (steps for steps, value in walk(document) if steps and (not leaves or not isinstance(value, dict | list)))


def parent_of(document: JsonValue, steps: Steps) -> Any:  # noqa: ANN401
    for step in steps[:-1]:
        document = document[step]
    return document


def flipped(value: JsonValue) -> JsonValue:
    if isinstance(value, bool):
        return not value
    return f"{value}x" if isinstance(value, str) else value + 1


def test_what_is_secured_verifies() -> None:
    verify(SECURED)
    assert data_integrity.without_proof(SECURED) == OPEN_BADGE
    assert list(SECURED) == [*OPEN_BADGE, "proof"]
    assert SECURED["proof"][0] == {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-03-01T09:00:00Z",
        "verificationMethod": f"{ISSUER}#key-1",
        "proofPurpose": "assertionMethod",
        "proofValue": SECURED["proof"][0]["proofValue"],
    }


def test_created_is_written_in_utc() -> None:
    local = CREATED.astimezone(timezone(timedelta(hours=2)))
    assert data_integrity.secure(OPEN_BADGE, KEY, local) == SECURED
    with pytest.raises(MalformedValueError):
        data_integrity.secure(OPEN_BADGE, KEY, CREATED.replace(tzinfo=None))


@pytest.mark.parametrize("steps", list(places(SECURED, leaves=True)), ids=json_path)
def test_one_changed_leaf_breaks_the_proof(steps: Steps) -> None:
    document = copy.deepcopy(SECURED)
    parent = parent_of(document, steps)
    parent[steps[-1]] = flipped(parent[steps[-1]])
    with pytest.raises(BadgeError) as refusal:
        verify(document)
    expected = {
        "@context": {"UNKNOWN_CONTEXT"},
        "proof": {"PROOF_VERIFICATION_ERROR", "MALFORMED_VALUE_ERROR", "CRYPTOGRAPHIC_SECURITY_ERROR"},
    }
    assert refusal.value.code in expected.get(str(steps[0]), {"PROOF_VERIFICATION_ERROR", "UNSAFE_JSON_LD"})


@pytest.mark.parametrize("steps", list(places(OPEN_BADGE, leaves=False)), ids=json_path)
def test_one_thing_taken_away_breaks_the_proof(steps: Steps) -> None:
    document = copy.deepcopy(SECURED)
    del parent_of(document, steps)[steps[-1]]
    with pytest.raises(BadgeError) as refusal:
        verify(document)
    assert refusal.value.code in {"PROOF_VERIFICATION_ERROR", "UNSAFE_JSON_LD"}


@pytest.mark.parametrize(
    "member", ["created", "verificationMethod", "proofPurpose", "cryptosuite", "type", "proofValue"]
)
def test_one_option_taken_away_breaks_the_proof(member: str) -> None:
    document = copy.deepcopy(SECURED)
    del document["proof"][0][member]
    with pytest.raises((ProofVerificationError, MalformedValueError, CryptographicSecurityError)):
        verify(document)


@pytest.mark.parametrize(
    "options",
    [
        {"created": "2026-03-01T09:00:01Z"},
        {"created": "2026-03-01T10:00:00+01:00"},
        {"verificationMethod": f"{ISSUER}#key-2"},
        {"expires": "2027-01-01T00:00:00Z"},
        {"domain": "https://example.org"},
        {"challenge": "1"},
        {"nonce": "1"},
        {"id": "urn:uuid:1c1c3f0e-7f2b-4b8b-9d9e-3a0a5c1d2e3f"},
        {"cryptosuite": "eddsa-2022"},
    ],
)
def test_changed_or_added_options_break_the_proof(options: JsonObject) -> None:
    with pytest.raises(ProofVerificationError, match="does not hold") as refusal:
        verify_with(**options)
    assert refusal.value.path == "$.proof.proofValue"


def test_options_that_nothing_defines_are_refused() -> None:
    with pytest.raises(BadgeError, match="no context defines") as refusal:
        verify_with(colour="red")
    assert refusal.value.code == "UNSAFE_JSON_LD"


def test_another_key_does_not_verify(rsa_signer: KeySigner) -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
    with pytest.raises(ProofVerificationError, match="does not hold"):
        data_integrity.verify(SECURED, SECURED["proof"][0], other)
    with pytest.raises(CryptographicSecurityError, match="needs an Ed25519 key"):
        data_integrity.verify(SECURED, SECURED["proof"][0], rsa_signer.public_key)
    with pytest.raises(CryptographicSecurityError, match="needs an Ed25519 key"):
        data_integrity.secure(OPEN_BADGE, rsa_signer, CREATED)


@pytest.mark.parametrize(
    ("kind", "suite"),
    [
        ("DataIntegrityProof", "eddsa-rdf-2022"),
        ("DataIntegrityProof", "eddsa-jcs-2022"),
        ("DataIntegrityProof", "ecdsa-rdfc-2019"),
        ("DataIntegrityProof", None),
        ("Ed25519Signature2020", "eddsa-rdfc-2022"),
        ("Ed25519Signature2018", None),
        (["DataIntegrityProof"], "eddsa-rdfc-2022"),
        ("DataIntegrityProof", {"name": "eddsa-rdfc-2022"}),
    ],
)
def test_an_unknown_suite_is_named(kind: object, suite: object) -> None:
    with pytest.raises(CryptographicSecurityError, match="not known here") as refusal:
        verify_with(type=kind, cryptosuite=suite)
    assert refusal.value.value == (kind, suite)


@pytest.mark.parametrize("purpose", ["authentication", "assertion", ["assertionMethod"], None])
def test_another_purpose_is_refused(purpose: object) -> None:
    with pytest.raises(ProofVerificationError, match="another purpose") as refusal:
        verify_with(proofPurpose=purpose)
    assert (refusal.value.path, refusal.value.value) == ("$.proof.proofPurpose", purpose)


VALUE = SECURED["proof"][0]["proofValue"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"created": "2026-03-01"}, "$.proof.created"),
        ({"created": "2026-03-01T09:00:00"}, "$.proof.created"),
        ({"created": "2026-02-30T09:00:00Z"}, "$.proof.created"),
        ({"created": "2026-03-01T09:00:00Z\n"}, "$.proof.created"),
        ({"created": 1772355600}, "$.proof.created"),
        ({"expires": "never"}, "$.proof.expires"),
        ({"verificationMethod": {"id": f"{ISSUER}#key-1"}}, "$.proof.verificationMethod"),
        ({"verificationMethod": "key-1"}, "$.proof.verificationMethod"),
        ({"proofValue": VALUE[1:]}, "$.proof.proofValue"),
        ({"proofValue": "u" + VALUE[1:]}, "$.proof.proofValue"),
        ({"proofValue": "z"}, "$.proof.proofValue"),
        ({"proofValue": "z" + "2" * 100_000}, "$.proof.proofValue"),
        ({"proofValue": "z1" + VALUE[1:]}, "$.proof.proofValue"),
        ({"proofValue": "z" + base58.encode(bytes(63))}, "$.proof.proofValue"),
        ({"proofValue": [VALUE]}, "$.proof.proofValue"),
        ({"proofValue": VALUE + "0"}, "$.proof.proofValue"),
        ({"proofValue": VALUE + " "}, "$.proof.proofValue"),
        ({"@context": [CREDENTIALS_V2, OPEN_BADGES_3]}, '$.proof["@context"]'),
    ],
)
def test_a_malformed_option_is_refused_before_any_arithmetic(changes: JsonObject, path: str) -> None:
    with pytest.raises(MalformedValueError) as refusal:
        verify_with(**changes)
    assert (refusal.value.code, refusal.value.path) == ("MALFORMED_VALUE_ERROR", path)


def test_a_proof_may_repeat_the_document_s_context() -> None:
    verify_with(**{"@context": SECURED["@context"]})


def test_the_older_suites_verify_and_are_told_apart() -> None:
    contexts = [CREDENTIALS_V2, OPEN_BADGES_3, "https://w3id.org/security/suites/ed25519-2020/v1"]
    kinds = [("DataIntegrityProof", "eddsa-2022"), ("Ed25519Signature2020", None)]
    for kind, suite in kinds:
        document = {**OPEN_BADGE, "@context": [*OPEN_BADGE["@context"], contexts[2]] if suite is None else contexts[:2]}
        document.pop("credentialSchema")
        proof = {**SECURED["proof"][0], "type": kind, **({"cryptosuite": suite} if suite else {})}
        if suite is None:
            del proof["cryptosuite"]
        del proof["proofValue"]
        signature = KEY.sign(data_integrity.hash_data(document, proof))
        proof["proofValue"] = "z" + base58.encode(signature)
        data_integrity.verify(document, proof, KEY.public_key)
        assert data_integrity.suite_of(proof).is_deprecated


def test_a_credential_of_version_1_1_verifies() -> None:
    document: JsonObject = {
        "@context": [CREDENTIALS_V1, OPEN_BADGES_3, "https://w3id.org/security/data-integrity/v1"],
        "id": "https://example.org/credentials/1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": ISSUER, "type": ["Profile"], "name": "x"},
        "issuanceDate": "2026-03-01T09:00:00Z",
        "credentialSubject": {"type": ["AchievementSubject"], "id": "urn:uuid:1"},
    }
    verify(data_integrity.secure(document, KEY, CREATED))


def test_each_proof_of_a_set_stands_for_itself() -> None:
    other = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(32)), f"{ISSUER}#key-2")
    second = data_integrity.secure(OPEN_BADGE, other, CREATED)["proof"]
    both = {**OPEN_BADGE, "proof": [*SECURED["proof"], *second]}
    first_proof, second_proof = data_integrity.proofs_of(both)
    data_integrity.verify(both, first_proof, KEY.public_key)
    data_integrity.verify(both, second_proof, other.public_key)
    with pytest.raises(ProofVerificationError):
        data_integrity.verify(both, first_proof, other.public_key)


def test_proofs_are_listed_in_any_form() -> None:
    proof = SECURED["proof"][0]
    assert data_integrity.proofs_of({"proof": proof}) == [proof] == data_integrity.proofs_of({"proof": [proof]})
    assert data_integrity.proofs_of({}) == [] == data_integrity.proofs_of({"proof": []})
    for broken in ("z...", [proof, "z..."], None, 3):
        with pytest.raises(MalformedValueError, match="a proof is a JSON object"):
            data_integrity.proofs_of({"proof": broken})


def test_more_proofs_than_anybody_needs_are_refused() -> None:
    proof = SECURED["proof"][0]
    assert len(data_integrity.proofs_of({"proof": [proof] * 16})) == 16
    with pytest.raises(MalformedValueError, match="more than 16 proofs"):
        data_integrity.proofs_of({"proof": [proof] * 17})


def test_a_secured_document_is_not_secured_again() -> None:
    with pytest.raises(MalformedValueError, match="has a proof already") as refusal:
        data_integrity.secure(SECURED, KEY, CREATED)
    assert refusal.value.path == "$.proof"


def test_expiry_is_told_not_judged() -> None:
    assert data_integrity.expiry_of({}) is None
    assert data_integrity.expiry_of({"expires": "2027-01-01T00:00:00Z"}) == datetime(2027, 1, 1, tzinfo=UTC)
    with pytest.raises(MalformedValueError):
        data_integrity.expiry_of({"expires": "2027"})


def test_the_proof_s_hash_comes_first() -> None:
    data = data_integrity.hash_data(SECURED, SECURED["proof"][0])
    other = data_integrity.hash_data(SECURED, {**SECURED["proof"][0], "created": "2026-03-01T09:00:01Z"})
    assert len(data) == 64
    assert data[32:] == other[32:]
    assert data[:32] != other[:32]
