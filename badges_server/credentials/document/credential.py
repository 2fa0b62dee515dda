"""The OpenBadgeCredential of one award (OB 3.0, section B.1.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.contexts import CREDENTIALS_V2, OPEN_BADGES_3
from badges_server.credentials.date_time import months_later, start_of_day, write_date_time
from badges_server.credentials.document.achievement import achievement_object
from badges_server.credentials.document.profile import profile_object
from badges_server.credentials.document.status_list import status_entry_object
from badges_server.credentials.document.wording import check_level, evidence_in_words, evidence_name, level_in_words
from badges_server.credentials.errors import MalformedValueError
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.model import Achievement, Issuer, StatusPlace

_URN = "urn:uuid:"


@dataclass(frozen=True)
class CredentialPlan:
    """Everything a credential says, before it is signed.

    Attributes:
        credential_id: UUID; the credential's URL is made from it.
        subject_id: random UUID of the recipient in this credential alone, with or without `urn:uuid:`.
        issuer: who signs: the awarding organisation, or the neutral recognition profile.
        creator: who wrote the achievement: always the recognition profile.
        observation_count: dated observations; for a milestone, the badges that it stands on.
        awarded_on: day of the last observation.
        components: for a milestone, the achievements that it brings together.
    """

    credential_id: str
    subject_id: str
    achievement: Achievement
    level: int | None
    issuer: Issuer
    creator: Issuer
    observation_count: int
    observer_count: int
    awarded_on: date
    valid_from: datetime
    valid_until: datetime | None
    status: StatusPlace
    components: Sequence[Achievement] = ()


def plan_credential(plan: CredentialPlan, addresses: Addresses) -> JsonObject:
    """Write the unsigned OpenBadgeCredential (OB 3.0, section B.1.1; VC Data Model 2.0).

    Raises:
        MalformedValueError: a level the achievement has not, evidence that does not add up, an end before the
            beginning, or a moment without time zone.
    """
    _check(plan)
    document: JsonObject = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_3],
        "id": addresses.credential(plan.credential_id),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": plan.achievement.name,
        "description": plan.achievement.description,
        "issuer": profile_object(plan.issuer, addresses),
        "validFrom": write_date_time(plan.valid_from),
    }
    if plan.valid_until is not None:
        document["validUntil"] = write_date_time(plan.valid_until)
    document["awardedDate"] = write_date_time(start_of_day(plan.awarded_on))
    document["credentialSubject"] = _subject(plan, addresses)
    document["evidence"] = [_evidence(plan)]
    document["credentialStatus"] = status_entry_object(plan.status, addresses)
    return document


def resigned(document: JsonObject, valid_from: datetime) -> JsonObject:
    """The same document without its proof, from `valid_from` on; everything else is kept, known or not.

    Of two credentials with one id the later `validFrom` counts (OB 3.0, section 8.1): an equal one would not replace.

    Raises:
        MalformedValueError: `valid_from` is not later than the document's own.
    """
    moment = write_date_time(valid_from)
    # Both in our own fixed form, so text order is time order.
    if not document["validFrom"] < moment:
        raise MalformedValueError("the new document must begin later", value=moment, path="validFrom")
    return {name: value for name, value in document.items() if name != "proof"} | {"validFrom": moment}


def expiry_of(awarded_on: date, achievement: Achievement) -> datetime | None:
    """The last second of an award's last day, counted from the last observation; none: it does not expire."""
    if achievement.validity_months is None:
        return None
    last_day = months_later(awarded_on, achievement.validity_months)
    return start_of_day(last_day) + timedelta(hours=23, minutes=59, seconds=59)


def subject_urn(subject_id: str) -> str:
    """The recipient's `id`: a random URN that says nothing and is used in one credential only."""
    return subject_id if subject_id.startswith(_URN) else _URN + subject_id


def _check(plan: CredentialPlan) -> None:
    check_level(plan.achievement, plan.level)
    if plan.valid_until is not None and plan.valid_until < plan.valid_from:
        raise MalformedValueError("ends before it begins", value=plan.valid_until.isoformat(), path="validUntil")


def _subject(plan: CredentialPlan, addresses: Addresses) -> JsonObject:
    achievement = plan.achievement
    subject: JsonObject = {
        "id": subject_urn(plan.subject_id),
        "type": ["AchievementSubject"],
        "achievement": _embedded_achievement(plan, addresses),
    }
    if plan.level is not None:
        subject["result"] = [
            {
                "type": ["Result"],
                "resultDescription": addresses.achievement_result(achievement.slug, achievement.version),
                "achievedLevel": addresses.achievement_level(achievement.slug, achievement.version, plan.level),
                # For displayers that do not follow `achievedLevel`.
                "value": level_in_words(plan.level),
            }
        ]
    return subject


def _embedded_achievement(plan: CredentialPlan, addresses: Addresses) -> JsonObject:
    content = achievement_object(plan.achievement, plan.creator, addresses, plan.components)
    if plan.creator == plan.issuer:
        # Said once: RDF merges two descriptions of one id, and a part of the second could vanish without a trace.
        content["creator"] = {"id": content["creator"]["id"], "type": ["Profile"]}
    return content


def _evidence(plan: CredentialPlan) -> JsonObject:
    return {
        "type": ["Evidence"],
        "name": evidence_name(plan.achievement),
        "narrative": evidence_in_words(plan.achievement, plan.observation_count, plan.observer_count),
    }
