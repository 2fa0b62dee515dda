"""Forms that are signed at first request, replaced and compromised badges: on both databases, by readers at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import jwt
import pytest

from badges_server.credentials.json_text import parse_json_object
from badges_server.services import keys, publishing
from badges_server.services.publishing import NotPublishedError, Publication
from badges_server.services.reissuing import replace, resign
from badges_server.services.server import Server
from badges_server.storage.tables import CredentialRow, IntentRow
from tests.clock import Clock
from tests.services.awarding.conftest import furnish
from tests.services.awarding.files import award, csv_of

RECOGNITION = "reconnaissance-normandie"


@pytest.fixture
def ready(server: Server, clock: Clock) -> Server:
    return furnish(server, clock)


def signed(server: Server, **changes: str) -> str:
    """Award one badge; returns the id of its credential."""
    credential_id = award(server, csv_of(changes)).lines[0].credential_id
    assert credential_id is not None
    return credential_id


def header_of(publication: Publication) -> dict[str, object]:
    return dict(jwt.get_unverified_header(publication.body))


def test_readers_at_once_get_the_one_jwt_that_is_kept(ready: Server) -> None:
    credential_id = signed(ready)
    with ThreadPoolExecutor(8) as pool:
        tokens = set(pool.map(lambda _: publishing.credential_jwt(ready, credential_id).body, range(16)))
        assertions = set(
            pool.map(lambda _: publishing.open_badges_2.assertion_jws(ready, credential_id).body, range(16))
        )

    assert len(tokens) == len(assertions) == 1
    with ready.database.reading() as session:
        row = session.get_one(CredentialRow, credential_id)
        assert row.jwt is not None
        assert row.ob2_jws is not None
        assert {row.jwt.encode()} == tokens
        assert {row.ob2_jws.encode()} == assertions


def test_a_form_once_signed_stays_the_same_after_rotation(ready: Server) -> None:
    credential_id = signed(ready)
    before = publishing.credential_jwt(ready, credential_id)
    with ready.database.transaction() as session:
        keys.rotate(ready, session, RECOGNITION, "RS256", cache_time=timedelta(0))

    assert publishing.credential_jwt(ready, credential_id) == before
    key_set = parse_json_object(publishing.host_key_set(ready, "badges.example").body)
    assert [key["kid"].rpartition("#")[2] for key in key_set["keys"]] == ["jwt-1", "jwt-2"]
    assert str(header_of(before)["kid"]).endswith("#jwt-1")


def test_a_compromised_rsa_key_makes_its_forms_be_signed_again(ready: Server) -> None:
    credential_id = signed(ready)
    before = publishing.credential_jwt(ready, credential_id)
    publishing.open_badges_2.assertion_jws(ready, credential_id)
    with ready.database.transaction() as session:
        assert keys.compromise(ready, session, RECOGNITION, "jwt-1") == ()
    with pytest.raises(NotPublishedError):
        publishing.credential_jwt(ready, credential_id)
    with pytest.raises(NotPublishedError):
        publishing.open_badges_2.key_json(ready, f"{RECOGNITION}-jwt-1")

    with ready.database.transaction() as session:
        keys.rotate(ready, session, RECOGNITION, "RS256", cache_time=timedelta(0))
    after = publishing.credential_jwt(ready, credential_id)
    assert str(header_of(after)["kid"]).endswith("#jwt-2")
    assert after.etag != before.etag
    issuer = parse_json_object(publishing.open_badges_2.issuer_json(ready, RECOGNITION).body)
    assert issuer["publicKey"] == [f"https://badges.example/ob2/keys/{RECOGNITION}-jwt-2"]


def test_a_compromised_signing_key_names_its_badges_and_they_are_signed_again(ready: Server, clock: Clock) -> None:
    credential_id = signed(ready)
    before = parse_json_object(publishing.credential_json(ready, credential_id).body)
    with ready.database.transaction() as session:
        assert list(keys.compromise(ready, session, RECOGNITION, "key-1")) == [credential_id]
        keys.rotate(ready, session, RECOGNITION, "EdDSA", cache_time=timedelta(0))
    clock.advance(minutes=1)
    resign(ready, credential_id, actor="operator")

    after = parse_json_object(publishing.credential_json(ready, credential_id).body)
    assert after["proof"][0]["verificationMethod"].endswith("#key-2")
    assert after["validFrom"] > before["validFrom"]
    same = before.keys() - {"proof", "validFrom"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    claims = jwt.decode_complete(
        publishing.credential_jwt(ready, credential_id).body, options={"verify_signature": False}
    )
    assert claims["payload"]["validFrom"] == after["validFrom"]


def test_a_replaced_neutral_document_stays_a_named_one_goes(ready: Server) -> None:
    neutral, named = signed(ready), signed(ready, recipient_ref="REF-2", presentation="named")
    assert publishing.credential_json(ready, named).is_personal
    replace(ready, neutral, presentation="named", actor="operator")
    replace(ready, named, presentation="neutral", actor="operator")

    assert publishing.credential_json(ready, neutral).body
    assert publishing.open_badges_2.assertion_json(ready, neutral).is_gone
    for form in (
        publishing.credential_json,
        publishing.credential_jwt,
        publishing.open_badges_2.assertion_json,
        publishing.open_badges_2.assertion_jws,
    ):
        with pytest.raises(NotPublishedError):
            form(ready, named)


def test_what_is_only_planned_is_not_public(ready: Server) -> None:
    """An intent that a crash left behind: the id exists, nothing is signed."""
    credential_id = signed(ready)
    with ready.database.transaction() as session:
        session.delete(session.get_one(CredentialRow, credential_id))
        session.get_one(IntentRow, credential_id).completed_at = None
    with pytest.raises(NotPublishedError):
        publishing.credential_json(ready, credential_id)


NO_NAMES = ["", "\0", "a\0b", "é", "a/b", "' or 1=1", "x" * 121, "\ud800"]


def forms_of(ready: Server, name: str) -> list[Callable[[], Publication]]:
    return [
        lambda: publishing.credential_json(ready, name),
        lambda: publishing.credential_jwt(ready, name),
        lambda: publishing.achievement_json(ready, name, "1"),
        lambda: publishing.achievement_picture(ready, "ms-01", name, "png"),
        lambda: publishing.issuer_profile(ready, name),
        lambda: publishing.endorsement_json(ready, name),
        lambda: publishing.status_list_json(ready, name),
        lambda: publishing.status_list_jwt(ready, name),
        lambda: publishing.qr_code(ready, name, "svg"),
        lambda: publishing.open_badges_2.assertion_json(ready, name),
        lambda: publishing.open_badges_2.key_json(ready, f"{name}-jwt-1"),
        lambda: publishing.open_badges_2.revocation_list(ready, name),
        lambda: publishing.open_badges_2.badge_class(ready, name, "ms-01", "1"),
    ]


def test_what_cannot_be_a_name_is_not_there(ready: Server) -> None:
    for name in NO_NAMES:
        for form in forms_of(ready, name):
            with pytest.raises(NotPublishedError):
                form()


def test_a_publication_names_its_bytes() -> None:
    one = publishing.Publication(b"{}", "application/json", publishing.Freshness.DEFINITION)
    other = publishing.Publication(b"[]", "application/json", publishing.Freshness.DEFINITION)
    assert one.etag != other.etag
    assert not one.is_personal
