"""Two kinds of reissue (open-badges.md, section 13b), both with their intent stored before anything is signed.

*Re-sign*, when a key was compromised: the same badge under a new signature. *Replace*, when the presentation changes or
a mistake is mended: a new badge on the same page, the old one withdrawn as superseded.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.credentials.document import resigned
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.json_text import parse_json_object, write_json
from badges_server.credentials.model import Presentation
from badges_server.services.awarding.judging import can_issue_named
from badges_server.services.awarding.pending import finish_all
from badges_server.services.awarding.planning import open_intents
from badges_server.services.awarding.trail import award_entry
from badges_server.services.awarding.turns import check_clock
from badges_server.services.offers import PresentationNotAllowedError
from badges_server.services.server import Server
from badges_server.services.signed_awards import locked_award
from badges_server.services.signers import active_signer
from badges_server.storage.chains import append_audit
from badges_server.storage.tables import AwardRow, CredentialRow, IntentRow


class ReissueError(BadgeError):
    """A badge cannot be issued again so."""

    code = "REISSUE"


@dataclass(frozen=True)
class Reissued:
    """What has come out.

    Attributes:
        replaces: id of the credential that it takes the place of; none for a new signature of the same one.
    """

    credential_id: str
    award_id: str
    code: str
    replaces: str | None = None

    def __str__(self) -> str:
        """One line for a terminal."""
        how = f"replaces {self.replaces}" if self.replaces else "is signed again"
        return f"{self.credential_id} {how} (page {self.code})"


def resign(server: Server, credential_id: str, *, actor: str) -> Reissued:
    """Sign the badge again with the issuer's active key: same id, index, code and dates, a later `validFrom`.

    A revoked badge is signed again too, so that its page can still say what happened to it.

    Raises:
        UnknownCredentialError: nothing signed goes by that name.
        ReissueError: it was replaced, it has expired, or our own checks refuse the document.
        NoActiveKeyError: the issuer has no key.
        MalformedValueError: it was signed this very second.
    """
    with server.database.transaction() as session:
        check_clock(server, session)
        award, credential = locked_award(session, credential_id)
        _refuse_ended(server, credential, ("valid", "revoked"))
        intent = session.get_one(IntentRow, credential.id, with_for_update=True)
        if intent.completed_at is not None:
            active_signer(server, session, credential.issuer_slug, "EdDSA")
            planned = resigned(parse_json_object(credential.document or ""), server.now())
            intent.planned_document, intent.completed_at = write_json(planned), None
            _audit(server, session, award, "resign", actor)
        outcome = Reissued(credential.id, award.id, award.code or "")
    return _finish(server, outcome)


def resign_all(server: Server, credential_ids: Sequence[str], *, actor: str) -> int:
    """Sign many badges again, as after `keys.compromise`; those that have expired or were replaced are left out.

    Raises:
        NoActiveKeyError: an issuer has no key.
    """
    done = 0
    for credential_id in credential_ids:
        try:
            resign(server, credential_id, actor=actor)
        except ReissueError:
            continue
        done += 1
    return done


def replace(server: Server, credential_id: str, *, presentation: Presentation | None = None, actor: str) -> Reissued:
    """Put a new badge in the place of a valid one: new id and index; same page, awarded date and end.

    Args:
        server: where.
        credential_id: id or URL of the credential, code of its page, or the award's id.
        presentation: how the new one shows its issuer; none: as before.
        actor: a staff reference or `operator`.

    Raises:
        UnknownCredentialError: nothing signed goes by that name.
        ReissueError: it is revoked, replaced or expired, or our own checks refuse the new document.
        PresentationNotAllowedError: named, though the organisation may not issue today.
        NoActiveKeyError: the issuer has no key.
    """
    with server.database.transaction() as session:
        check_clock(server, session)
        award, credential = locked_award(session, credential_id)
        _refuse_ended(server, credential, ("valid",))
        new_id = _open_replacement(session, credential.id)
        if new_id is None:
            new_id = _plan(server, session, award, credential, presentation)
            _audit(server, session, award, "replace", actor)
        outcome = Reissued(new_id, award.id, award.code or "", replaces=credential.id)
    return _finish(server, outcome)


def _refuse_ended(server: Server, credential: CredentialRow, allowed: tuple[str, ...]) -> None:
    if credential.state not in allowed:
        raise ReissueError(f"is {credential.state}: nothing to issue again", value=credential.id)
    if credential.valid_until is not None and credential.valid_until <= server.now():
        raise ReissueError("has expired: award it anew instead", value=credential.id)


def _open_replacement(session: Session, old_id: str) -> str | None:
    query = select(IntentRow.credential_id).where(IntentRow.replaces == old_id, IntentRow.completed_at.is_(None))
    return session.scalar(query.limit(1))


def _plan(
    server: Server, session: Session, award: AwardRow, old: CredentialRow, presentation: Presentation | None
) -> str:
    if presentation == "named" and not can_issue_named(session, award.organisation_slug, server.now().date()):
        raise PresentationNotAllowedError("the organisation may not issue any more", value=award.organisation_slug)
    award.presentation = presentation or award.presentation
    return open_intents(server, session, [award], replaces={award.id: old.id})[award.id]


def _audit(server: Server, session: Session, award: AwardRow, action: str, actor: str) -> None:
    append_audit(session, [award_entry(award, action, actor)], now=server.now(), entropy=server.entropy)


def _finish(server: Server, outcome: Reissued) -> Reissued:
    held = finish_all(server, [outcome.credential_id]).held
    if held:
        raise ReissueError(f"not signed: {held[outcome.credential_id]}", value=outcome.credential_id)
    return outcome
