"""Signed credentials are stored with audit entries, issuance log and the end of their intents: all of it or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from badges_server.credentials.date_time import start_of_day
from badges_server.credentials.json_text import JsonObject, parse_json_object
from badges_server.credentials.model import StatusPlace
from badges_server.services.awarding.milestones import offer_reached
from badges_server.services.awarding.signing.linting import Planned
from badges_server.services.awarding.states import advance
from badges_server.services.awarding.trail import award_entry
from badges_server.services.server import Server
from badges_server.services.status_lists import set_bit
from badges_server.storage.chains import AuditEntry, append_audit, append_issuances
from badges_server.storage.tables import AwardRow, CredentialRow, IntentRow, SigningKeyRow

ACTOR = "system"
# States of an award that may have a credential that counts.
LIVING = ("accepted", "signed", "expired")


@dataclass(frozen=True)
class Signed:
    """A signed document on its way to the store.

    Attributes:
        text: the exact bytes, as they will be served for ever.
        key_id: fragment of the key's DID URL.
    """

    planned: Planned
    text: str
    key_id: str


def store(server: Server, session: Session, signed: Sequence[Signed]) -> list[str]:
    """Store what is still wanted; part of the caller's transaction. Returns the ids that this run stored.

    An intent that somebody else has completed, or whose key was compromised since it signed, is left alone.
    """
    intents = _claim(server, session, signed)
    awards = _awards(session, intents)
    former = _former(session, intents)
    stored = [one for one in signed if _is_wanted(one.planned.credential_id, intents, awards, former)]
    entries: list[AuditEntry] = []
    for one in stored:
        intent = intents[one.planned.credential_id]
        award = awards[intent.award_id]
        _keep(server, session, one, award, former.get(intent.credential_id))
        entries.append(_settle(server, session, intent, award))
    session.flush()
    append_audit(session, entries, now=server.now(), entropy=server.entropy)
    texts = [(one.planned.credential_id, one.text) for one in stored]
    append_issuances(session, texts, now=server.now(), secret_key=server.secret_key)
    # After the audit chain's head is ours, so that badges stored by another run are seen.
    offer_reached(server, session, {award.person_id for award in awards.values()})
    return [one.planned.credential_id for one in stored]


def _is_wanted(
    credential_id: str,
    intents: Mapping[str, IntentRow],
    awards: Mapping[str, AwardRow],
    former: Mapping[str, CredentialRow],
) -> bool:
    """Whether what was signed may still come out: an award may have been revoked or erased since it was planned."""
    if credential_id not in intents:
        return False
    state = awards[intents[credential_id].award_id].state
    return state in LIVING or (state == "revoked" and credential_id in former)


def _claim(server: Server, session: Session, signed: Sequence[Signed]) -> dict[str, IntentRow]:
    """Complete the intents that are still open: of two runs exactly one gets each."""
    keys = {(one.planned.issuer_slug, one.key_id) for one in signed}
    lost = {key for key in keys if _is_compromised(session, key)}
    wanted = [one.planned.credential_id for one in signed if (one.planned.issuer_slug, one.key_id) not in lost]
    rows = session.scalars(
        select(IntentRow)
        .where(IntentRow.credential_id.in_(wanted), IntentRow.completed_at.is_(None))
        .order_by(IntentRow.credential_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        row.completed_at = server.now()
    session.flush()
    return {row.credential_id: row for row in rows}


def _is_compromised(session: Session, key: tuple[str, str]) -> bool:
    row = session.get(SigningKeyRow, key)
    return row is None or row.state == "compromised"


def _awards(session: Session, intents: dict[str, IntentRow]) -> dict[str, AwardRow]:
    rows = session.scalars(
        select(AwardRow)
        .where(AwardRow.id.in_({intent.award_id for intent in intents.values()}))
        .order_by(AwardRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def _former(session: Session, credential_ids: Iterable[str]) -> dict[str, CredentialRow]:
    """Look up the credentials that are signed anew under their old id."""
    rows = session.scalars(select(CredentialRow).where(CredentialRow.id.in_(list(credential_ids))))
    return {row.id: row for row in rows if row.state != "erased"}


def _keep(server: Server, session: Session, one: Signed, award: AwardRow, former: CredentialRow | None) -> None:
    if former is None:
        session.add(_credential(server, one, award))
        return
    # The forms that stood on the old signature are made again when next asked for.
    former.document, former.signing_key_id, former.issued_at = one.text, one.key_id, server.now()
    former.jwt = former.ob2_jws = None


def _settle(server: Server, session: Session, intent: IntentRow, award: AwardRow) -> AuditEntry:
    now = server.now()
    if award.state == "accepted":
        advance(award, "signed", now=now)
    award.credential_id, award.changed_at = intent.credential_id, now
    if intent.replaces is not None:
        _withdraw(session, intent.replaces, intent.credential_id, now)
    return award_entry(award, "sign", ACTOR, credential=intent.credential_id, replaces=intent.replaces)


def _withdraw(session: Session, old_id: str, new_id: str, now: datetime) -> None:
    """Set the old credential's bit: two credentials of one award never count at once."""
    old = session.get(CredentialRow, old_id, with_for_update=True)
    if old is None or old.state == "erased":
        return
    values = {"state": "superseded", "revoked_at": now, "revocation_reason": "superseded", "replaced_by": new_id}
    session.execute(
        update(CredentialRow).where(CredentialRow.id == old_id, CredentialRow.state == "valid").values(**values)
    )
    set_bit(session, StatusPlace(old.status_list_id, old.status_index), now)


def _credential(server: Server, one: Signed, award: AwardRow) -> CredentialRow:
    document = parse_json_object(one.text)
    return CredentialRow(
        id=one.planned.credential_id,
        award_id=award.id,
        issuer_slug=one.planned.issuer_slug,
        state="valid",
        status_list_id=one.planned.place.list_id,
        status_index=one.planned.place.index,
        signing_key_id=one.key_id,
        document=one.text,
        ob2_uid=f"urn:uuid:{server.entropy.new_uuid()}",
        ob2_salt=server.entropy.random_bytes(16).hex(),
        issued_at=server.now(),
        awarded_at=start_of_day(award.awarded_on or server.now().date()),
        valid_until=_valid_until(document),
    )


def _valid_until(document: JsonObject) -> datetime | None:
    written = document.get("validUntil")
    return datetime.fromisoformat(written) if isinstance(written, str) else None
