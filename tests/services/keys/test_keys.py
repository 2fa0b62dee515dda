"""The life of signing keys, on both databases."""

from datetime import timedelta

import pytest

from badges_server.credentials.data_integrity import proofs_of, secure, verify
from badges_server.services import keys
from badges_server.services.keys import KeyStateError, NoActiveKeyError, UnknownKeyError
from badges_server.services.profiles import UnknownIssuerError
from badges_server.services.server import Server
from badges_server.storage.chain_checking import check_chains
from badges_server.storage.key_files import KeyFileError
from badges_server.storage.tables import AuditRow
from tests.clock import Clock
from tests.services.profiles import add_profiles

SLUG = "reconnaissance"
DID = "did:web:badges.example:issuers:reconnaissance"


@pytest.fixture(autouse=True)
def _issuer(server: Server) -> None:
    add_profiles(server, ("recognition", SLUG), ("member", "coup-de-main"))


def states(server: Server, issuer: str = SLUG) -> dict[str, str]:
    with server.database.reading() as session:
        return {key.id: key.state for key in keys.list_keys(session, issuer)}


def published(server: Server) -> list[str]:
    with server.database.reading() as session:
        return [method.id for method in keys.verification_methods(session, SLUG, server.addresses)]


def test_first_keys_are_active_at_once_and_made_once(server: Server) -> None:
    with server.database.transaction() as session:
        assert keys.ensure_keys(server, session, SLUG) == 2
    with server.database.transaction() as session:
        assert keys.ensure_keys(server, session, SLUG) == 0

    assert states(server) == {"key-1": "active", "jwt-1": "active"}
    assert sorted(published(server)) == [f"{DID}#jwt-1", f"{DID}#key-1"]


def test_the_active_signer_signs_what_the_published_key_verifies(server: Server) -> None:
    with server.database.transaction() as session:
        keys.ensure_keys(server, session, SLUG)
    with server.database.reading() as session:
        signer = keys.active_signer(server, session, SLUG, "EdDSA")
        methods = keys.verification_methods(session, SLUG, server.addresses)

    plain = {"@context": ["https://www.w3.org/ns/credentials/v2"], "id": "urn:uuid:1", "name": "x"}
    document = secure(plain, signer, server.now())

    key = next(method.public_key for method in methods if method.id == signer.verification_method)
    verify(document, proofs_of(document)[0], key)
    assert signer.verification_method == f"{DID}#key-1"


def test_a_named_issuer_lives_on_the_networks_host(server: Server) -> None:
    with server.database.transaction() as session:
        keys.ensure_keys(server, session, "coup-de-main")
        signer = keys.active_signer(server, session, "coup-de-main", "RS256")

    assert signer.verification_method == "did:web:reseau.example:issuers:coup-de-main#jwt-1"


def test_a_key_goes_through_its_states_one_by_one(server: Server) -> None:
    with server.database.transaction() as session:
        key = keys.new_key(server, session, SLUG, "EdDSA")
        assert (key.id, key.state) == ("key-1", "prepared")
        assert keys.verification_methods(session, SLUG, server.addresses) == []
        with pytest.raises(KeyStateError, match="key is prepared, not published"):
            keys.activate(server, session, SLUG, "key-1")
        assert keys.publish(server, session, SLUG, "key-1").state == "published"
        with pytest.raises(NoActiveKeyError):
            keys.active_signer(server, session, SLUG, "EdDSA")
        assert keys.activate(server, session, SLUG, "key-1").state == "active"
        with pytest.raises(KeyStateError, match="key is active, not prepared"):
            keys.publish(server, session, SLUG, "key-1")
    assert published(server) == [f"{DID}#key-1"]


def test_rotation_publishes_waits_and_then_signs(server: Server, clock: Clock) -> None:
    with server.database.transaction() as session:
        keys.ensure_keys(server, session, SLUG)
        assert keys.rotate(server, session, SLUG, "EdDSA").state == "published"
    assert states(server) == {"key-1": "active", "jwt-1": "active", "key-2": "published"}

    clock.advance(hours=23)
    with server.database.transaction() as session:
        assert keys.rotate(server, session, SLUG, "EdDSA").state == "published"
    clock.advance(hours=1)
    with server.database.transaction() as session:
        assert keys.rotate(server, session, SLUG, "EdDSA").state == "active"
        assert keys.active_signer(server, session, SLUG, "EdDSA").verification_method == f"{DID}#key-2"

    assert states(server) == {"key-1": "retired", "jwt-1": "active", "key-2": "active"}
    assert f"{DID}#key-1" in published(server)


def test_the_only_key_that_signs_is_not_retired(server: Server) -> None:
    with server.database.transaction() as session:
        keys.ensure_keys(server, session, SLUG)
        for key_id, algorithm in (("key-1", "EdDSA"), ("jwt-1", "RS256")):
            with pytest.raises(KeyStateError, match=f"the only key that signs {algorithm}: run keys rotate"):
                keys.retire(server, session, SLUG, key_id)
        assert keys.rotate(server, session, SLUG, "EdDSA").id == "key-2"
        assert keys.retire(server, session, SLUG, "key-2").state == "retired"
        assert keys.rotate(server, session, SLUG, "EdDSA").id == "key-3"

    assert states(server) == {"key-1": "active", "jwt-1": "active", "key-2": "retired", "key-3": "published"}
    assert f"{DID}#key-2" in published(server)


def test_rotation_takes_the_key_that_was_prepared(server: Server) -> None:
    with server.database.transaction() as session:
        keys.ensure_keys(server, session, SLUG)
        keys.new_key(server, session, SLUG, "EdDSA")
        assert keys.rotate(server, session, SLUG, "EdDSA").id == "key-2"
    assert states(server) == {"key-1": "active", "jwt-1": "active", "key-2": "published"}


def test_rotation_without_waiting_leaves_exactly_one_active_key(server: Server) -> None:
    with server.database.transaction() as session:
        keys.ensure_keys(server, session, SLUG)
        for _ in range(3):
            keys.rotate(server, session, SLUG, "RS256", cache_time=timedelta(0))

    assert states(server) == {
        "key-1": "active",
        "jwt-1": "retired",
        "jwt-2": "retired",
        "jwt-3": "retired",
        "jwt-4": "active",
    }


def test_a_compromised_key_leaves_the_documents_and_its_private_side_is_gone(server: Server) -> None:
    with server.database.transaction() as session:
        keys.ensure_keys(server, session, SLUG)
        assert keys.compromise(server, session, SLUG, "key-1") == []

    assert published(server) == [f"{DID}#jwt-1"]
    with server.database.reading() as session, pytest.raises(NoActiveKeyError):
        keys.active_signer(server, session, SLUG, "EdDSA")
    with pytest.raises(KeyFileError, match="missing"):
        server.keyring.signer(SLUG, "key-1", f"{DID}#key-1")
    with server.database.transaction() as session:
        # Nobody replaces it behind the operator's back; the operator does, and the old name is not used again.
        assert keys.ensure_keys(server, session, SLUG) == 0
        # Without a key that signs there is nothing to wait for.
        key = keys.rotate(server, session, SLUG, "EdDSA")
        assert (key.id, key.state) == ("key-2", "active")
        with pytest.raises(KeyStateError, match="key is compromised"):
            keys.compromise(server, session, SLUG, "key-1")


def test_a_key_file_left_by_a_failed_transaction_is_never_replaced(server: Server) -> None:
    with pytest.raises(KeyStateError), server.database.transaction() as session:
        keys.activate(server, session, SLUG, keys.new_key(server, session, SLUG, "EdDSA").id)
    assert states(server) == {}

    with server.database.transaction() as session:
        assert keys.new_key(server, session, SLUG, "EdDSA").id == "key-2"
    assert server.keyring.signer(SLUG, "key-1", "x:y").algorithm == "EdDSA"


def test_unknown_issuers_and_keys_are_said(server: Server) -> None:
    with server.database.transaction() as session:
        with pytest.raises(UnknownIssuerError, match="unknown issuer"):
            keys.new_key(server, session, "nobody", "EdDSA")
        with pytest.raises(UnknownKeyError, match="unknown key"):
            keys.publish(server, session, SLUG, "key-9")
        with pytest.raises(UnknownKeyError):
            keys.export_public(session, SLUG, "key-9")


def test_the_public_half_is_exported_as_pem(server: Server) -> None:
    with server.database.transaction() as session:
        keys.ensure_keys(server, session, SLUG)
        assert keys.export_public(session, SLUG, "jwt-1").startswith("-----BEGIN PUBLIC KEY-----\n")


def test_every_step_is_audited(server: Server) -> None:
    with server.database.transaction() as session:
        keys.new_key(server, session, SLUG, "EdDSA")
        keys.publish(server, session, SLUG, "key-1")
        keys.activate(server, session, SLUG, "key-1")
        keys.compromise(server, session, SLUG, "key-1")
    with server.database.reading() as session:
        trail = [(row.action, row.subject) for row in session.query(AuditRow).order_by(AuditRow.sequence)]
        assert check_chains(session) == []
    assert trail == [(f"key.{verb}", f"{SLUG}#key-1") for verb in ("prepare", "publish", "activate", "compromise")]
