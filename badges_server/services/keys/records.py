"""The public side of signing keys, as stored: what documents show, and the row that a change of state locks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.json_text import parse_json_object, write_json
from badges_server.credentials.verification_method import (
    PublicKey,
    SigningAlgorithm,
    VerificationMethod,
    ed25519_from_multikey,
    jwk_from_public_key,
    multikey_from_ed25519,
    public_key_from_jwk,
)
from badges_server.services.profiles import did_of, issuer, lock_issuer
from badges_server.services.server import Server
from badges_server.storage.chains import AuditEntry, append_audit
from badges_server.storage.tables import SigningKeyRow

Algorithm: TypeAlias = SigningAlgorithm
State: TypeAlias = Literal["prepared", "published", "active", "retired", "compromised"]

ALGORITHMS: tuple[Algorithm, ...] = ("EdDSA", "RS256")
_PUBLIC_STATES = ("published", "active", "retired")


class UnknownKeyError(BadgeError):
    """The issuer has no key of that name."""

    code = "UNKNOWN_KEY"


class KeyStateError(BadgeError):
    """A key cannot go from its state to the one asked for."""

    code = "KEY_STATE"


@dataclass(frozen=True)
class KeyRecord:
    """The public side of one key.

    Attributes:
        id: fragment of its DID URL.
        public_key: a Multikey for EdDSA, a JWK (JSON) for RS256.
        since: when it came into its state.
    """

    issuer: str
    id: str
    algorithm: Algorithm
    state: State
    public_key: str
    since: datetime

    @property
    def is_public(self) -> bool:
        """Whether documents show it: published, active and retired keys, never compromised ones."""
        return self.state in _PUBLIC_STATES


def list_keys(session: Session, issuer_slug: str | None = None) -> list[KeyRecord]:
    """List the keys of an issuer, or of all, in the order of their making."""
    query = select(SigningKeyRow).order_by(SigningKeyRow.issuer_slug, SigningKeyRow.prepared_at, SigningKeyRow.id)
    if issuer_slug is not None:
        query = query.where(SigningKeyRow.issuer_slug == issuer_slug)
    return [record_of(row) for row in session.scalars(query)]


def verification_methods(session: Session, issuer_slug: str, addresses: Addresses) -> list[VerificationMethod]:
    """List what the issuer's DID document shows (did:web; Controlled Identifiers, section 2.2).

    Raises:
        UnknownIssuerError: no such issuer.
    """
    did = did_of(addresses, issuer(session, issuer_slug))
    return [
        VerificationMethod(id=f"{did}#{key.id}", controller=did, public_key=public_key_of(key))
        for key in list_keys(session, issuer_slug)
        if key.is_public
    ]


def public_key_of(key: KeyRecord) -> PublicKey:
    """Read a stored public key."""
    if key.algorithm == "EdDSA":
        return ed25519_from_multikey(key.public_key)
    return public_key_from_jwk(parse_json_object(key.public_key))


def text_of_public_key(public_key: PublicKey) -> str:
    """Write a public key as it is stored: Multikey for Ed25519, JWK for RSA."""
    if isinstance(public_key, Ed25519PublicKey):
        return multikey_from_ed25519(public_key.public_bytes_raw())
    return write_json(jwk_from_public_key(public_key))


def locked_key(session: Session, issuer_slug: str, key_id: str, *states: State) -> SigningKeyRow:
    """Look up a key to change it; it must be in one of `states`.

    Raises:
        UnknownIssuerError, UnknownKeyError: no such issuer or key.
        KeyStateError: the key is in another state.
    """
    lock_issuer(session, issuer_slug)
    row = session.get(SigningKeyRow, (issuer_slug, key_id), populate_existing=True)
    if row is None:
        raise UnknownKeyError("unknown key", value=f"{issuer_slug}#{key_id}")
    if row.state not in states:
        raise KeyStateError(f"key is {row.state}, not {' or '.join(states)}", value=f"{issuer_slug}#{key_id}")
    return row


def audit_key(server: Server, session: Session, row: SigningKeyRow, action: str) -> None:
    """Note in the audit trail what happened to a key."""
    detail = {"algorithm": row.algorithm}
    entry = AuditEntry(actor="operator", action=action, subject=f"{row.issuer_slug}#{row.id}", detail=detail)
    append_audit(session, [entry], now=server.now(), entropy=server.entropy)


def record_of(row: SigningKeyRow) -> KeyRecord:
    """Give a key's row as a plain value."""
    return KeyRecord(
        issuer=row.issuer_slug,
        id=row.id,
        algorithm=cast("Algorithm", row.algorithm),
        state=cast("State", row.state),
        public_key=row.public_key,
        since=getattr(row, f"{row.state}_at"),
    )
