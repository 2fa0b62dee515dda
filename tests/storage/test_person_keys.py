"""People's keys: made before anything is written under them, deleted for ever, and nobody comes back."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text, update

from badges_server.credentials.entropy import Entropy
from badges_server.storage.database import Database, DatabaseBusyError
from badges_server.storage.person_keys import PersonErasedError, PersonKeyError, PersonKeyStore
from badges_server.storage.personal_data import encrypt, reference_digest
from badges_server.storage.tables import ErasureRow, PersonKeyRow, PersonRow, ProfileRow
from tests.clock import Clock, make_entropy


@pytest.fixture
def store(empty_database_url: str, secret_key: bytes, entropy: Entropy) -> Iterator[PersonKeyStore]:
    """An empty store, on SQLite, then on PostgreSQL."""
    made = PersonKeyStore(empty_database_url, secret_key, entropy)
    made.upgrade()
    yield made
    made.close()


def test_created_key_is_the_key_that_is_looked_up(store: PersonKeyStore) -> None:
    created = store.create(["a", "b", "a"])
    assert store.keys_for(["b", "a", "unknown"]) == created
    assert len(set(created.values())) == 2
    assert {len(key) for key in created.values()} == {32}


def test_whoever_has_a_key_keeps_it(store: PersonKeyStore) -> None:
    first = store.create(["a"])
    assert store.create(["a", "b"])["a"] == first["a"]


def test_thousands_are_created_at_once(store: PersonKeyStore) -> None:
    ids = [f"person-{number}" for number in range(2500)]
    assert store.keys_for(ids) == {}
    assert store.create(ids) == store.keys_for(ids)
    assert len(store.keys_for(ids)) == 2500


def test_nobody_wanted_is_nobody_given(store: PersonKeyStore) -> None:
    assert store.create([]) == store.keys_for([]) == {}


def test_erased_key_is_gone_and_logged(store: PersonKeyStore, clock: Clock) -> None:
    store.create(["a", "b"])
    store.erase("a", clock())
    assert set(store.keys_for(["a", "b"])) == {"b"}
    assert store.erased_ids() == {"a"}


def test_second_erasure_is_harmless_and_keeps_the_first_moment(store: PersonKeyStore, clock: Clock) -> None:
    store.create(["a"])
    first = clock()
    store.erase("a", first)
    store.erase("a", clock.advance(days=1))
    with store.database.reading() as session:
        assert session.get_one(ErasureRow, "a").erased_at == first


def test_whoever_has_no_key_can_be_erased_as_a_restore_does(store: PersonKeyStore, clock: Clock) -> None:
    store.erase("from an old log", clock())
    assert store.erased_ids() == {"from an old log"}


def test_nobody_comes_back_and_nobody_else_is_half_made(store: PersonKeyStore, clock: Clock) -> None:
    store.erase("a", clock())
    with pytest.raises(PersonErasedError, match="person a: was erased"):
        store.create(["b", "a"])
    assert store.keys_for(["a", "b"]) == {}


def test_another_secret_key_opens_nothing(store: PersonKeyStore, empty_database_url: str, entropy: Entropy) -> None:
    store.create(["a"])
    other = PersonKeyStore(empty_database_url, b"another key of the deployment...", entropy)
    with pytest.raises(PersonKeyError, match="BADGES_SECRET_KEY"):
        other.keys_for(["a"])
    with pytest.raises(PersonKeyError):
        other.create(["a"])
    other.close()


def test_key_of_one_person_does_not_serve_another(store: PersonKeyStore) -> None:
    store.create(["a", "b"])
    with store.database.transaction() as session:
        wrapped = session.get_one(PersonKeyRow, "a").wrapped_key
        session.execute(update(PersonKeyRow).where(PersonKeyRow.person_id == "b").values(wrapped_key=wrapped))
    with pytest.raises(PersonKeyError, match="person b"):
        store.keys_for(["b"])


def test_programs_that_create_together_agree(store: PersonKeyStore, empty_database_url: str, secret_key: bytes) -> None:
    ids = [f"person-{number}" for number in range(50)]
    stores = [PersonKeyStore(empty_database_url, secret_key, make_entropy(f"store {number}")) for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda one: one.create(ids), stores))
    for one in stores:
        one.close()
    assert given[0] == store.keys_for(ids)
    assert all(keys == given[0] for keys in given)


_KILLED = """
import os, signal, sys
from badges_server.storage.person_keys import PersonKeyStore
from tests.clock import make_entropy

store = PersonKeyStore(sys.argv[1], b"a key of 32 bytes, for tests only", make_entropy("killed"))
print(store.create(["a"])["a"].hex(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_key_that_was_given_survives_a_kill(
    store: PersonKeyStore, empty_database_url: str, pytestconfig: pytest.Config
) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _KILLED, empty_database_url],
        cwd=pytestconfig.rootpath,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    assert store.keys_for(["a"]) == {"a": bytes.fromhex(run.stdout)}


CANARIES = {"reference": "ref-CANARI-0001", "first_name": "Zéphyrine-CANARI", "email": "canari@example.org"}


def test_erased_person_leaves_no_bytes(
    sqlite_database: Database,
    person_keys: PersonKeyStore,
    entropy: Entropy,
    clock: Clock,
    secret_key: bytes,
) -> None:
    keys = person_keys.create(["erased", "kept"])
    with person_keys.database.reading() as session:
        wrapped = session.get_one(PersonKeyRow, "erased").wrapped_key
    with sqlite_database.transaction() as session:
        session.add(ProfileRow(slug="p", kind="member", name="n", email="e", description="d", updated_at=clock()))
        session.flush()
        for person, key in keys.items():
            session.execute(insert(PersonRow), [_row(person, key, entropy, clock, secret_key)])
    store_files, main_files = _files(person_keys.database), _files(sqlite_database)
    assert wrapped in store_files

    person_keys.erase("erased", clock.advance(days=1))
    assert wrapped not in _files(person_keys.database)
    assert keys["erased"] not in _files(person_keys.database) + store_files
    with sqlite_database.transaction() as session:
        sealed = session.get_one(PersonRow, "erased").first_name_encrypted
        empty = {name: None for name in _row("", keys["kept"], entropy, clock, secret_key) if name[-9:] == "encrypted"}
        session.execute(update(PersonRow).where(PersonRow.id == "erased").values(reference_digest=None, **empty))
    sqlite_database.purge_deleted("people")
    assert sealed is not None
    assert sealed in main_files
    left = _files(sqlite_database)
    assert sealed not in left
    assert reference_digest(secret_key, "p", "erased" + CANARIES["reference"]).encode() not in left
    assert reference_digest(secret_key, "p", "kept" + CANARIES["reference"]).encode() in left
    for canary in CANARIES.values():
        assert canary.encode() not in main_files + left + store_files


def _row(person: str, key: bytes, entropy: Entropy, clock: Clock, secret_key: bytes) -> dict[str, object]:
    return {
        "id": person,
        "organisation_slug": "p",
        "created_at": clock(),
        "reference_digest": reference_digest(secret_key, "p", person + CANARIES["reference"]),
        **{f"{name}_encrypted": encrypt(key, value, entropy, place=name) for name, value in CANARIES.items()},
    }


def _files(database: Database) -> bytes:
    assert database.file is not None
    return b"".join(path.read_bytes() for path in database.file.parent.glob(f"{database.file.name}*"))


def test_erasure_that_a_reader_holds_up_is_done_and_said(
    tmp_path: Path, secret_key: bytes, entropy: Entropy, clock: Clock
) -> None:
    store = PersonKeyStore(f"sqlite:///{tmp_path / 'held.db'}", secret_key, entropy, lock_wait=1)
    store.upgrade()
    store.create(["a"])
    with store.database.reading() as session:
        session.execute(select(PersonKeyRow)).all()
        with pytest.raises(DatabaseBusyError, match="try again"):
            store.erase("a", clock())
        assert store.keys_for(["a"]) == {}
    store.erase("a", clock())
    assert store.erased_ids() == {"a"}
    store.close()


def test_backup_of_before_does_not_bring_a_person_back(
    person_keys: PersonKeyStore, tmp_path: Path, secret_key: bytes, entropy: Entropy, clock: Clock
) -> None:
    """The main database may come from any backup: without the key its columns stay shut."""
    key = person_keys.create(["a"])["a"]
    sealed = encrypt(key, "Zéphyrine", entropy)
    person_keys.erase("a", clock())
    person_keys.close()
    copy = tmp_path / "copy.db"
    assert person_keys.database.file is not None
    shutil.copy(person_keys.database.file, copy)
    again = PersonKeyStore(f"sqlite:///{copy}", secret_key, entropy)
    assert again.keys_for(["a"]) == {}
    assert sealed not in copy.read_bytes()
    again.close()


def test_store_is_not_the_main_database(person_keys: PersonKeyStore) -> None:
    with person_keys.database.reading() as session:
        names = set(session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")))
        assert session.scalar(select(func.count()).select_from(ErasureRow)) == 0
    assert names == {"person_keys", "erasures", "alembic_version"}
