"""Who was erased: the key is deleted first, so the store of keys is believed before the person's row is."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.services.server import Server
from badges_server.storage.tables import PersonRow


def erased_among(server: Server, session: Session, person_ids: Iterable[str]) -> frozenset[str]:
    """Tell which of these people were erased: marked so, or without a key of their own.

    An erasure that was interrupted, or a database restored from before it, has the row and no key.
    """
    people = frozenset(person_ids)
    if not people:
        return people
    marked = session.scalars(select(PersonRow.id).where(PersonRow.id.in_(people), PersonRow.erased_at.is_not(None)))
    return frozenset(marked) | (people - server.person_keys.keys_for(people).keys())
