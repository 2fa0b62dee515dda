"""The network endorses its members, the neutral profile the classes; on both databases."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from badges_server.credentials.data_integrity import proofs_of, verify
from badges_server.credentials.forbidden_words import find_forbidden
from badges_server.credentials.json_text import parse_json_object
from badges_server.credentials.model import StatusPlace
from badges_server.services import cataloguing, keys
from badges_server.services.endorsing import (
    UnknownEndorsementError,
    endorse_achievements,
    endorse_members,
    endorsement,
    endorsements_of,
)
from badges_server.services.profiles import NetworkNotLoadedError
from badges_server.services.recording import load_network
from badges_server.services.server import Server
from badges_server.storage.tables import EndorsementRow, StatusEntryRow
from tests.clock import Clock
from tests.services.conftest import ROOT


@pytest.fixture
def loaded(server: Server, network_path: Path) -> Server:
    with server.database.transaction() as session:
        cataloguing.load_catalogue(server, session, ROOT / "badge_classes")
    load_network(server, network_path)
    return server


def periods(server: Server, slug: str) -> list[tuple[datetime, datetime | None]]:
    with server.database.reading() as session:
        return [(one.valid_from, one.valid_until) for one in endorsements_of(session, "profile", slug)]


def is_set(server: Server, endorsement_id: str) -> bool:
    with server.database.reading() as session:
        row = session.get_one(EndorsementRow, endorsement_id)
        place = StatusPlace(row.status_list_id, row.status_index)
        return session.get_one(StatusEntryRow, (place.list_id, place.index)).set_at is not None


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


def evening(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, 23, 59, 59, tzinfo=UTC)


def test_every_member_is_endorsed_once_to_the_end_of_the_year_or_of_its_time(loaded: Server) -> None:
    assert endorse_members(loaded) == 4
    assert endorse_members(loaded) == 0
    assert periods(loaded, "estuaire-interim") == [(day(2019, 1, 15), evening(2026, 12, 31))]
    assert periods(loaded, "atelier-des-falaises") == [(day(2020, 2, 1), evening(2025, 12, 31))]


def test_what_is_signed_is_what_a_stranger_can_check(loaded: Server) -> None:
    endorse_members(loaded)
    with loaded.database.reading() as session:
        found = endorsements_of(session, "profile", "estuaire-interim")[0]
        methods = keys.verification_methods(session, "coorace-normandie", loaded.addresses)

    document = parse_json_object(found.document)
    proof = proofs_of(document)[0]
    verify(document, proof, next(method.public_key for method in methods if method.id == proof["verificationMethod"]))
    assert document["id"] == f"https://badges.example/endorsements/{found.id}"
    assert document["issuer"]["id"] == "did:web:reseau.example:issuers:coorace-normandie"
    assert document["credentialSubject"]["id"] == "did:web:reseau.example:issuers:estuaire-interim"
    assert document["validUntil"] == "2026-12-31T23:59:59Z"
    comment = "Estuaire Intérim est membre de COORACE Normandie du 15/01/2019 au 31/12/2026."
    assert document["credentialSubject"]["endorsementComment"] == comment


def test_the_new_year_renews_and_the_old_endorsement_stays_true(loaded: Server, clock: Clock) -> None:
    endorse_members(loaded)
    clock.moment = datetime(2027, 1, 2, 9, tzinfo=UTC)

    assert endorse_members(loaded) == 3
    assert periods(loaded, "estuaire-interim") == [
        (day(2019, 1, 15), evening(2027, 12, 31)),
        (day(2019, 1, 15), evening(2026, 12, 31)),
    ]


def test_leaving_revokes_what_said_too_much_and_states_what_was(
    loaded: Server, clock: Clock, network_path: Path
) -> None:
    endorse_members(loaded)
    with loaded.database.reading() as session:
        before = endorsements_of(session, "profile", "estuaire-interim")[0]
    text = network_path.read_text(encoding="utf-8")
    left = text.replace("joined_on = 2019-01-15", "joined_on = 2019-01-15\nleft_on = 2026-03-31")
    network_path.write_text(left, encoding="utf-8")
    clock.advance(days=40)
    load_network(loaded, network_path)

    assert endorse_members(loaded) == 1

    assert periods(loaded, "estuaire-interim") == [(day(2019, 1, 15), evening(2026, 3, 31))]
    assert is_set(loaded, before.id)
    with loaded.database.reading() as session:
        assert endorsement(session, before.id).revoked_at == clock.moment
    assert endorse_members(loaded) == 0


def test_the_neutral_profile_endorses_every_class_once_without_a_telling_word(loaded: Server) -> None:
    assert endorse_achievements(loaded) == 46
    assert endorse_achievements(loaded) == 0
    with loaded.database.reading() as session:
        found = endorsements_of(session, "achievement", "ms-01/1")
        names = ["COORACE Normandie", "Estuaire Intérim", "Coup de main Bocage"]
        texts = [row.document for row in session.query(EndorsementRow)]
    assert len(found) == 1
    document = parse_json_object(found[0].document)
    assert document["credentialSubject"]["id"] == "https://badges.example/achievements/ms-01/1"
    assert document["issuer"]["id"] == "did:web:badges.example:issuers:reconnaissance-normandie"
    assert all(find_forbidden(text, names) == [] for text in texts)


def test_a_compromised_key_takes_its_endorsements_with_it_and_they_are_made_again(loaded: Server) -> None:
    endorse_members(loaded)
    with loaded.database.transaction() as session:
        keys.compromise(loaded, session, "coorace-normandie", "key-1")
        assert endorsements_of(session, "profile", "estuaire-interim") == []
        new = keys.new_key(loaded, session, "coorace-normandie", "EdDSA")
        keys.publish(loaded, session, "coorace-normandie", new.id)
        keys.activate(loaded, session, "coorace-normandie", new.id)

    assert endorse_members(loaded) == 4
    with loaded.database.reading() as session:
        assert '#key-2"' in endorsements_of(session, "profile", "estuaire-interim")[0].document


def test_without_a_network_nobody_endorses(server: Server) -> None:
    with pytest.raises(NetworkNotLoadedError):
        endorse_members(server)
    with pytest.raises(NetworkNotLoadedError):
        endorse_achievements(server)


def test_an_unknown_endorsement_is_said(server: Server) -> None:
    with server.database.reading() as session, pytest.raises(UnknownEndorsementError):
        endorsement(session, "00000000-0000-4000-8000-000000000000")
