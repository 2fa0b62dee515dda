"""Signing keys through their life: prepared → published → active → retired, and out of it: compromised.

A key is published, the caches' time is waited out, and only then does it sign: nobody meets a signature by a key that
their copy of the DID document does not show. A retired key stays published, because old credentials lean on it; only
a compromise takes a key out of the documents (open-badges.md 13, trap 37). At any moment each issuer has at most one
active key of an algorithm.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import cast

from sqlalchemy.orm import Session

from badges_server.credentials.verification_method import PublicKey, pem_from_public_key
from badges_server.services.keys.compromising import withdraw_signatures
from badges_server.services.keys.records import (
    ALGORITHMS,
    Algorithm,
    KeyRecord,
    KeyStateError,
    UnknownKeyError,
    audit_key,
    list_keys,
    locked_key,
    public_key_of,
    record_of,
    text_of_public_key,
)
from badges_server.services.profiles import did_of, issuer, lock_issuer
from badges_server.services.server import Server
from badges_server.services.signers import active_key
from badges_server.storage.key_files import KeyFileError
from badges_server.storage.tables import SigningKeyRow

# How long others may keep a DID document or a key set before they look again.
CACHE_TIME = timedelta(hours=24)

# Fragments of DID URLs are public: plain words, the same for every issuer.
_FRAGMENTS: dict[Algorithm, str] = {"EdDSA": "key", "RS256": "jwt"}


def new_key(server: Server, session: Session, issuer_slug: str, algorithm: Algorithm) -> KeyRecord:
    """Make a key pair; it is `prepared`: known to nobody, signing nothing.

    Raises:
        UnknownIssuerError: no such issuer.
    """
    lock_issuer(session, issuer_slug)
    earlier = [key.id for key in list_keys(session, issuer_slug) if key.algorithm == algorithm]
    key_id, public_key = _make_pair(server, issuer_slug, algorithm, len(earlier) + 1)
    row = SigningKeyRow(
        issuer_slug=issuer_slug,
        id=key_id,
        algorithm=algorithm,
        state="prepared",
        public_key=text_of_public_key(public_key),
        prepared_at=server.now(),
    )
    session.add(row)
    session.flush()
    audit_key(server, session, row, "key.prepare")
    return record_of(row)


def publish(server: Server, session: Session, issuer_slug: str, key_id: str) -> KeyRecord:
    """Show a prepared key in the issuer's documents; it does not sign yet.

    Raises:
        UnknownKeyError, KeyStateError: no such key, or it is not `prepared`.
    """
    row = locked_key(session, issuer_slug, key_id, "prepared")
    row.state, row.published_at = "published", server.now()
    audit_key(server, session, row, "key.publish")
    return record_of(row)


def activate(server: Server, session: Session, issuer_slug: str, key_id: str) -> KeyRecord:
    """Sign with a published key from now on; the one that signed so far retires.

    Raises:
        UnknownKeyError, KeyStateError: no such key, or it is not `published`.
    """
    row = locked_key(session, issuer_slug, key_id, "published")
    former = active_key(session, issuer_slug, cast("Algorithm", row.algorithm))
    if former is not None:
        _retire(server, session, former)
    row.state, row.active_at = "active", server.now()
    audit_key(server, session, row, "key.activate")
    return record_of(row)


def retire(server: Server, session: Session, issuer_slug: str, key_id: str) -> KeyRecord:
    """Give up a key that is published and does not sign yet; it stays published.

    The key that signs is retired by `activate`, when another takes its place: without one, nothing could be signed.

    Raises:
        UnknownKeyError, KeyStateError: no such key, it is not `published`, or it is the one that signs.
    """
    row = locked_key(session, issuer_slug, key_id, "published", "active")
    if row.state == "active":
        raise KeyStateError(
            f"is the only key that signs {row.algorithm}: run keys rotate, which retires it when the next one signs",
            value=f"{issuer_slug}#{key_id}",
        )
    _retire(server, session, row)
    return record_of(row)


def rotate(
    server: Server, session: Session, issuer_slug: str, algorithm: Algorithm, *, cache_time: timedelta = CACHE_TIME
) -> KeyRecord:
    """Take the next step towards a new signing key, and give that key as it then stands.

    First call: the prepared key, or a new one, is published. A call after `cache_time` has passed: it becomes active
    and the former one retires. When there is no active key, as after a compromise, nothing is gained by waiting: both
    happen at once. A `cache_time` of zero does so too, which suits a trial on one machine only.
    """
    lock_issuer(session, issuer_slug)
    key = _next_key(server, session, issuer_slug, algorithm)
    is_idle = active_key(session, issuer_slug, algorithm) is None
    if not is_idle and server.now() - key.since < cache_time:
        return key
    return activate(server, session, issuer_slug, key.id)


def ensure_keys(server: Server, session: Session, issuer_slug: str) -> int:
    """Give an issuer its first keys, one of each algorithm; returns how many were made.

    A first key needs no waiting: nobody can hold an older copy of documents that did not exist. An issuer that once
    had keys gets none here, so that a compromised key is never replaced behind the operator's back.
    """
    lock_issuer(session, issuer_slug)
    known = {key.algorithm for key in list_keys(session, issuer_slug)}
    missing = [algorithm for algorithm in ALGORITHMS if algorithm not in known]
    for algorithm in missing:
        rotate(server, session, issuer_slug, algorithm)
    return len(missing)


def compromise(server: Server, session: Session, issuer_slug: str, key_id: str) -> Sequence[str]:
    """Take a key out of every document and destroy its private side; returns the ids of the credentials it signed.

    They no longer verify, and are to be signed again (`reissuing.resign`) with a new key. What the server signs by
    itself (JWT forms, status lists, endorsements) is withdrawn here and made anew when next asked for.

    Raises:
        UnknownKeyError, KeyStateError: no such key, or it is compromised already.
    """
    row = locked_key(session, issuer_slug, key_id, "prepared", "published", "active", "retired")
    row.state, row.compromised_at = "compromised", server.now()
    session.flush()
    url = f"{did_of(server.addresses, issuer(session, issuer_slug))}#{key_id}"
    affected = withdraw_signatures(session, record_of(row), url, now=server.now())
    session.flush()
    audit_key(server, session, row, "key.compromise")
    # Should the commit fail after this, the key is still lost to everybody, which is what was asked.
    server.keyring.destroy(issuer_slug, key_id)
    return affected


def export_public(session: Session, issuer_slug: str, key_id: str) -> str:
    """Write a public key as PEM (SubjectPublicKeyInfo).

    Raises:
        UnknownKeyError: no such key.
    """
    for key in list_keys(session, issuer_slug):
        if key.id == key_id:
            return pem_from_public_key(public_key_of(key))
    raise UnknownKeyError("unknown key", value=f"{issuer_slug}#{key_id}")


def _next_key(server: Server, session: Session, issuer_slug: str, algorithm: Algorithm) -> KeyRecord:
    """Give the key that waits to sign, published; the one that was prepared before, or a new one."""
    waiting = {key.state: key for key in list_keys(session, issuer_slug) if key.algorithm == algorithm}
    if "published" in waiting:
        return waiting["published"]
    prepared = waiting.get("prepared") or new_key(server, session, issuer_slug, algorithm)
    return publish(server, session, issuer_slug, prepared.id)


def _retire(server: Server, session: Session, row: SigningKeyRow) -> None:
    row.state, row.retired_at = "retired", server.now()
    session.flush()
    audit_key(server, session, row, "key.retire")


def _make_pair(server: Server, issuer_slug: str, algorithm: Algorithm, number: int) -> tuple[str, PublicKey]:
    """Make a key pair under the first free name from `number` on.

    A file without a record may be there: a transaction that failed after it, or a database restored from before it.
    It may have signed, so it is never replaced.
    """
    key_id = f"{_FRAGMENTS[algorithm]}-{number}"
    try:
        return key_id, server.keyring.create(issuer_slug, key_id, algorithm)
    except KeyFileError as error:
        if not isinstance(error.__cause__, FileExistsError):
            raise
    return _make_pair(server, issuer_slug, algorithm, number + 1)
