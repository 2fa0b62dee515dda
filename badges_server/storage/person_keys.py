"""The separate store of people's keys: deleting one erases the person everywhere, old backups included.

It has its own file and its own backups, kept 30 days at most, and the log of erasures, which `restore` replays.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import ClassVar, TypeVar

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from badges_server.credentials.entropy import Entropy
from badges_server.credentials.errors import BadgeError
from badges_server.storage.database import Database
from badges_server.storage.personal_data import PersonalDataError, seal, unseal
from badges_server.storage.tables import ErasureRow, PersonKeyRow

_KEY_BYTES = 32
_BATCH = 1000
_Item = TypeVar("_Item")


class PersonErasedError(BadgeError):
    """The person was erased; nobody by this id comes back."""

    code: ClassVar[str] = "PERSON_ERASED"


class PersonKeyError(BadgeError):
    """A person's key cannot be unwrapped: the deployment's secret key is not the one that wrapped it."""

    code: ClassVar[str] = "PERSON_KEY_ERROR"


class PersonKeyStore:
    """A random 256-bit key for each person, wrapped under a key that only the deployment's secret key gives.

    Args:
        url: SQLAlchemy URL of the store; never that of the main database.
        secret_key: the deployment's key, at least 32 bytes.
        entropy: for the keys and the nonces.
        lock_wait: seconds, see `Database`.

    Raises:
        DatabaseUnavailableError: the URL names no database of ours.
    """

    def __init__(self, url: str, secret_key: bytes, entropy: Entropy, *, lock_wait: int = 5) -> None:
        self.database = Database(url, "person_keys", lock_wait=lock_wait)
        self._entropy = entropy
        # RFC 5869; the info keeps this key apart from every other use of the secret.
        derivation = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=b"badges-server person keys 1")
        self._wrapping_key = derivation.derive(secret_key)

    def upgrade(self) -> None:
        """Create the store, or bring its tables up to date.

        Raises:
            DatabaseError: see `Database.upgrade`.
        """
        self.database.upgrade()

    def create(self, person_ids: Iterable[str]) -> dict[str, bytes]:
        """Give every person a key; those who have one keep it. All are on disk when this returns.

        Raises:
            PersonErasedError: one of them was erased; no key was made for anybody.
            PersonKeyError: an existing key cannot be unwrapped.
            DatabaseError: see `Database.transaction`.
        """
        wanted = list(dict.fromkeys(person_ids))
        with self.database.transaction() as session:
            _keep_others_out(session)
            self._refuse_erased(session, wanted)
            keys = self._read(session, wanted)
            fresh = {person: self._entropy.random_bytes(_KEY_BYTES) for person in wanted if person not in keys}
            rows = [{"person_id": person, "wrapped_key": self._wrap(person, key)} for person, key in fresh.items()]
            for batch in _batches(rows):
                session.execute(insert(PersonKeyRow), batch)
        return {**keys, **fresh}

    def keys_for(self, person_ids: Iterable[str]) -> dict[str, bytes]:
        """Look up people's keys; whoever has none (unknown or erased) is not in the answer.

        Raises:
            PersonKeyError: a key cannot be unwrapped.
            DatabaseError: see `Database.reading`.
        """
        with self.database.reading() as session:
            return self._read(session, list(dict.fromkeys(person_ids)))

    def erase(self, person_id: str, now: datetime) -> None:
        """Delete a person's key for ever and log it, whether a key was there or not. Doing it again is harmless.

        Raises:
            DatabaseBusyError: done, but a reader keeps the key's traces in the store's log: call it again.
            DatabaseError: see `Database.transaction`.
        """
        with self.database.transaction() as session:
            _keep_others_out(session)
            session.execute(delete(PersonKeyRow).where(PersonKeyRow.person_id == person_id))
            if session.get(ErasureRow, person_id) is None:
                session.add(ErasureRow(person_id=person_id, erased_at=now))
        self.database.purge_deleted(PersonKeyRow.__tablename__)

    def erased_ids(self) -> frozenset[str]:
        """List everybody who was erased, for `restore` to erase again.

        Raises:
            DatabaseError: see `Database.reading`.
        """
        with self.database.reading() as session:
            return frozenset(session.scalars(select(ErasureRow.person_id)))

    def close(self) -> None:
        """Give back every connection; the next use opens new ones."""
        self.database.close()

    def _read(self, session: Session, person_ids: Sequence[str]) -> dict[str, bytes]:
        keys = {}
        for batch in _batches(person_ids):
            query = select(PersonKeyRow.person_id, PersonKeyRow.wrapped_key).where(PersonKeyRow.person_id.in_(batch))
            keys.update({row.person_id: self._unwrap(row.person_id, row.wrapped_key) for row in session.execute(query)})
        return keys

    def _refuse_erased(self, session: Session, person_ids: Sequence[str]) -> None:
        for batch in _batches(person_ids):
            erased = session.scalar(select(ErasureRow.person_id).where(ErasureRow.person_id.in_(batch)).limit(1))
            if erased is not None:
                raise PersonErasedError("was erased and gets no new key", value=erased, path=f"person {erased}")

    def _wrap(self, person_id: str, key: bytes) -> bytes:
        return seal(self._wrapping_key, key, self._entropy, person_id.encode())

    def _unwrap(self, person_id: str, wrapped: bytes) -> bytes:
        try:
            return unseal(self._wrapping_key, wrapped, person_id.encode())
        except PersonalDataError as error:
            raise PersonKeyError(
                "the secret key does not open this person's key: put back the BADGES_SECRET_KEY that made it",
                path=f"person {person_id}",
            ) from error


def _keep_others_out(session: Session) -> None:
    """Let writers follow one another, so that a key is never made beside an erasure; SQLite always does."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE person_keys IN SHARE ROW EXCLUSIVE MODE"))


def _batches(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))
