"""Intents: what will be signed is decided and stored, whole, before anything is signed.

An intent holds the credential's id, its place in a status list, which no other credential ever gets, and the document
without its proof. Whoever finishes it, and however often somebody tries, the same credential comes out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.credentials.date_time import start_of_day
from badges_server.credentials.document import CredentialPlan, expiry_of, plan_credential
from badges_server.credentials.entropy import Entropy
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.json_text import write_json
from badges_server.credentials.model import Achievement, Issuer, StatusPlace
from badges_server.services.awarding.milestones import components_of
from badges_server.services.cataloguing import achievement
from badges_server.services.profiles import issuer, recognition_issuer
from badges_server.services.server import Server
from badges_server.services.signers import active_signer
from badges_server.services.status_lists import allocate
from badges_server.storage.tables import AwardRow, IntentRow, ObservationRow


class AwardNotReadyError(BadgeError):
    """An award has no day: nobody has observed it yet."""

    code = "AWARD_NOT_READY"


@dataclass
class _Sources:
    """What plans are made from, looked up once for a batch."""

    server: Server
    session: Session
    creator: Issuer
    observers: Mapping[str, Sequence[str]]
    achievements: dict[tuple[str, str], Achievement] = field(default_factory=dict)

    def achievement_of(self, award: AwardRow) -> Achievement:
        place = (award.achievement_slug, award.achievement_version)
        if place not in self.achievements:
            self.achievements[place] = achievement(self.session, *place)
        return self.achievements[place]

    def issuer_of(self, award: AwardRow) -> Issuer:
        return issuer(self.session, award.organisation_slug) if award.presentation == "named" else self.creator


def open_intents(
    server: Server, session: Session, awards: Sequence[AwardRow], *, replaces: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Open an intent for each of `awards`; part of the caller's transaction, in which it must be our turn.

    Args:
        server: addresses, time, chance.
        session: the open transaction.
        awards: each with its day, and accepted by the person.
        replaces: award's id → id of the credential that the new one takes the place of.

    Returns:
        award's id → id of the credential to come.

    Raises:
        NoActiveKeyError: an issuer could not sign.
        AwardNotReadyError: an award has no day.
    """
    if not awards:
        return {}
    sources = _Sources(server, session, recognition_issuer(session), _observers(session, awards))
    _give_codes(session, server.entropy, [award for award in awards if award.code is None])
    places = _places(server, session, [sources.issuer_of(award).slug for award in awards])
    intents = [_intent(sources, award, places[sources.issuer_of(award).slug].pop()) for award in awards]
    for intent in intents:
        intent.replaces = (replaces or {}).get(intent.award_id)
    session.flush()
    session.add_all(intents)
    session.flush()
    return {intent.award_id: intent.credential_id for intent in intents}


def _intent(sources: _Sources, award: AwardRow, place: StatusPlace) -> IntentRow:
    server, now = sources.server, sources.server.now()
    credential_id = str(server.entropy.new_uuid())
    plan = _plan(sources, award, credential_id, place)
    return IntentRow(
        credential_id=credential_id,
        award_id=award.id,
        issuer_slug=plan.issuer.slug,
        status_list_id=place.list_id,
        status_index=place.index,
        planned_document=write_json(plan_credential(plan, server.addresses)),
        created_at=now,
    )


def _plan(sources: _Sources, award: AwardRow, credential_id: str, place: StatusPlace) -> CredentialPlan:
    if award.awarded_on is None:
        raise AwardNotReadyError("nobody has observed this award yet", value=award.id)
    of = sources.achievement_of(award)
    components = components_of(sources.session, award) if of.milestone else ()
    observers = sources.observers.get(award.id, ())
    return CredentialPlan(
        credential_id=credential_id,
        subject_id=f"urn:uuid:{sources.server.entropy.new_uuid()}",
        achievement=of,
        level=award.level,
        issuer=sources.issuer_of(award),
        creator=sources.creator,
        observation_count=len(components) if of.milestone else len(observers),
        observer_count=len(set(observers)),
        awarded_on=award.awarded_on,
        valid_from=_valid_from(award, sources.server.now()),
        valid_until=expiry_of(award.awarded_on, of),
        status=place,
        components=components,
    )


def _valid_from(award: AwardRow, now: datetime) -> datetime:
    """The badge counts from the day of the yes; a new one in its place, and one accepted today, from this moment."""
    if award.credential_id is not None or award.accepted_on is None:
        return now
    return start_of_day(award.accepted_on) if award.accepted_on < now.date() else now


def _observers(session: Session, awards: Sequence[AwardRow]) -> dict[str, list[str]]:
    query = select(ObservationRow.award_id, ObservationRow.observer).where(
        ObservationRow.award_id.in_([award.id for award in awards])
    )
    found: dict[str, list[str]] = {}
    for award_id, observer in session.execute(query):
        found.setdefault(award_id, []).append(observer)
    return found


def _places(server: Server, session: Session, issuer_slugs: Sequence[str]) -> dict[str, list[StatusPlace]]:
    # In the order of the slugs, so that two runs never wait for each other's lists.
    counted = sorted(Counter(issuer_slugs).items())
    for slug, _ in counted:
        # Without a key nothing could be signed: better to know before anything is promised.
        active_signer(server, session, slug, "EdDSA")
    return {slug: allocate(session, server, slug, count) for slug, count in counted}


def _give_codes(session: Session, entropy: Entropy, awards: Sequence[AwardRow]) -> None:
    """Draw the short codes of verification pages; one that is taken, however unlikely, is drawn again."""
    waiting = list(awards)
    while waiting:
        drawn = {entropy.new_code(): award for award in waiting}
        taken = set(session.scalars(select(AwardRow.code).where(AwardRow.code.in_(drawn))))
        for code, award in drawn.items():
            award.code = None if code in taken else code
        waiting = [award for award in awards if award.code is None]
