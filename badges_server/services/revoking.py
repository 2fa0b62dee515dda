"""Revoking: a badge is taken back, for good. The public learns that it counts no more; the reason stays private."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from badges_server.credentials.errors import BadgeError
from badges_server.credentials.model import StatusPlace
from badges_server.services.awarding.milestones import put_in_review
from badges_server.services.awarding.states import advance
from badges_server.services.awarding.trail import award_entry
from badges_server.services.server import Server
from badges_server.services.signed_awards import UnknownCredentialError, locked_award
from badges_server.services.status_lists import set_bit
from badges_server.storage.chains import append_audit
from badges_server.storage.personal_data import encrypt
from badges_server.storage.tables import AwardRow, CredentialRow

__all__ = [
    "REASONS",
    "ReplacedError",
    "RevocationReasonError",
    "Revoked",
    "UnknownCredentialError",
    "revoke",
    "take_back",
]

REASONS: Final = frozenset({"error", "fraud", "superseded", "holder_request", "key_compromise"})
# The award itself was wrong, so whatever leaned on it must be looked at again.
UNFOUNDED: Final = frozenset({"error", "fraud"})


class RevocationReasonError(BadgeError):
    """A reason that is not one of ours."""

    code = "REVOCATION_REASON"


class ReplacedError(BadgeError):
    """The credential that was named counts no more already; the one in its place does, and must be named itself."""

    code = "REPLACED"


@dataclass(frozen=True)
class Revoked:
    """What a revocation has done.

    Attributes:
        was_revoked: it had been revoked before; nothing has changed.
        in_review: milestones that leaned on it and are looked at again.
        is_note_lost: there was a note, and it was not kept: the person was erased, and nothing can be sealed for them.
    """

    credential_id: str
    award_id: str
    was_revoked: bool
    in_review: tuple[str, ...] = ()
    is_note_lost: bool = False

    def __str__(self) -> str:
        """One line for a terminal."""
        if self.was_revoked:
            return f"{self.credential_id} was revoked before; nothing has changed"
        review = f"; {len(self.in_review)} milestone(s) to look at again" if self.in_review else ""
        note = "; the note was not kept: the person was erased" if self.is_note_lost else ""
        return f"{self.credential_id} is revoked{review}{note}"


def revoke(server: Server, credential_id: str, *, reason: str, note: str | None = None, actor: str) -> Revoked:
    """Take a badge back: bit, credential, award, audit and review of milestones, all in one transaction.

    Args:
        server: where.
        credential_id: id or URL of the credential, code of its page, or the award's id.
        reason: one of `REASONS`; kept private.
        note: for the file, encrypted with the person's own key; never shown, and not kept for who was erased.
        actor: a staff reference or `operator`.

    Raises:
        UnknownCredentialError: nothing signed goes by that name.
        RevocationReasonError: no such reason.
        ReplacedError: that credential was replaced: its successor is the one to revoke.
    """
    if reason not in REASONS:
        raise RevocationReasonError(f"write one of {', '.join(sorted(REASONS))}", value=reason)
    with server.database.transaction() as session:
        award, credential = locked_award(session, credential_id)
        _refuse_replaced(award, credential)
        if credential.state == "revoked":
            return Revoked(credential.id, award.id, was_revoked=True)
        credential.revocation_note_encrypted = _sealed(server, award, note)
        take_back(server, session, award, credential, reason=reason, actor=actor)
        in_review = put_in_review(server, session, award) if reason in UNFOUNDED else []
        is_note_lost = bool(note) and credential.revocation_note_encrypted is None
    return Revoked(credential.id, award.id, was_revoked=False, in_review=tuple(in_review), is_note_lost=is_note_lost)


def _refuse_replaced(award: AwardRow, credential: CredentialRow) -> None:
    """Refuse a replaced credential: « revoked before » would be false, and the badge would live on."""
    if credential.state == "superseded":
        successor = f"{award.credential_id} (page {award.code})"
        raise ReplacedError(f"{credential.id} was replaced by {successor}: revoke that one", value=credential.id)


def take_back(
    server: Server, session: Session, award: AwardRow, credential: CredentialRow, *, reason: str, actor: str
) -> None:
    """Set the bit and end credential and award, audited; part of the caller's transaction, which holds both rows."""
    now = server.now()
    credential.state, credential.revoked_at, credential.revocation_reason = "revoked", now, reason
    advance(award, "revoked", now=now)
    session.flush()
    set_bit(session, StatusPlace(credential.status_list_id, credential.status_index), now)
    entry = award_entry(award, "revoke", actor, credential=credential.id, reason=reason)
    append_audit(session, [entry], now=now, entropy=server.entropy)


def _sealed(server: Server, award: AwardRow, note: str | None) -> bytes | None:
    """Seal the note; without a key (the person was erased) it is let go: taking a badge back never waits for it."""
    key = server.person_keys.keys_for([award.person_id]).get(award.person_id) if note else None
    return encrypt(key, note, server.entropy) if note and key else None
