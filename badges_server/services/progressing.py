"""How far everybody is on every pathway, as the operator may see it: people by the organisation's own reference."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.credentials.errors import BadgeError
from badges_server.services.cataloguing import all_pathways
from badges_server.services.pathways import progress
from badges_server.services.server import Server
from badges_server.storage.personal_data import decrypt, reference_digest
from badges_server.storage.tables import AwardRow, PersonRow


class UnknownPersonError(BadgeError):
    """The organisation knows nobody by that reference."""

    code = "UNKNOWN_PERSON"


@dataclass(frozen=True)
class PathwayProgress:
    """One person on one pathway, in words: « 6/7, MS-01 à porter au niveau 2 »."""

    organisation: str
    recipient_ref: str
    pathway: str
    progress: str

    def to_json(self) -> dict[str, str]:
        """The same for a program."""
        return asdict(self)


def list_progress(server: Server, session: Session, organisation: str | None = None) -> list[PathwayProgress]:
    """List everybody who has begun a pathway: at least one of its badges is signed and valid today."""
    query = select(PersonRow).join(AwardRow, AwardRow.person_id == PersonRow.id).where(AwardRow.state == "signed")
    if organisation:
        query = query.where(PersonRow.organisation_slug == organisation)
    people = session.scalars(query.distinct().order_by(PersonRow.organisation_slug, PersonRow.id)).all()
    keys = server.person_keys.keys_for({person.id for person in people})
    return [line for person in people for line in _lines(server, session, person, keys)]


def person_id_of(server: Server, session: Session, organisation: str, recipient_ref: str) -> str:
    """Look up a person by the organisation's own reference.

    Raises:
        UnknownPersonError: there is none.
    """
    digest = reference_digest(server.secret_key, organisation, recipient_ref)
    wanted = (PersonRow.organisation_slug == organisation, PersonRow.reference_digest == digest)
    found = session.scalar(select(PersonRow.id).where(*wanted))
    if found is None:
        raise UnknownPersonError(f"{organisation} knows nobody by that reference")
    return found


def _lines(server: Server, session: Session, person: PersonRow, keys: Mapping[str, bytes]) -> list[PathwayProgress]:
    if person.id not in keys or person.reference_encrypted is None:
        return []
    reference = decrypt(keys[person.id], person.reference_encrypted)
    today = server.now().date()
    found = [(pathway.code, progress(session, person.id, pathway, today)) for pathway in all_pathways(session)]
    return [PathwayProgress(person.organisation_slug, reference, code, p.text) for code, p in found if p.done]
