"""Open Badges 2.0 Assertions: hosted, signed, revoked (OB 2.0, section 4.1).

Hosted and signed are two assertions about one award, each with its own id: a RevocationList publishes the ids of the
signed ones, which must not lead to a page.
"""

from dataclasses import dataclass
from datetime import date, datetime

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.contexts import OPEN_BADGES_2
from badges_server.credentials.date_time import start_of_day, write_date_time
from badges_server.credentials.document.credential import subject_urn
from badges_server.credentials.document.wording import check_level, evidence_in_words, level_in_words
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.model import Achievement, Issuer
from badges_server.credentials.recipient import identity_hash


@dataclass(frozen=True)
class HostedAssertion:
    """Everything an assertion says.

    Attributes:
        credential_id: UUID of the OB 3.0 credential beside it.
        subject_id: the recipient's random UUID, with or without `urn:uuid:`; shown only hashed.
        salt: random text, of this award alone.
    """

    credential_id: str
    subject_id: str
    achievement: Achievement
    level: int | None
    issuer: Issuer
    observation_count: int
    observer_count: int
    awarded_on: date
    valid_until: datetime | None
    salt: str


@dataclass(frozen=True)
class SignedAssertion:
    """A hosted assertion's content, to be signed as a JWS.

    Attributes:
        uid: its own `urn:uuid:…`.
        key_url: `id` of the CryptographicKey that signs.
    """

    content: HostedAssertion
    uid: str
    key_url: str


def assertion_document(assertion: HostedAssertion, addresses: Addresses) -> JsonObject:
    """Write the hosted Assertion; being there, at its `id`, is its proof.

    Raises:
        MalformedValueError: a level the achievement has not, or evidence that does not add up.
    """
    url = addresses.ob2_assertion(assertion.credential_id)
    document = _document(assertion, url, {"type": "HostedBadge"}, addresses)
    return {**document, "image": f"{url}.png"}


def signed_assertion(assertion: SignedAssertion, addresses: Addresses) -> JsonObject:
    """Write the Assertion that becomes the payload of a JWS.

    It carries no image: the address of a baked picture would lead from a revoked uid to its page.

    Raises:
        MalformedValueError: see `assertion_document`.
    """
    verification = {"type": "SignedBadge", "creator": assertion.key_url}
    return _document(assertion.content, subject_urn(assertion.uid), verification, addresses)


def revoked_assertion_document(url: str) -> JsonObject:
    """What a hosted assertion answers (with 410 Gone) once revoked: that, and nothing else.

    Args:
        url: the assertion's `id`.
    """
    return {"@context": OPEN_BADGES_2, "id": url, "type": "Assertion", "revoked": True}


def _document(
    assertion: HostedAssertion, assertion_id: str, verification: JsonObject, addresses: Addresses
) -> JsonObject:
    achievement, issuer = assertion.achievement, assertion.issuer
    check_level(achievement, assertion.level)
    document: JsonObject = {
        "@context": OPEN_BADGES_2,
        "id": assertion_id,
        "type": "Assertion",
        "recipient": _recipient(assertion),
        "badge": addresses.ob2_badge(issuer.slug, achievement.slug, achievement.version, named=issuer.named),
        "verification": verification,
        "issuedOn": write_date_time(start_of_day(assertion.awarded_on)),
    }
    if assertion.valid_until is not None:
        document["expires"] = write_date_time(assertion.valid_until)
    if assertion.level is not None:
        document["narrative"] = level_in_words(assertion.level)
    evidence = evidence_in_words(achievement, assertion.observation_count, assertion.observer_count)
    document["evidence"] = [{"type": "Evidence", "narrative": evidence}]
    return document


def _recipient(assertion: HostedAssertion) -> JsonObject:
    return {
        "type": "id",
        "hashed": True,
        "salt": assertion.salt,
        "identity": identity_hash(subject_urn(assertion.subject_id), assertion.salt),
    }
