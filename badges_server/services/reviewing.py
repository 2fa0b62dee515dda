"""Milestones in review: somebody looks again at what leaned on a badge revoked for error, and decides."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from badges_server.credentials.errors import BadgeError
from badges_server.network.members import has_mandate_on
from badges_server.services.awarding.idempotency import given_back_key
from badges_server.services.awarding.milestones import progress_of
from badges_server.services.awarding.states import advance
from badges_server.services.awarding.trail import award_entry
from badges_server.services.awarding.turns import take_turn
from badges_server.services.cataloguing import all_pathways
from badges_server.services.recording import mandates_of
from badges_server.services.revoking import take_back
from badges_server.services.server import Server
from badges_server.storage.chains import append_audit
from badges_server.storage.tables import AwardRow, CredentialRow, StaffRow

# States in which a milestone still stands, so that a review has something to decide.
STANDING: Final = ("offered", "accepted", "signed", "expired")


class ReviewError(BadgeError):
    """A review cannot be decided so."""

    code = "REVIEW"


@dataclass(frozen=True)
class Reviewed:
    """What was decided.

    Attributes:
        state: of the award from now on.
    """

    award_id: str
    state: str
    upheld: bool

    def __str__(self) -> str:
        """One line for a terminal."""
        return f"{self.award_id} is {'upheld' if self.upheld else 'withdrawn'}: {self.state}"


def decide_review(server: Server, award_id: str, *, uphold: bool, by: str) -> Reviewed:
    """End the review of a milestone, for good; it is audited who did.

    Upheld, it stands as before: an open offer can be answered again. Withdrawn, a signed badge is revoked and an offer
    ends; it is offered anew should the pathway be completed later.

    Args:
        server: where.
        award_id: the award's id, or the code of its page.
        uphold: the milestone stands; otherwise it is withdrawn.
        by: staff reference of who decides.

    Raises:
        ReviewError: no such award, or it is not in review; nobody goes by `by`, or has the mandate that it would take.
    """
    with server.database.transaction() as session:
        award = _locked(session, award_id)
        if session.get(StaffRow, by) is None:
            raise ReviewError("no member of staff has the reference that is to answer for it", value=by)
        is_complete = _is_complete(server, session, award)
        if uphold:
            _refuse_unfounded(server, session, award, by, is_complete=is_complete)
        award.review_since = None
        action = "uphold" if uphold else "withdraw"
        entry = award_entry(award, action, by, complete=is_complete)
        append_audit(session, [entry], now=server.now(), entropy=server.entropy)
        if not uphold:
            _withdraw(server, session, award, by)
        if not (uphold or is_complete):
            # Somebody who completes the pathway later has earned it, whatever was wrong today.
            award.idempotency_key = given_back_key(server.secret_key, award.id)
        return Reviewed(award.id, award.state, upheld=uphold)


def _locked(session: Session, name: str) -> AwardRow:
    word = name.strip()
    code = word.upper().replace("-", "")
    wanted = or_(AwardRow.id == word.lower(), AwardRow.code == code)
    organisation = session.scalar(select(AwardRow.organisation_slug).where(wanted))
    if organisation is None:
        raise ReviewError("no such award", value=name)
    take_turn(session, [organisation])
    query = select(AwardRow).where(wanted).with_for_update().execution_options(populate_existing=True)
    award = session.scalars(query).one()
    if award.review_since is None or award.state not in STANDING:
        raise ReviewError("is not in review: there is nothing to decide", value=name)
    return award


def _is_complete(server: Server, session: Session, award: AwardRow) -> bool:
    """Whether all that the pathway asks for holds today, without what was revoked."""
    pathway = next((one for one in all_pathways(session) if one.milestone == award.achievement_slug), None)
    today = server.now().date()
    return pathway is not None and progress_of(session, award.person_id, pathway, today).is_reached


def _refuse_unfounded(server: Server, session: Session, award: AwardRow, by: str, *, is_complete: bool) -> None:
    mandates = mandates_of(session, award.organisation_slug)
    answers = has_mandate_on(mandates, by, award.achievement_slug, server.now().date())
    if not (is_complete or answers):
        raise ReviewError("a component is missing, and only a mandate for this milestone upholds it then", value=by)


def _withdraw(server: Server, session: Session, award: AwardRow, by: str) -> None:
    if award.credential_id is None:
        advance(award, "revoked", now=server.now())
        return
    credential = session.get_one(CredentialRow, award.credential_id, with_for_update=True)
    take_back(server, session, award, credential, reason="error", actor=by)
