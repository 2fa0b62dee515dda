"""What was awarded, as the operator may see it: people by the organisation's own reference, nothing else of them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.services.server import Server
from badges_server.storage.personal_data import decrypt
from badges_server.storage.tables import AwardRow, CredentialRow, PersonRow


@dataclass(frozen=True)
class ListedAward:
    """One award in the operator's list.

    Attributes:
        id: URL of the credential; None while nothing is signed.
        code: short code of the verification page; None while nothing is signed.
        recipient_ref: the organisation's own reference of the person; None once erased.
        issuer: slug of the profile that signed; None while nothing is signed.
    """

    id: str | None
    code: str | None
    achievement: str
    level: int | None
    recipient_ref: str | None
    organisation: str
    issuer: str | None
    presentation: str
    state: str
    award_id: str

    def to_json(self) -> dict[str, object]:
        """The shape that `demo --json` prints."""
        return asdict(self)


def list_awards(
    server: Server, session: Session, states: Sequence[str] = (), *, in_review: bool | None = None
) -> tuple[ListedAward, ...]:
    """List awards in the order they were made; a signed award past its end shows as expired.

    `states` narrows them; so does `in_review`, to those that are looked at again, or to those that are not.
    """
    query = (
        select(AwardRow, PersonRow, CredentialRow)
        .join(PersonRow, PersonRow.id == AwardRow.person_id)
        .outerjoin(CredentialRow, CredentialRow.id == AwardRow.credential_id)
        .order_by(AwardRow.created_at, AwardRow.id)
    )
    if states:
        query = query.where(AwardRow.state.in_(states))
    if in_review is not None:
        query = query.where(AwardRow.review_since.is_not(None) if in_review else AwardRow.review_since.is_(None))
    rows = session.execute(query).all()
    keys = server.person_keys.keys_for({person.id for _, person, _ in rows})
    return tuple(_listed(server, award, _reference(person, keys), credential) for award, person, credential in rows)


def _listed(server: Server, award: AwardRow, reference: str | None, credential: CredentialRow | None) -> ListedAward:
    ended = credential is not None and credential.valid_until is not None and credential.valid_until < server.now()
    return ListedAward(
        id=server.addresses.credential(credential.id) if credential else None,
        code=award.code if credential else None,
        achievement=award.achievement_slug,
        level=award.level,
        recipient_ref=reference,
        organisation=award.organisation_slug,
        issuer=credential.issuer_slug if credential else None,
        presentation=award.presentation,
        state="expired" if award.state == "signed" and ended else award.state,
        award_id=award.id,
    )


def _reference(person: PersonRow, keys: Mapping[str, bytes]) -> str | None:
    key = keys.get(person.id)
    return decrypt(key, person.reference_encrypted) if key and person.reference_encrypted else None
