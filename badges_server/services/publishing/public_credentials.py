"""Which credentials the public may see, and what their forms are made from."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.credentials.json_text import JsonObject, parse_json_object
from badges_server.credentials.model import Achievement, Issuer
from badges_server.credentials.picture import with_level
from badges_server.services.cataloguing import achievement, picture
from badges_server.services.profiles import issuer
from badges_server.services.publishing.publication import NotPublishedError, plain_name
from badges_server.storage.tables import AwardRow, CredentialRow

_SHOWN_AWARDS = ("signed", "revoked", "expired")
_SHOWN_CREDENTIALS = ("valid", "revoked", "superseded")


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
    query = (
        select(CredentialRow, AwardRow)
        .join(AwardRow, AwardRow.id == CredentialRow.award_id)
        .where(CredentialRow.id == plain_name(credential_id))
        .execution_options(populate_existing=True)
    )
    if for_update:
        query = query.with_for_update(of=CredentialRow)
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotPublishedError("no such credential")
    row, award = found
    if row.document is None or row.state not in _SHOWN_CREDENTIALS or award.state not in _SHOWN_AWARDS:
        raise NotPublishedError("no such credential")
    of = issuer(session, row.issuer_slug)
    if row.state == "superseded" and of.named:
        raise NotPublishedError("no such credential")
    return PublicCredential(row, award, of, row.document)


def achievement_of(session: Session, credential: PublicCredential) -> Achievement:
    """Look up the version of the achievement that was awarded."""
    return achievement(session, credential.award.achievement_slug, credential.award.achievement_version)


def picture_of(session: Session, credential: PublicCredential) -> str:
    """Draw the badge of a credential: the class's picture with the level awarded."""
    of = achievement_of(session, credential)
    return with_level(picture(session, of.slug, of.version), credential.level, of.levels, of.name)
