"""Pathways: how far somebody is, in words; conditions that a person confirms; milestones offered once."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from badges_server.credentials.errors import BadgeError
from badges_server.credentials.model import Pathway
from badges_server.network.members import has_mandate_on
from badges_server.services.awarding.erased import erased_among
from badges_server.services.awarding.milestones import components_of, offer_reached, progress_of, put_in_review
from badges_server.services.awarding.stacking import Progress
from badges_server.services.awarding.turns import take_turn
from badges_server.services.cataloguing import pathway
from badges_server.services.recording import mandates_of
from badges_server.services.reviewing import Reviewed, ReviewError, decide_review
from badges_server.services.server import Server
from badges_server.storage.chains import AuditEntry, append_audit
from badges_server.storage.tables import ConditionConfirmationRow, PersonRow

__all__ = [
    "ConditionError",
    "Progress",
    "ReviewError",
    "Reviewed",
    "components_of",
    "confirm_condition",
    "decide_review",
    "offer_milestones",
    "progress",
    "put_in_review",
]

# What the dates of the badges themselves show needs nobody's word.
SELF_EVIDENT = "minimum_span"


class ConditionError(BadgeError):
    """A pathway's condition cannot be confirmed so."""

    code = "CONDITION"


def progress(session: Session, person_id: str, of: Pathway, on: date) -> Progress:
    """Tell how far somebody is: « 6/7, MS-01 à porter au niveau 2 »."""
    return progress_of(session, person_id, of, on)


def offer_milestones(server: Server, session: Session, person_ids: Iterable[str]) -> list[str]:
    """Offer what these people have reached and were never offered; returns the new awards' ids.

    Call it after something was written to the audit trail in the same transaction (see `milestones.offer_reached`).
    """
    return offer_reached(server, session, person_ids)


def confirm_condition(server: Server, person_id: str, pathway_slug: str, kind: str, *, confirmed_by: str) -> list[str]:
    """Record that a condition beyond badges is met; returns the milestones that this opens.

    There is no record yet of observations in establishments or of companies' recognition: somebody with a mandate for
    the milestone answers for it, by reference, in the audit trail. Confirming twice is harmless.

    Raises:
        ConditionError: the pathway has no such condition, the person is unknown, or `confirmed_by` may not say so.
    """
    with server.database.transaction() as session:
        of = pathway(session, pathway_slug)
        person = session.get(PersonRow, person_id)
        if person is None or erased_among(server, session, [person_id]):
            raise ConditionError("no such person", value=person_id)
        if kind == SELF_EVIDENT or kind not in {condition.kind for condition in of.conditions}:
            raise ConditionError(f"nothing of that kind to confirm in {of.code}", value=kind)
        take_turn(session, [person.organisation_slug])
        mandates = mandates_of(session, person.organisation_slug)
        if not has_mandate_on(mandates, confirmed_by, of.milestone, server.now().date()):
            raise ConditionError("has no mandate to confirm this today", value=confirmed_by)
        if session.get(ConditionConfirmationRow, (person_id, pathway_slug, kind)) is not None:
            return []
        _write(server, session, (person_id, pathway_slug, kind), confirmed_by)
        return offer_reached(server, session, [person_id])


def _write(server: Server, session: Session, place: tuple[str, str, str], confirmed_by: str) -> None:
    person_id, pathway_slug, kind = place
    session.add(
        ConditionConfirmationRow(
            person_id=person_id,
            pathway_slug=pathway_slug,
            kind=kind,
            confirmed_by=confirmed_by,
            confirmed_at=server.now(),
        )
    )
    session.flush()
    detail = {"pathway": pathway_slug, "kind": kind}
    entry = AuditEntry(actor=confirmed_by, action="condition.confirm", subject=person_id, detail=detail)
    append_audit(session, [entry], now=server.now(), entropy=server.entropy)
