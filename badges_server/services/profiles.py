"""Who issues: the stored profiles as the plain values that documents are built from."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.model import Issuer
from badges_server.storage.tables import ProfileRow


class UnknownIssuerError(BadgeError):
    """No profile has that slug."""

    code = "UNKNOWN_ISSUER"


class NetworkNotLoadedError(BadgeError):
    """There is no network yet, so nobody can issue."""

    code = "NETWORK_NOT_LOADED"


def issuer(session: Session, slug: str) -> Issuer:
    """Look up the issuer `slug`.

    Raises:
        UnknownIssuerError: there is none.
    """
    row = session.get(ProfileRow, slug)
    if row is None:
        raise UnknownIssuerError("unknown issuer", value=slug)
    return _issuer_of(row)


def recognition_issuer(session: Session) -> Issuer:
    """Look up the neutral recognition profile, which signs for everybody who stays unnamed.

    Raises:
        NetworkNotLoadedError: no network was loaded.
    """
    return _only(session, "recognition")


def network_issuer(session: Session) -> Issuer:
    """Look up the network itself, which endorses its members.

    Raises:
        NetworkNotLoadedError: no network was loaded.
    """
    return _only(session, "network")


def members(session: Session) -> list[Issuer]:
    """List every organisation that is or was a member."""
    rows = session.scalars(select(ProfileRow).where(ProfileRow.kind == "member").order_by(ProfileRow.slug))
    return [_issuer_of(row) for row in rows]


def all_issuers(session: Session) -> list[Issuer]:
    """List every profile: network, recognition profile, members."""
    return [_issuer_of(row) for row in session.scalars(select(ProfileRow).order_by(ProfileRow.slug))]


def has_network(session: Session) -> bool:
    """Tell whether a network was loaded."""
    return session.scalar(select(ProfileRow.slug).where(ProfileRow.kind == "recognition").limit(1)) is not None


def did_of(addresses: Addresses, of: Issuer) -> str:
    """Write the did:web of an issuer."""
    return addresses.issuer_did(of.slug, named=of.named)


def lock_issuer(session: Session, slug: str) -> None:
    """Let one writer at a time change what belongs to an issuer: keys, status lists, endorsements.

    Raises:
        UnknownIssuerError: there is none.
    """
    # Weaker than FOR UPDATE on PostgreSQL, so that rows which merely refer to the profile can still be written.
    query = select(ProfileRow.slug).where(ProfileRow.slug == slug).with_for_update(key_share=True)
    if session.scalar(query) is None:
        raise UnknownIssuerError("unknown issuer", value=slug)


def lock_all_issuers(session: Session) -> None:
    """Hold every profile, in the order in which everybody takes them: nobody waits for somebody who waits for them."""
    session.execute(select(ProfileRow.slug).order_by(ProfileRow.slug).with_for_update(key_share=True)).all()


def _only(session: Session, kind: str) -> Issuer:
    row = session.scalar(select(ProfileRow).where(ProfileRow.kind == kind).order_by(ProfileRow.slug).limit(1))
    if row is None:
        raise NetworkNotLoadedError("no network is loaded; run: badges-server network load FILE.toml")
    return _issuer_of(row)


def _issuer_of(row: ProfileRow) -> Issuer:
    return Issuer(
        slug=row.slug,
        name=row.name,
        email=row.email,
        description=row.description,
        named=row.kind != "recognition",
        url=row.url,
    )
