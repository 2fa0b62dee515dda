"""People's keys: made before anything is written under them, and deleted for ever."""

from badges_server.storage.person_keys import PersonKeyStore
from tests.clock import Clock


def test_created_key_is_the_key_that_is_looked_up(person_keys: PersonKeyStore) -> None:
    created = person_keys.create(["a", "b"])
    assert person_keys.keys_for(["b", "a", "unknown"]) == created
    assert len(set(created.values())) == 2
    assert {len(key) for key in created.values()} == {32}


def test_erased_key_is_gone(person_keys: PersonKeyStore, clock: Clock) -> None:
    person_keys.create(["a", "b"])
    person_keys.erase("a", clock())
    assert set(person_keys.keys_for(["a", "b"])) == {"b"}
    assert person_keys.erased_ids() == {"a"}
