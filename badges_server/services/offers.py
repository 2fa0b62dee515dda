"""Offers: the person says yes or no, behind a link that works once, or on paper. Nothing is public before a yes."""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from badges_server.credentials.errors import BadgeError
from badges_server.credentials.model import Achievement, Presentation
from badges_server.services.awarding.erased import erased_among
from badges_server.services.awarding.judging import can_issue_named
from badges_server.services.awarding.pending import finish_all
from badges_server.services.awarding.planning import open_intents
from badges_server.services.awarding.states import AwardStateError, advance
from badges_server.services.awarding.trail import award_entry
from badges_server.services.awarding.turns import check_clock, take_turn
from badges_server.services.cataloguing import achievement
from badges_server.services.server import Server
from badges_server.storage.chains import append_audit
from badges_server.storage.tables import AwardRow, IntentRow, OfferLinkRow, PersonRow

LIFETIME = timedelta(days=30)
# A second click on the same button, or a page sent again after a lost answer, gets the first one's answer.
SECOND_CLICK = timedelta(minutes=10)
TOKEN_BYTES = 24
HOLDER = "recipient"


class OfferUnknownError(BadgeError):
    """No open offer behind this link: never made, used, expired or taken back, all said alike."""

    code = "OFFER_UNKNOWN"


class PresentationNotAllowedError(BadgeError):
    """The organisation may not show itself as issuer that day; the neutral presentation is still open."""

    code = "PRESENTATION_NOT_ALLOWED"


@dataclass(frozen=True)
class Offer:
    """What the person is asked to accept.

    Attributes:
        achievement: its `easy_read` is what the page says first.
        awarded_on: the day of the last observation.
    """

    award_id: str
    achievement: Achievement
    level: int | None
    organisation: str
    awarded_on: date
    expires_at: datetime


@dataclass(frozen=True)
class Accepted:
    """What the person now has.

    Attributes:
        code: of the verification page.
        held: why the badge could not be signed yet; none: it is signed.
    """

    award_id: str
    credential_id: str
    code: str
    held: str | None = None


def new_link(server: Server, session: Session, award_id: str) -> str:
    """Make the one-time link's token for an open offer; links made before for it stop working.

    Raises:
        AwardStateError: the award is not on offer or in review, or the person was erased.
    """
    award = session.get(AwardRow, award_id)
    if award is None or award.state != "offered":
        raise AwardStateError("only an open offer has a link", value=award_id)
    if award.review_since is not None:
        raise AwardStateError("is being looked at again: decide that first, with pathways review", value=award_id)
    _refuse_erased(server, session, award)
    now = server.now()
    earlier = update(OfferLinkRow).where(OfferLinkRow.award_id == award_id, OfferLinkRow.used_at.is_(None))
    # Expired rather than used: nobody has answered through them.
    session.execute(earlier.values(expires_at=now))
    token = urlsafe_b64encode(server.entropy.random_bytes(TOKEN_BYTES)).decode()
    session.add(OfferLinkRow(token_digest=_digest(token), award_id=award_id, expires_at=now + LIFETIME))
    append_audit(session, [award_entry(award, "link", "system")], now=now, entropy=server.entropy)
    return token


def look_up_offer(session: Session, token: str, now: datetime) -> Offer:
    """Look up what a link offers.

    Raises:
        OfferUnknownError: nothing; why is not said.
    """
    link, award = _link(session, token, now)
    if link.used_at is not None or award.state != "offered" or award.review_since or award.awarded_on is None:
        raise OfferUnknownError("no such offer")
    return Offer(
        award_id=award.id,
        achievement=achievement(session, award.achievement_slug, award.achievement_version),
        level=award.level,
        organisation=award.organisation_slug,
        awarded_on=award.awarded_on,
        expires_at=link.expires_at,
    )


def accept(server: Server, token: str, *, presentation: Presentation = "neutral") -> Accepted:
    """The person says yes: the badge is signed right away. The same click twice gives the same answer.

    Raises:
        OfferUnknownError: no open offer behind the link.
        PresentationNotAllowedError: named, though the organisation may not issue today.
        NoActiveKeyError: the issuer cannot sign now; the offer stays open.
    """
    with server.database.transaction() as session:
        link, award = _locked_link(session, server, token)
        if link.used_at is None:
            today = server.now().date()
            _take(server, session, award, today, presentation, actor=HOLDER)
            link.used_at = server.now()
        answer = _answered(session, award, link, server.now())
    return _finish(server, answer)


def accept_on_paper(
    server: Server, award_id: str, accepted_on: date, *, presentation: Presentation = "neutral", actor: str
) -> Accepted:
    """The person has said yes on paper, which `actor` answers for.

    Raises:
        AwardStateError: the award is not on offer, the person was erased, or the day does not fit.
        PresentationNotAllowedError: named, though the organisation could not issue that day.
        NoActiveKeyError: the issuer cannot sign now; the offer stays open.
    """
    with server.database.transaction() as session:
        award = _locked_award(session, award_id)
        _refuse_erased(server, session, award)
        if not (award.awarded_on or accepted_on) <= accepted_on <= server.now().date():
            raise AwardStateError("accepted before the last observation, or in the future", value=accepted_on)
        _take(server, session, award, accepted_on, presentation, actor=actor)
        answer = _accepted(session, award)
    return _finish(server, answer)


def decline(server: Server, token: str) -> None:
    """The person says no; nothing follows from it, and nobody is told but the organisation. Twice is once.

    Raises:
        OfferUnknownError: no open offer behind the link.
    """
    with server.database.transaction() as session:
        link, award = _locked_link(session, server, token)
        if link.used_at is not None:
            if award.state != "declined" or server.now() - link.used_at > SECOND_CLICK:
                raise OfferUnknownError("no such offer")
            return
        advance(award, "declined", now=server.now())
        link.used_at = server.now()
        append_audit(session, [award_entry(award, "decline", HOLDER)], now=server.now(), entropy=server.entropy)


def _take(
    server: Server, session: Session, award: AwardRow, day: date, presentation: Presentation, *, actor: str
) -> None:
    check_clock(server, session)
    if award.review_since is not None:
        raise AwardStateError("the award is being looked at again: decide that first", value=award.id)
    if presentation == "named" and not can_issue_named(session, award.organisation_slug, day):
        raise PresentationNotAllowedError("the organisation may not issue any more: accept as neutral", value=str(day))
    advance(award, "accepted", now=server.now())
    award.accepted_on, award.presentation = day, presentation
    open_intents(server, session, [award])
    entry = award_entry(award, "accept", actor, on=str(day), by="link" if actor == HOLDER else "paper")
    append_audit(session, [entry], now=server.now(), entropy=server.entropy)


def _answered(session: Session, award: AwardRow, link: OfferLinkRow, now: datetime) -> Accepted:
    """Give the answer of an accepted link, of this click or of the one just before."""
    if award.state not in ("accepted", "signed") or link.used_at is None or now - link.used_at > SECOND_CLICK:
        raise OfferUnknownError("no such offer")
    return _accepted(session, award)


def _accepted(session: Session, award: AwardRow) -> Accepted:
    open_one = select(IntentRow.credential_id).where(IntentRow.award_id == award.id, IntentRow.completed_at.is_(None))
    credential_id = award.credential_id or session.scalars(open_one.limit(1)).one()
    return Accepted(award.id, credential_id, award.code or "")


def _finish(server: Server, answer: Accepted) -> Accepted:
    held = finish_all(server, [answer.credential_id]).held
    return Accepted(answer.award_id, answer.credential_id, answer.code, held.get(answer.credential_id))


def _locked_link(session: Session, server: Server, token: str) -> tuple[OfferLinkRow, AwardRow]:
    """Take the turn, then read link and award anew: of two answers at once the second sees the first."""
    _, award = _link(session, token, server.now())
    _locked_award(session, award.id)
    link, award = _link(session, token, server.now())
    is_open = award.state == "offered" and award.review_since is None
    if (link.used_at is None and not is_open) or erased_among(server, session, [award.person_id]):
        raise OfferUnknownError("no such offer")
    return link, award


def _refuse_erased(server: Server, session: Session, award: AwardRow) -> None:
    if erased_among(server, session, [award.person_id]):
        raise AwardStateError("the person was erased: nothing can be offered to them", value=award.id)


def _locked_award(session: Session, award_id: str) -> AwardRow:
    award = session.get(AwardRow, award_id)
    if award is None:
        raise AwardStateError("no such award", value=award_id)
    take_turn(session, [award.organisation_slug])
    locked = select(AwardRow).where(AwardRow.id == award_id).with_for_update()
    return session.scalars(locked.execution_options(populate_existing=True)).one()


def _link(session: Session, token: str, now: datetime) -> tuple[OfferLinkRow, AwardRow]:
    query = (
        select(OfferLinkRow)
        .join(AwardRow, AwardRow.id == OfferLinkRow.award_id)
        .join(PersonRow, PersonRow.id == AwardRow.person_id)
        .where(OfferLinkRow.token_digest == _digest(token), OfferLinkRow.expires_at > now)
        .where(PersonRow.erased_at.is_(None))
    )
    link = session.scalar(query.execution_options(populate_existing=True))
    award = session.get(AwardRow, link.award_id) if link is not None else None
    if link is None or award is None:
        raise OfferUnknownError("no such offer")
    return link, award


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
