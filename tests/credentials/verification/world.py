"""A small world to verify in: an issuer with keys and pages, good credentials of every form, and what URLs answer."""

import copy
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges_server.credentials import data_integrity, did, jwt_proof, open_badges_2, status_list
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.json_text import JsonObject, write_json
from badges_server.credentials.received import Received, read_container
from badges_server.credentials.verification import Answer, Facts, Failure, Outcome, Recipient, Report, verify, wanted
from badges_server.credentials.verification_method import VerificationMethod, pem_from_public_key
from tests.credentials.conftest import OPEN_BADGE, KeySigner
from tests.credentials.documents.examples import ADDRESSES, RECOGNITION, ROOM

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
ISSUER = str(OPEN_BADGE["issuer"]["id"])
ISSUER_DID_URL = "https://badges.example.org/issuers/recyclerie/did.json"
STATUS_URL = "https://badges.example.org/status/3"
STATUS_INDEX = 94567
KEY = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(range(32))), f"{ISSUER}#key-1")
FOREIGN_KEY = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))), f"{ISSUER}#key-1")


@cache
def rsa_key(name: str = "own") -> rsa.RSAPrivateKey:  # noqa: ARG001  (one key a name)
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwt_signer(name: str = "own", verification_method: str = f"{ISSUER}#jwt-1") -> KeySigner:
    return KeySigner(rsa_key(name), verification_method)


def open_badge() -> JsonObject:
    return copy.deepcopy(OPEN_BADGE)


def signed(document: JsonObject, signer: KeySigner = KEY) -> JsonObject:
    return data_integrity.secure(document, signer, NOW)


def own_did_document() -> JsonObject:
    methods = [
        VerificationMethod(KEY.verification_method, ISSUER, KEY.public_key),
        VerificationMethod(f"{ISSUER}#jwt-1", ISSUER, jwt_signer().public_key),
    ]
    return did.did_document(ISSUER, methods)


def status_list_document(set_indexes: Iterable[int] = (), **changes: object) -> JsonObject:
    document: JsonObject = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": STATUS_URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": ISSUER,
        "validFrom": "2026-06-01T11:59:00Z",
        "credentialSubject": {
            "id": f"{STATUS_URL}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "ttl": 60000,
            "encodedList": status_list.encode(set_indexes),
        },
    }
    return {**document, **changes}


def as_answer(document: object, status: int = 200) -> Answer:
    body = document if isinstance(document, bytes) else write_json(document).encode()
    return Answer(status, body)


@dataclass
class World:
    """What every URL answers."""

    answers: dict[str, Answer | Failure] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def puts(self, url: str, document: object, status: int = 200) -> None:
        self.answers[url] = as_answer(document, status)

    def loses(self, url: str) -> None:
        self.answers[url] = Failure("UNREACHABLE", "no connection")

    def facts(self, data: bytes | str | JsonObject, now: datetime = NOW, recipient: Recipient | None = None) -> Facts:
        """Gather from the dictionary as the service gathers from the network."""
        facts = Facts(received=received(data), now=now, recipient=recipient)
        while missing := wanted(facts):
            self.asked += [want.url for want in missing]
            found = {want.url: self.answers.get(want.url, Failure("NOT_PROVIDED", "not there")) for want in missing}
            facts = replace(facts, documents={**facts.documents, **found})
        return facts

    def report(self, data: bytes | str | JsonObject, now: datetime = NOW, recipient: Recipient | None = None) -> Report:
        return verify(self.facts(data, now, recipient))


def received(data: bytes | str | JsonObject) -> Received | BadgeError:
    content = json.dumps(data, ensure_ascii=False) if isinstance(data, dict) else data
    try:
        return read_container(content.encode() if isinstance(content, str) else content)
    except BadgeError as error:
        return error


def world(set_indexes: Iterable[int] = ()) -> World:
    """The issuer's pages, all in order."""
    made = World()
    made.puts(ISSUER_DID_URL, own_did_document())
    made.puts(STATUS_URL, _signed_list(tuple(set_indexes)))
    return made


@cache
def _signed_list(set_indexes: tuple[int, ...]) -> JsonObject:
    return signed(status_list_document(set_indexes))


# --- Open Badges 2.0 ---

UID = "urn:uuid:3c1f0c7e-3f6c-4a3f-8f0f-0d0b8a3e9a77"
SUBJECT = "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e"
HOSTED = open_badges_2.HostedAssertion(
    credential_id="6a1f0c2e-8f5b-4a55-9d0e-0c5b7b1d2e3f",
    subject_id=SUBJECT,
    achievement=ROOM,
    level=2,
    issuer=RECOGNITION,
    observation_count=2,
    observer_count=1,
    awarded_on=datetime(2026, 3, 4, tzinfo=UTC).date(),
    valid_until=datetime(2028, 3, 4, 23, 59, 59, tzinfo=UTC),
    salt="grain",
)
KEY_URL = open_badges_2.key_url(RECOGNITION, "jwt-1", ADDRESSES)
ASSERTION_URL = ADDRESSES.ob2_assertion(HOSTED.credential_id)
BADGE_URL = ADDRESSES.ob2_badge(RECOGNITION.slug, ROOM.slug, ROOM.version, named=False)
ISSUER_URL = ADDRESSES.ob2_issuer(RECOGNITION.slug, named=False)
REVOCATIONS_URL = ADDRESSES.ob2_revocations(RECOGNITION.slug, named=False)


def hosted_assertion() -> JsonObject:
    return open_badges_2.assertion_document(HOSTED, ADDRESSES)


def signed_assertion() -> JsonObject:
    return open_badges_2.signed_assertion(open_badges_2.SignedAssertion(HOSTED, UID, KEY_URL), ADDRESSES)


def jws(document: JsonObject, name: str = "own") -> str:
    return jwt_proof.sign_compact(document, jwt_signer(name), {"typ": "JWT"})


def key_document() -> JsonObject:
    pem = pem_from_public_key(jwt_signer().public_key)
    return open_badges_2.cryptographic_key_document(RECOGNITION, "jwt-1", pem, ADDRESSES)


def badge_class() -> JsonObject:
    return open_badges_2.badge_class_document(ROOM, RECOGNITION, ADDRESSES)


def issuer_profile() -> JsonObject:
    return open_badges_2.issuer_document(RECOGNITION, ADDRESSES, ["jwt-1"])


def world_2(revoked: Iterable[str] = ()) -> World:
    made = World()
    made.puts(ASSERTION_URL, hosted_assertion())
    made.puts(BADGE_URL, badge_class())
    made.puts(ISSUER_URL, issuer_profile())
    made.puts(KEY_URL, key_document())
    made.puts(REVOCATIONS_URL, open_badges_2.revocation_list_document(RECOGNITION, revoked, ADDRESSES))
    return made


# --- Changing and comparing ---

REMOVED = object()


def changed(document: JsonObject, place: str, value: object) -> JsonObject:
    """A copy with one thing put at a place like ``credentialSubject/result/0/type``, or removed."""
    copied = copy.deepcopy(document)
    *steps, last = (int(part) if part.isdigit() else part for part in place.split("/"))
    target: Any = copied
    for step in steps:
        target = target[step]
    if value is REMOVED:
        del target[last]
    else:
        target[last] = value
    return copied


def outcomes(report: Report) -> dict[str, Outcome]:
    return {finding.check: report.outcome_of(finding.check) for finding in report.findings}


def differences(report: Report, good: Report) -> dict[str, str]:
    """The checks whose outcome is another than in `good`, with their new outcome."""
    before = outcomes(good)
    return {check: outcome.value for check, outcome in outcomes(report).items() if outcome != before[check]}
