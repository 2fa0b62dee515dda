"""Milestones: offered once when a pathway is complete, put in review when a badge they lean on was an error."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from badges_server.credentials.date_time import start_of_day
from badges_server.credentials.model import Achievement, Pathway
from badges_server.network.members import may_issue_on
from badges_server.services.awarding.idempotency import milestone_key
from badges_server.services.awarding.judging import look_up_member
from badges_server.services.awarding.stacking import Held, Progress, may_count, progress_on
from badges_server.services.awarding.states import advance
from badges_server.services.awarding.trail import award_entry
from badges_server.services.cataloguing import achievement, all_pathways
from badges_server.services.server import Server
from badges_server.storage.chains import AuditEntry, append_audit
from badges_server.storage.tables import (
    AchievementRow,
    AwardRow,
    ConditionConfirmationRow,
    CredentialRow,
    PersonRow,
)


@dataclass(frozen=True)
class _Reached:
    """A person who has completed a pathway."""

    person_id: str
    pathway: Pathway
    progress: Progress


def held_on(session: Session, person_ids: Collection[str], day: date) -> dict[str, list[Held]]:
    """Look up what each person holds that counts on `day`: signed, not revoked, not expired."""
    query = (
        select(AwardRow)
        .join(CredentialRow, CredentialRow.id == AwardRow.credential_id)
        .where(
            AwardRow.person_id.in_(person_ids),
            AwardRow.awarded_on <= day,
            CredentialRow.state == "valid",
            or_(CredentialRow.valid_until.is_(None), CredentialRow.valid_until >= start_of_day(day)),
        )
    )
    held: dict[str, list[Held]] = {person_id: [] for person_id in person_ids}
    known: dict[tuple[str, str], Achievement] = {}
    for row in session.scalars(query):
        place = (row.achievement_slug, row.achievement_version)
        if place not in known:
            known[place] = achievement(session, *place)
        held[row.person_id].append(Held(row.id, known[place], row.level, row.awarded_on or day))
    return held


def progress_of(session: Session, person_id: str, pathway: Pathway, day: date) -> Progress:
    """Tell how far somebody is on a pathway on `day`."""
    confirmed = _confirmed(session, [person_id]).get((person_id, pathway.slug), set())
    return progress_on(pathway, held_on(session, [person_id], day)[person_id], _codes(session), confirmed)


def components_of(session: Session, milestone: AwardRow) -> tuple[Achievement, ...]:
    """Look up the achievements that a milestone brought together on its day."""
    pathway = next((p for p in all_pathways(session) if p.milestone == milestone.achievement_slug), None)
    if pathway is None or milestone.awarded_on is None:
        return ()
    found = progress_of(session, milestone.person_id, pathway, milestone.awarded_on)
    return tuple(held.achievement for held in found.components)


def offer_reached(server: Server, session: Session, person_ids: Iterable[str]) -> list[str]:
    """Offer every milestone that these people have reached and were never offered; returns the awards' ids.

    Call it when the audit chain's head is held (something was appended in this transaction): then no other run can
    have signed, unseen, the last badge that was missing.
    """
    people = sorted(set(person_ids))
    day = server.now().date()
    reached = _reached(session, people, day)
    keys = {milestone_key(server.secret_key, one.person_id, one.pathway): one for one in reached}
    known = set(session.scalars(select(AwardRow.idempotency_key).where(AwardRow.idempotency_key.in_(keys))))
    organisations = _organisations(session, [one.person_id for one in reached], day)
    entries: list[AuditEntry] = []
    offered: list[str] = []
    for key, one in keys.items():
        if key in known or one.person_id not in organisations:
            continue
        row = _milestone(server, session, key, one, organisations[one.person_id])
        session.add(row)
        leaning = [held.award_id for held in one.progress.components]
        entries.append(award_entry(row, "offer", "system", pathway=one.pathway.slug, components=leaning))
        offered.append(row.id)
    session.flush()
    append_audit(session, entries, now=server.now(), entropy=server.entropy)
    return offered


def put_in_review(server: Server, session: Session, award: AwardRow) -> list[str]:
    """Have every milestone looked at again that may lean on `award`; returns their ids.

    They stay valid until somebody has decided; one that is only offered cannot be accepted meanwhile.
    """
    of = achievement(session, award.achievement_slug, award.achievement_version)
    slugs = [pathway.milestone for pathway in all_pathways(session) if may_count(pathway, of)]
    rows = session.scalars(
        select(AwardRow).where(
            AwardRow.person_id == award.person_id,
            AwardRow.achievement_slug.in_(slugs),
            AwardRow.state.in_(("offered", "accepted", "signed")),
            AwardRow.review_since.is_(None),
        )
    ).all()
    for row in rows:
        row.review_since = server.now()
    entries = [award_entry(row, "review", "system", because=award.id) for row in rows]
    append_audit(session, entries, now=server.now(), entropy=server.entropy)
    return [row.id for row in rows]


def _reached(session: Session, people: Sequence[str], day: date) -> list[_Reached]:
    held, codes, confirmed = held_on(session, people, day), _codes(session), _confirmed(session, people)
    found = [
        _Reached(
            person_id,
            pathway,
            progress_on(pathway, held[person_id], codes, confirmed.get((person_id, pathway.slug), set())),
        )
        for pathway in all_pathways(session)
        for person_id in people
    ]
    return [one for one in found if one.progress.is_reached]


def _milestone(server: Server, session: Session, key: str, one: _Reached, organisation: str) -> AwardRow:
    now = server.now()
    of = achievement(session, one.pathway.milestone)
    row = AwardRow(
        id=str(server.entropy.new_uuid()),
        idempotency_key=key,
        person_id=one.person_id,
        organisation_slug=organisation,
        achievement_slug=of.slug,
        achievement_version=of.version,
        level=None,
        presentation="neutral",
        state="draft",
        # The day on which all of it held: what the milestone says is about that day.
        awarded_on=now.date(),
        created_at=now,
        changed_at=now,
    )
    advance(row, "observed", "offered", now=now)
    return row


def _organisations(session: Session, people: Sequence[str], day: date) -> dict[str, str]:
    """Look up who may award to whom: the person's organisation, if it may issue that day."""
    query = select(PersonRow.id, PersonRow.organisation_slug).where(PersonRow.id.in_(people))
    found = {person_id: slug for person_id, slug in session.execute(query)}  # noqa: C416
    members = {slug: look_up_member(session, slug) for slug in set(found.values())}
    allowed = {slug for slug, member in members.items() if member is not None and may_issue_on(member, day)}
    return {person_id: slug for person_id, slug in found.items() if slug in allowed}


def _codes(session: Session) -> Mapping[str, str]:
    rows = session.execute(select(AchievementRow.slug, AchievementRow.code))
    return {slug: code for slug, code in rows}  # noqa: C416


def _confirmed(session: Session, people: Sequence[str]) -> dict[tuple[str, str], set[str]]:
    query = select(ConditionConfirmationRow).where(ConditionConfirmationRow.person_id.in_(people))
    found: dict[tuple[str, str], set[str]] = {}
    for row in session.scalars(query):
        found.setdefault((row.person_id, row.pathway_slug), set()).add(row.kind)
    return found
