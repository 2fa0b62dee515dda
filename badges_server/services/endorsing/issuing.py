"""Endorsements: the network stands for its members, the neutral profile for the achievements it created.

A membership endorsement covers the whole membership so far and ends with the membership year; it is renewed the year
after. When a member leaves, what claimed a later day is revoked, and a last one states the time that was: badges given
then keep their ground. Running this again changes nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.credentials import data_integrity
from badges_server.credentials.document import EndorsementPlan, plan_endorsement
from badges_server.credentials.json_text import parse_json_object, write_json
from badges_server.credentials.model import StatusPlace
from badges_server.credentials.verification_method import Signer, VerificationMethod
from badges_server.services.endorsing.statements import (
    MEMBERSHIP,
    Statement,
    membership_statements,
    recognition_statements,
)
from badges_server.services.keys import verification_methods
from badges_server.services.profiles import lock_issuer, network_issuer
from badges_server.services.server import Server
from badges_server.services.signers import active_signer
from badges_server.services.status_lists import allocate, set_bit
from badges_server.storage.chains import AuditEntry, append_audit
from badges_server.storage.tables import EndorsementRow


def endorse_members(server: Server) -> int:
    """Bring the membership endorsements up to today; returns how many were signed.

    Raises:
        NetworkNotLoadedError, NoActiveKeyError: nobody can sign them.
    """
    now = server.now()
    with server.database.transaction() as session:
        lock_issuer(session, network_issuer(session).slug)
        wanted = membership_statements(server, session, now)
        _revoke_too_long(server, session, wanted, now)
        missing = _missing(session, wanted)
    return _issue(server, missing)


def endorse_achievements(server: Server) -> int:
    """Let the neutral profile endorse every version of every achievement once; returns how many were signed.

    Raises:
        NetworkNotLoadedError, NoActiveKeyError: nobody can sign them.
    """
    with server.database.reading() as session:
        missing = _missing(session, recognition_statements(server, session))
    return _issue(server, missing)


def _standing(session: Session, claim: str) -> Sequence[EndorsementRow]:
    query = select(EndorsementRow).where(EndorsementRow.claim == claim, EndorsementRow.revoked_at.is_(None))
    return session.scalars(query).all()


def _missing(session: Session, wanted: Iterable[Statement]) -> list[Statement]:
    statements = list(wanted)
    standing = {_key(row) for claim in {one.claim for one in statements} for row in _standing(session, claim)}
    return [one for one in statements if one.key not in standing]


def _key(row: EndorsementRow) -> tuple[str, str, datetime, datetime | None]:
    return row.claim, row.subject_slug, row.valid_from, row.valid_until


def _revoke_too_long(server: Server, session: Session, wanted: Iterable[Statement], now: datetime) -> None:
    """Revoke what states a day on which the member no longer belonged."""
    latest: dict[tuple[str, datetime], datetime | None] = {
        (one.subject_slug, one.valid_from): one.valid_until for one in wanted
    }
    entries = []
    for row in _standing(session, MEMBERSHIP):
        last = latest.get((row.subject_slug, row.valid_from))
        if last is not None and row.valid_until is not None and row.valid_until <= last:
            continue
        row.revoked_at = now
        set_bit(session, StatusPlace(row.status_list_id, row.status_index), now)
        entries.append(AuditEntry(actor="system", action="endorsement.revoke", subject=row.id, detail={}))
    session.flush()
    append_audit(session, entries, now=now, entropy=server.entropy)


def _issue(server: Server, statements: Sequence[Statement]) -> int:
    """Sign statements of one issuer: places first, then signatures outside of any transaction, then all rows."""
    if not statements:
        return 0
    of = statements[0].issuer
    now = server.now()
    with server.database.transaction() as session:
        places = allocate(session, server, of.slug, len(statements))
        signer = active_signer(server, session, of.slug, "EdDSA")
        methods = verification_methods(session, of.slug, server.addresses)
    rows = [
        _signed(server, statement, place, signer, methods, now)
        for statement, place in zip(statements, places, strict=True)
    ]
    with server.database.transaction() as session:
        lock_issuer(session, of.slug)
        # Somebody else may have done the same meanwhile.
        still = {one.key for one in _missing(session, statements)}
        kept = [row for row in rows if _key(row) in still]
        session.add_all(kept)
        entries = [AuditEntry(actor="system", action="endorsement.issue", subject=row.id, detail={}) for row in kept]
        append_audit(session, entries, now=now, entropy=server.entropy)
    return len(kept)


def _signed(
    server: Server,
    statement: Statement,
    place: StatusPlace,
    signer: Signer,
    methods: Sequence[VerificationMethod],
    now: datetime,
) -> EndorsementRow:
    endorsement_id = str(server.entropy.new_uuid())
    plan = EndorsementPlan(
        endorsement_id=endorsement_id,
        issuer=statement.issuer,
        subject_url_or_did=statement.subject_url,
        name=statement.name,
        comment=statement.comment,
        valid_from=statement.valid_from,
        valid_until=statement.valid_until,
        status=place,
    )
    text = write_json(data_integrity.secure(plan_endorsement(plan, server.addresses), signer, now))
    _check(text, signer, methods)
    return EndorsementRow(
        id=endorsement_id,
        issuer_slug=statement.issuer.slug,
        subject_kind=statement.subject_kind,
        subject_slug=statement.subject_slug,
        claim=statement.claim,
        document=text,
        status_list_id=place.list_id,
        status_index=place.index,
        valid_from=statement.valid_from,
        valid_until=statement.valid_until,
    )


def _check(text: str, signer: Signer, methods: Sequence[VerificationMethod]) -> None:
    """Read the signed text as a stranger would: with the published key, nothing else."""
    document = parse_json_object(text)
    key = next(method.public_key for method in methods if method.id == signer.verification_method)
    for proof in data_integrity.proofs_of(document):
        data_integrity.verify(document, proof, key)
