"""The verification page of one credential: every check really made when it is asked for."""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.entropy import CODE_ALPHABET, CODE_LENGTH
from badges_server.credentials.model import Achievement
from badges_server.services.publishing.public_credentials import PublicCredential, achievement_of, public_credential
from badges_server.services.publishing.publication import NotPublishedError
from badges_server.services.server import Server
from badges_server.services.showing.ladder import ladder_of
from badges_server.services.showing.milestones import lapsed_components
from badges_server.services.showing.page_content import Downloads, VerificationPage
from badges_server.services.showing.verdicts import check_lines, verdict_of
from badges_server.services.verifying import report_for_page
from badges_server.storage.tables import AwardRow, ObservationRow

_CODE = re.compile(f"[{CODE_ALPHABET}]{{{CODE_LENGTH}}}")
_NOT_IN_A_CODE = re.compile(r"[\s\u2010-\u2015.·_-]+")


@dataclass(frozen=True)
class PublicBadge:
    """What the public may see of an award: a credential, and the short code that leads to it.

    `code` is none for a credential that was replaced: the code leads to its successor, which may name an organisation
    that the holder of the old one was never told.
    """

    code: str | None
    credential: PublicCredential
    achievement: Achievement


def read_code(text: str) -> str:
    """Read a code as people type it: any case, spaces and dashes ignored.

    Raises:
        NotPublishedError: no code looks like that.
    """
    code = _NOT_IN_A_CODE.sub("", text).upper()
    if not _CODE.fullmatch(code):
        raise NotPublishedError("not a badge code", path="code")
    return code


def badge_of_code(session: Session, text: str) -> PublicBadge:
    """Look up the badge behind a typed or scanned code.

    Raises:
        NotPublishedError: nothing public has that code.
    """
    credential_id = session.scalar(select(AwardRow.credential_id).where(AwardRow.code == read_code(text)))
    if credential_id is None:
        raise NotPublishedError("no such badge", path="code")
    return badge_of_credential(session, credential_id)


def badge_of_credential(session: Session, credential_id: str) -> PublicBadge:
    """Look up the badge of a credential's id, also of one that was replaced since.

    Raises:
        NotPublishedError: nothing public has that id.
    """
    credential = public_credential(session, credential_id)
    is_current = credential.award.credential_id == credential_id
    code = credential.award.code if is_current else None
    return PublicBadge(code, credential, achievement_of(session, credential))


def verification_page(server: Server, session: Session, badge: PublicBadge) -> VerificationPage:
    """Check the credential now and gather what its page shows."""
    row = badge.credential.row
    at = server.now()
    report = report_for_page(server, session, row.id)
    lines = check_lines(report, at, withdrawn=badge.credential.is_revoked)
    url = server.addresses.credential(row.id)
    observations, observers = _counts(session, row.award_id)
    return VerificationPage(
        code=badge.code,
        url=f"/v/{badge.code}" if badge.code else urlsplit(url).path,
        picture_url=f"{urlsplit(url).path}.svg",
        verdict=verdict_of(report, lines),
        checked_at=at,
        achievement=badge.achievement,
        level=badge.credential.level,
        awarded_on=row.awarded_at.date(),
        valid_from=row.issued_at,
        valid_until=row.valid_until.date() if row.valid_until else None,
        revoked_at=row.revoked_at,
        observation_count=observations,
        observer_count=observers,
        evidence=_signed_evidence(badge.credential),
        lapsed_components=lapsed_components(session, badge.credential.award, at.date()),
        ladder=ladder_of(server, session, badge.achievement, badge.credential.issuer, row.awarded_at.date()),
        checks=lines,
        downloads=_downloads(server.addresses, row.id),
        technical_report=json.dumps(report.to_json(url), indent=2, ensure_ascii=False),
    )


def _counts(session: Session, award_id: str) -> tuple[int, int]:
    observations, observers = session.execute(
        select(func.count(), func.count(ObservationRow.observer.distinct())).where(ObservationRow.award_id == award_id)
    ).one()
    return observations, observers


def _signed_evidence(credential: PublicCredential) -> str:
    evidence = credential.document.get("evidence") or [{}]
    return str(evidence[0].get("narrative", ""))


def _downloads(addresses: Addresses, credential_id: str) -> Downloads:
    path = urlsplit(addresses.credential(credential_id)).path
    assertion = urlsplit(addresses.ob2_assertion(credential_id)).path
    return Downloads(f"{path}.png", f"{path}.json", f"{path}.jwt", assertion)
