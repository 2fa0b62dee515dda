"""Giving out indexes, setting bits, publishing: on both databases, also by several writers at once."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, update

from badges_server.credentials.data_integrity import proofs_of, verify
from badges_server.credentials.json_text import JsonObject, parse_json_object
from badges_server.credentials.model import StatusPlace
from badges_server.credentials.status_list import StatusEntry, StatusList, is_status_set
from badges_server.services import keys, status_lists
from badges_server.services.keys import NoActiveKeyError
from badges_server.services.profiles import UnknownIssuerError
from badges_server.services.server import Server
from badges_server.services.status_lists import PublishedList, UnknownStatusListError
from badges_server.storage.tables import StatusListRow
from tests.clock import Clock
from tests.services.profiles import add_profiles

SLUG = "reconnaissance"


@pytest.fixture(autouse=True)
def _issuer(server: Server) -> None:
    add_profiles(server, ("recognition", SLUG), ("member", "coup-de-main"))
    with server.database.transaction() as session:
        keys.ensure_keys(server, session, SLUG)


def allocate(server: Server, count: int, issuer: str = SLUG) -> list[StatusPlace]:
    with server.database.transaction() as session:
        return status_lists.allocate(session, server, issuer, count)


def revoke(server: Server, place: StatusPlace) -> bool:
    with server.database.transaction() as session:
        return status_lists.set_bit(session, place, server.now())


def publish(server: Server, place: StatusPlace) -> object:
    return status_lists.publish(server, place.list_id)


def is_revoked(published: PublishedList, place: StatusPlace) -> bool:
    subject = subject_of(published)
    entry = StatusEntry("revocation", place.index, "")
    return is_status_set(entry, StatusList((subject["statusPurpose"],), subject["encodedList"]))


def subject_of(published: PublishedList) -> JsonObject:
    subject: JsonObject = parse_json_object(published.text)["credentialSubject"]
    return subject


def test_places_are_random_distinct_and_of_one_list(server: Server) -> None:
    places = allocate(server, 300)

    assert len({place.index for place in places}) == 300
    assert len({place.list_id for place in places}) == 1
    assert all(0 <= place.index < 131_072 for place in places)
    indexes = [place.index for place in places]
    assert indexes != sorted(indexes)
    assert max(indexes) - min(indexes) > 65_536


def test_each_issuer_has_lists_of_its_own(server: Server) -> None:
    neutral, named = allocate(server, 1), allocate(server, 1, "coup-de-main")

    assert neutral[0].list_id != named[0].list_id
    with pytest.raises(UnknownIssuerError):
        allocate(server, 1, "nobody")


def test_a_batch_takes_few_statements(server: Server) -> None:
    allocate(server, 1)
    statements: list[str] = []
    with server.database.transaction() as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *args: statements.append(args[2]))
        status_lists.allocate(session, server, SLUG, 200)

    assert len(statements) <= 6, statements


def test_the_next_list_opens_when_one_is_half_full(server: Server) -> None:
    first = allocate(server, 1)[0].list_id
    with server.database.transaction() as session:
        session.execute(update(StatusListRow).values(used=65_536 - 10))

    places = allocate(server, 25)

    assert [place.list_id == first for place in places] == [True] * 10 + [False] * 15
    with server.database.reading() as session:
        assert [status_lists.list_ids(session).index(first), len(status_lists.list_ids(session))] == [0, 2]


def test_writers_at_once_never_share_an_index(server: Server) -> None:
    with ThreadPoolExecutor(4) as pool:
        batches = list(pool.map(lambda count: allocate(server, count), [120] * 8))

    places = [place for batch in batches for place in batch]
    assert len({(place.list_id, place.index) for place in places}) == 960
    with server.database.reading() as session:
        rows = session.query(StatusListRow).all()
        assert [(row.sequence, row.used) for row in rows] == [(1, 960)]


def test_a_set_bit_shows_in_the_next_publication(server: Server, clock: Clock) -> None:
    place, other = allocate(server, 2)
    before = status_lists.publish(server, place.list_id)
    assert not is_revoked(before, place)

    clock.advance(seconds=1)
    assert revoke(server, place) is True
    after = status_lists.publish(server, place.list_id)

    assert is_revoked(after, place)
    assert not is_revoked(after, other)
    assert after.version == before.version + 1
    assert after.etag != before.etag


def test_revoking_twice_changes_nothing_more(server: Server) -> None:
    place = allocate(server, 1)[0]
    assert revoke(server, place) is True
    assert revoke(server, place) is False
    assert status_lists.publish(server, place.list_id).version == 2


def test_revocations_at_once_lose_none(server: Server) -> None:
    places = allocate(server, 160)

    def take_back(share: int) -> None:
        for place in places[share::8]:
            revoke(server, place)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take_back, range(8)))

    published = status_lists.publish(server, places[0].list_id)
    assert published.version == 161
    assert all(is_revoked(published, place) for place in places)


def test_the_same_signed_text_is_served_until_something_changes(server: Server, clock: Clock) -> None:
    list_id = allocate(server, 1)[0].list_id
    first = status_lists.publish(server, list_id)
    clock.advance(hours=11)
    assert status_lists.publish(server, list_id) == first

    clock.advance(hours=1)
    renewed = status_lists.publish(server, list_id)
    assert renewed.version == first.version
    assert renewed.signed_at - first.signed_at == timedelta(hours=12)
    assert renewed.etag != first.etag


def test_the_published_list_is_what_a_stranger_expects(server: Server) -> None:
    list_id = allocate(server, 1)[0].list_id
    document = parse_json_object(status_lists.publish(server, list_id).text)

    assert document["id"] == f"https://badges.example/status/{list_id}"
    assert document["issuer"] == "did:web:badges.example:issuers:reconnaissance"
    with server.database.reading() as session:
        methods = keys.verification_methods(session, SLUG, server.addresses)
    proof = proofs_of(document)[0]
    verify(document, proof, next(method.public_key for method in methods if method.id == proof["verificationMethod"]))


def test_a_compromised_key_makes_the_list_be_signed_again(server: Server, clock: Clock) -> None:
    list_id = allocate(server, 1)[0].list_id
    before = status_lists.publish(server, list_id)
    with server.database.transaction() as session:
        keys.compromise(server, session, SLUG, "key-1")
    with pytest.raises(NoActiveKeyError):
        status_lists.publish(server, list_id)

    clock.advance(seconds=1)
    with server.database.transaction() as session:
        keys.rotate(server, session, SLUG, "EdDSA", cache_time=timedelta(0))
    after = status_lists.publish(server, list_id)
    assert after.version > before.version
    assert parse_json_object(after.text)["proof"][0]["verificationMethod"].endswith("#key-2")


def test_two_signers_at_once_keep_the_newer_version(server: Server) -> None:
    place = allocate(server, 1)[0]
    with ThreadPoolExecutor(4) as pool:
        futures: list[Future[object]] = [pool.submit(publish, server, place) for _ in range(4)]
        futures.append(pool.submit(lambda: revoke(server, place)))
        futures += [pool.submit(publish, server, place) for _ in range(4)]
        results = [future.result() for future in futures]

    assert {result.version for result in results if isinstance(result, PublishedList)} <= {1, 2}
    assert is_revoked(status_lists.publish(server, place.list_id), place)


def test_unknown_lists_and_places_are_said(server: Server) -> None:
    place = allocate(server, 1)[0]
    with pytest.raises(UnknownStatusListError, match="unknown status list"):
        status_lists.publish(server, "00000000-0000-4000-8000-000000000000")
    with pytest.raises(UnknownStatusListError, match="no such place"):
        revoke(server, StatusPlace(place.list_id, (place.index + 1) % 131_072))
