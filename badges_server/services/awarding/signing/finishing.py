"""Open intents become signed credentials: lint, sign, check as a stranger would, store. Once each, whoever does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.credentials import data_integrity
from badges_server.credentials.canonical import canonicalize
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.json_text import JsonObject, parse_json_object, write_json
from badges_server.credentials.model import StatusPlace
from badges_server.credentials.verification_method import PublicKey, Signer
from badges_server.services.awarding.signing.linting import LintError, Planned, lint
from badges_server.services.awarding.signing.storing import Signed, store
from badges_server.services.awarding.turns import check_clock
from badges_server.services.keys import verification_methods
from badges_server.services.profiles import did_of, issuer, members
from badges_server.services.server import Server
from badges_server.services.signers import active_signer
from badges_server.storage.tables import IntentRow


class SelfCheckError(BadgeError):
    """What we have just signed does not verify with the key that we publish: the signer or its key is broken."""

    code = "SELF_CHECK"


@dataclass(frozen=True)
class Finished:
    """What became of some intents.

    Attributes:
        stored: ids of the credentials stored by this run; another run may have been quicker with the others.
        held: id of the credential → why its planned document was not signed.
    """

    stored: tuple[str, ...]
    held: Mapping[str, str]


@dataclass(frozen=True)
class _Desk:
    """The planned documents of a batch, with the keys to sign them and the published keys to check them."""

    planned: tuple[Planned, ...]
    signers: Mapping[str, Signer]
    published: Mapping[str, PublicKey]


def finish(server: Server, credential_ids: Sequence[str]) -> Finished:
    """Sign and store the open intents among `credential_ids`, a batch at most.

    Raises:
        NoActiveKeyError: an issuer has no key; the intents stay open.
        SelfCheckError: a signature does not hold; nothing of the batch is stored, the intents stay open.
        ClockError: time runs backwards.
    """
    with server.database.reading() as session:
        check_clock(server, session)
        desk = _desk(server, session, credential_ids)
    signed: list[Signed] = []
    held: dict[str, str] = {}
    for planned in desk.planned:
        try:
            signed.append(_sign(server, planned, desk))
        except LintError as error:
            held[planned.credential_id] = str(error)
    with server.database.transaction() as session:
        stored = store(server, session, signed)
    return Finished(tuple(stored), held)


def _desk(server: Server, session: Session, credential_ids: Sequence[str]) -> _Desk:
    rows = session.scalars(
        select(IntentRow)
        .where(IntentRow.credential_id.in_(credential_ids), IntentRow.completed_at.is_(None))
        .order_by(IntentRow.credential_id)
    ).all()
    slugs = sorted({row.issuer_slug for row in rows})
    issuers = {slug: issuer(session, slug) for slug in slugs}
    names = tuple(name for member in members(session) for name in (member.name, member.slug))
    planned = (
        Planned(
            credential_id=row.credential_id,
            award_id=row.award_id,
            issuer_slug=row.issuer_slug,
            issuer_did=did_of(server.addresses, issuers[row.issuer_slug]),
            place=StatusPlace(row.status_list_id, row.status_index),
            text=row.planned_document,
            is_neutral=not issuers[row.issuer_slug].named,
            members=names,
        )
        for row in rows
    )
    methods = [method for slug in slugs for method in verification_methods(session, slug, server.addresses)]
    return _Desk(
        planned=tuple(planned),
        signers={slug: active_signer(server, session, slug, "EdDSA") for slug in slugs},
        published={method.id: method.public_key for method in methods},
    )


def _sign(server: Server, planned: Planned, desk: _Desk) -> Signed:
    linted = lint(planned, server.addresses)
    signer = desk.signers[planned.issuer_slug]

    def canonical_form(part: JsonObject) -> bytes:
        return linted.canonical if part == linted.document else canonicalize(part)

    secured = data_integrity.secure(linted.document, signer, server.now(), canonicalize=canonical_form)
    text = write_json(secured)
    _check_as_a_stranger(text, planned, desk.published)
    return Signed(planned, text, signer.verification_method.partition("#")[2])


def _check_as_a_stranger(text: str, planned: Planned, published: Mapping[str, PublicKey]) -> None:
    """Read the very bytes that will be served, and verify them with the key that our DID document shows.

    Raises:
        SelfCheckError: they do not verify, or say something else than what was planned.
    """
    try:
        document = parse_json_object(text)
        proof = data_integrity.proofs_of(document)[0]
        public_key = published[data_integrity.verification_method_of(proof)]
        data_integrity.verify(data_integrity.without_proof(document), proof, public_key)
    except (BadgeError, KeyError) as error:
        raise SelfCheckError(
            f"the new signature does not verify: {error}; check the issuer's key file", value=planned.credential_id
        ) from error
    if write_json(data_integrity.without_proof(document)) != planned.text:
        raise SelfCheckError("what was signed is not what was planned", value=planned.credential_id)
