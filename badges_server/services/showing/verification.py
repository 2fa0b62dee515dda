"""The verification page of one credential: every check really made when it is asked for."""

import json
import re
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.entropy import CODE_ALPHABET, CODE_LENGTH
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.json_text import parse_json_object
from badges_server.credentials.model import Achievement
from badges_server.services import cataloguing
from badges_server.services.profiles import issuer
from badges_server.services.server import Server
from badges_server.services.showing.ladder import ladder_of
from badges_server.services.showing.page_content import Downloads, VerificationPage
from badges_server.services.showing.verdicts import check_lines, verdict_of
from badges_server.services.verifying import report_for_page
from badges_server.storage.tables import AwardRow, CredentialRow, ObservationRow

_CODE = re.compile(f"[{CODE_ALPHABET}]{{{CODE_LENGTH}}}")
_NOT_IN_A_CODE = re.compile(r"[\s\u2010-\u2015.·_-]+")
_SHOWN = ("signed", "revoked", "expired")


class NoSuchBadgeError(BadgeError):
    """There is no such badge for the public: unknown, not accepted, withdrawn and erased are one answer."""

    code = "NOT_PUBLISHED"


@dataclass(frozen=True)
class PublicBadge:
    """An award that the public may see, and the credential that is shown for it."""

    code: str
    award: AwardRow
    credential: CredentialRow
    achievement: Achievement


def read_code(text: str) -> str:
    """Read a code as people type it: any case, spaces and dashes ignored.

    Raises:
        NoSuchBadgeError: no code looks like that.
    """
    code = _NOT_IN_A_CODE.sub("", text).upper()
    if not _CODE.fullmatch(code):
        raise NoSuchBadgeError("not a badge code", path="code")
    return code


def badge_of_code(session: Session, text: str) -> PublicBadge:
    """Look up the badge behind a typed or scanned code.

    Raises:
        NoSuchBadgeError: nothing public has that code.
    """
    award = session.scalar(select(AwardRow).where(AwardRow.code == read_code(text), AwardRow.state.in_(_SHOWN)))
    if award is None or award.credential_id is None:
        raise NoSuchBadgeError("no public badge", path="code")
    return _public(session, award, session.get(CredentialRow, award.credential_id))


def badge_of_credential(session: Session, credential_id: str) -> PublicBadge:
    """Look up the badge of a credential's id, also of one that was replaced since.

    Raises:
        NoSuchBadgeError: nothing public has that id.
    """
    credential = session.get(CredentialRow, credential_id)
    award = session.get(AwardRow, credential.award_id) if credential else None
    if award is None or award.state not in _SHOWN:
        raise NoSuchBadgeError("no public badge", path="id")
    return _public(session, award, credential)


def verification_page(server: Server, session: Session, badge: PublicBadge) -> VerificationPage:
    """Check the credential now and gather what its page shows."""
    credential, award = badge.credential, badge.award
    at = server.now()
    report = report_for_page(server, session, credential.id)
    lines = check_lines(report, at)
    url = server.addresses.credential(credential.id)
    observations, observers = _counts(session, award.id)
    return VerificationPage(
        code=badge.code,
        url=f"/v/{badge.code}",
        qr_url=f"/v/{badge.code}/qr",
        picture_url=f"{url}.svg",
        verdict=verdict_of(report, lines, withdrawn=credential.revoked_at is not None),
        checked_at=at,
        achievement=badge.achievement,
        level=award.level,
        awarded_on=credential.awarded_at.date(),
        valid_from=credential.issued_at,
        valid_until=credential.valid_until.date() if credential.valid_until else None,
        revoked_at=credential.revoked_at,
        observation_count=observations,
        observer_count=observers,
        evidence=_signed_evidence(credential),
        ladder=ladder_of(server, session, badge.achievement, issuer(session, credential.issuer_slug)),
        checks=lines,
        downloads=_downloads(server.addresses, credential.id),
        technical_report=json.dumps(report.to_json(url), indent=2, ensure_ascii=False),
    )


def _public(session: Session, award: AwardRow, credential: CredentialRow | None) -> PublicBadge:
    if credential is None or credential.document is None or credential.state == "erased":
        raise NoSuchBadgeError("no public badge")
    # A replaced document that named an organisation must not go on naming it.
    if credential.state == "superseded" and issuer(session, credential.issuer_slug).named:
        raise NoSuchBadgeError("withdrawn")
    if award.code is None:
        raise NoSuchBadgeError("no public badge")
    achievement = cataloguing.achievement(session, award.achievement_slug, award.achievement_version)
    return PublicBadge(award.code, award, credential, achievement)


def _counts(session: Session, award_id: str) -> tuple[int, int]:
    observations, observers = session.execute(
        select(func.count(), func.count(ObservationRow.observer.distinct())).where(ObservationRow.award_id == award_id)
    ).one()
    return observations, observers


def _signed_evidence(credential: CredentialRow) -> str:
    evidence = parse_json_object(credential.document or "{}").get("evidence") or [{}]
    return str(evidence[0].get("narrative", ""))


def _downloads(addresses: Addresses, credential_id: str) -> Downloads:
    url = addresses.credential(credential_id)
    return Downloads(f"{url}.png", f"{url}.json", f"{url}.jwt", addresses.ob2_assertion(credential_id))
