"""Which credentials the public may see, and what their forms are made from."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from badges_server.credentials.json_text import JsonObject, parse_json_object
from badges_server.credentials.model import Achievement, Issuer
from badges_server.credentials.picture import with_level
from badges_server.services.cataloguing import achievement, picture
from badges_server.services.profiles import issuer
from badges_server.services.publishing.publication import NotPublishedError, plain_name
from badges_server.storage.tables import AwardRow, CredentialRow, ProfileRow

# Part of the query, never looked at afterwards: whatever the public may not see costs what an unknown id costs, so that
# nobody can tell from the time of an answer that something was there.
_SHOWN: tuple[ColumnElement[bool], ...] = (
    AwardRow.state.in_(("signed", "revoked", "expired")),
    CredentialRow.state.in_(("valid", "revoked", "superseded")),
    CredentialRow.document.is_not(None),
    # A replaced document would go on naming an organisation.
    (CredentialRow.state != "superseded") | (ProfileRow.kind == "recognition"),
)


@dataclass(frozen=True)
class PublicCredential:
    """A credential that the public may see.

    Attributes:
        text: the exact signed text.
        level: the level awarded; none for an achievement without levels.
    """

    row: CredentialRow
    award: AwardRow
    issuer: Issuer
    text: str

    @property
    def document(self) -> JsonObject:
        """The signed text, read."""
        return parse_json_object(self.text)

    @property
    def level(self) -> int | None:
        """The level awarded; none for an achievement without levels."""
        return self.award.level

    @property
    def is_revoked(self) -> bool:
        """Whether it was taken back, or replaced by another."""
        return self.row.state != "valid"


def public_credential(session: Session, credential_id: str, *, for_update: bool = False) -> PublicCredential:
    """Look up a credential that the public may see; `for_update` holds its row until the transaction ends.

    Raises:
        NotPublishedError: unknown, erased, or a replaced document that would go on naming an organisation.
    """
    return _public(session, CredentialRow.id == plain_name(credential_id), for_update=for_update)


def public_credential_of_code(session: Session, code: str) -> PublicCredential:
    """Look up the credential that the page of `code` shows now.

    Raises:
        NotPublishedError: nothing public has that code.
    """
    return _public(session, (AwardRow.code == plain_name(code)) & (AwardRow.credential_id == CredentialRow.id))


def _public(session: Session, wanted: ColumnElement[bool], *, for_update: bool = False) -> PublicCredential:
    query = (
        select(CredentialRow, AwardRow)
        .join(AwardRow, AwardRow.id == CredentialRow.award_id)
        .join(ProfileRow, ProfileRow.slug == CredentialRow.issuer_slug)
        .where(wanted, *_SHOWN)
        .execution_options(populate_existing=True)
    )
    if for_update:
        query = query.with_for_update(of=CredentialRow)
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotPublishedError("no such credential")
    row, award = found
    return PublicCredential(row, award, issuer(session, row.issuer_slug), row.document or "")


def achievement_of(session: Session, credential: PublicCredential) -> Achievement:
    """Look up the version of the achievement that was awarded."""
    return achievement(session, credential.award.achievement_slug, credential.award.achievement_version)


def picture_of(session: Session, credential: PublicCredential) -> str:
    """Draw the badge of a credential: the class's picture with the level awarded."""
    of = achievement_of(session, credential)
    return with_level(picture(session, of.slug, of.version), credential.level, of.levels, of.name)
