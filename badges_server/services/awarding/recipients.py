"""The people that lines are about: found by the organisation's own reference, added with a key of their own."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.services.awarding.csv_file.lines import AwardLine
from badges_server.services.awarding.erased import erased_among
from badges_server.services.server import Server
from badges_server.storage.person_keys import PersonErasedError
from badges_server.storage.personal_data import encrypt, reference_digest
from badges_server.storage.tables import PersonRow

# Rows of one look-up; keeps under both databases' limit of bound values.
_BATCH = 500


class Recipients:
    """The people of one batch of lines, with the keys that open their private columns.

    A key is kept in the store of keys before the person is: a crash between the two leaves a key that opens nothing.

    Raises:
        PersonErasedError: one of them was erased since the lines were judged.
    """

    def __init__(self, server: Server, session: Session, lines: Sequence[AwardLine]) -> None:
        self._server = server
        self._ids = find_people(server, session, lines)
        for person_id in erased_among(server, session, self._ids.values()):
            raise PersonErasedError("was erased while this file was awarded: award it again", value=person_id)
        # Sorted, so that two runs add the same people in the same order.
        unknown = {digest: line for line in lines if (digest := self._digest(line)) not in self._ids}
        new_ids = {digest: str(server.entropy.new_uuid()) for digest in sorted(unknown)}
        self._keys = server.person_keys.create(list(new_ids.values())) if new_ids else {}
        self._keys = {**self._keys, **server.person_keys.keys_for(sorted(set(self._ids.values())))}
        self._ids |= new_ids
        session.add_all(self._row(new_ids[digest], digest, line) for digest, line in unknown.items())
        session.flush()

    def id_of(self, line: AwardLine) -> str:
        """The person that a line is about."""
        return self._ids[self._digest(line)]

    def encrypted(self, line: AwardLine, text: str) -> bytes | None:
        """Encrypt a text about the person of a line, with the person's own key; an empty text is kept as nothing."""
        return encrypt(self._keys[self.id_of(line)], text, self._server.entropy) if text else None

    def _digest(self, line: AwardLine) -> str:
        return digest_of(self._server, line)

    def _row(self, person_id: str, digest: str, line: AwardLine) -> PersonRow:
        return PersonRow(
            id=person_id,
            organisation_slug=line.organisation,
            reference_digest=digest,
            reference_encrypted=self.encrypted(line, line.recipient_ref),
            first_name_encrypted=self.encrypted(line, line.first_name),
            last_name_encrypted=self.encrypted(line, line.last_name),
            email_encrypted=self.encrypted(line, line.email),
            phone_encrypted=self.encrypted(line, line.phone),
            created_at=self._server.now(),
        )


def digest_of(server: Server, line: AwardLine) -> str:
    """The keyed digest by which a person is found again."""
    return reference_digest(server.secret_key, line.organisation, line.recipient_ref)


def erased_digests(server: Server, session: Session, lines: Sequence[AwardLine]) -> frozenset[str]:
    """Tell which of the people that lines are about were erased: the digests of their references."""
    known = find_people(server, session, lines)
    erased = erased_among(server, session, known.values())
    return frozenset(digest for digest, person_id in known.items() if person_id in erased)


def find_people(server: Server, session: Session, lines: Sequence[AwardLine]) -> dict[str, str]:
    """Look up the people known already: digest of the reference → person's id."""
    digests = sorted({digest_of(server, line) for line in lines})
    found: dict[str, str] = {}
    for start in range(0, len(digests), _BATCH):
        query = select(PersonRow.reference_digest, PersonRow.id).where(
            PersonRow.reference_digest.in_(digests[start : start + _BATCH])
        )
        found |= {digest: person_id for digest, person_id in session.execute(query) if digest is not None}
    return found
