"""The key with which an issuer signs now."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.credentials.errors import BadgeError
from badges_server.credentials.verification_method import Signer, SigningAlgorithm
from badges_server.services.profiles import did_of, issuer
from badges_server.services.server import Server
from badges_server.storage.tables import SigningKeyRow


class NoActiveKeyError(BadgeError):
    """The issuer has no key that may sign with that algorithm now."""

    code = "NO_ACTIVE_KEY"


def active_signer(server: Server, session: Session, issuer_slug: str, algorithm: SigningAlgorithm) -> Signer:
    """Give the one key with which the issuer signs now.

    Raises:
        UnknownIssuerError: no such issuer.
        NoActiveKeyError: it has no active key of that algorithm.
    """
    of = issuer(session, issuer_slug)
    row = active_key(session, issuer_slug, algorithm)
    if row is None:
        raise NoActiveKeyError(f"no active {algorithm} key: badges-server keys rotate {issuer_slug}", value=issuer_slug)
    return server.keyring.signer(issuer_slug, row.id, f"{did_of(server.addresses, of)}#{row.id}")


def active_key(session: Session, issuer_slug: str, algorithm: SigningAlgorithm) -> SigningKeyRow | None:
    """Look up the row of the active key, if there is one."""
    return session.scalar(
        select(SigningKeyRow).where(
            SigningKeyRow.issuer_slug == issuer_slug,
            SigningKeyRow.algorithm == algorithm,
            SigningKeyRow.state == "active",
        )
    )
