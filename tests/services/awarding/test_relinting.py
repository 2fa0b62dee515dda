"""`lint --all` after a compromise: what can be signed again must be; what has ended is known by its key's state."""

import io
from collections.abc import Iterator
from dataclasses import replace as with_changes
from datetime import timedelta
from pathlib import Path

import pytest

from badges_server.app import create_app
from badges_server.services.awarding import award_file
from badges_server.services.installing import install
from badges_server.services.keys import compromise, rotate
from badges_server.services.reissuing import replace, resign, resign_all
from badges_server.services.relinting import lint_all
from badges_server.services.revoking import revoke
from badges_server.services.server import Server
from badges_server.storage.tables import CredentialRow
from tests.clock import Clock
from tests.services.awarding.conftest import NOW
from tests.services.awarding.files import csv_of
from tests.services.conftest import ROOT
from tests.web.conftest import make_settings
from tests.web.sample import close

ISSUER = "reconnaissance-normandie"
LINES = csv_of({"recipient_ref": "VALID"}, {"recipient_ref": "REVOKED"}, {"recipient_ref": "REPLACED"},
               {"recipient_ref": "EXPIRED", "achievement": "sec-01"})  # fmt: skip


@pytest.fixture
def answering(empty_database_url: str, tmp_path: Path) -> Iterator[tuple[Server, Clock]]:
    """A whole server that answers for its own keys and lists, on both databases."""
    clock = Clock(NOW)
    app = create_app(with_changes(make_settings(tmp_path), database_url=empty_database_url), clock)
    server: Server = app.extensions["badges_server"]
    install(server, ROOT / "badge_classes", ROOT / "examples" / "network.toml")
    yield server, clock
    close(app)


def test_after_a_compromise_lint_is_good_again_once_all_is_signed_that_can_be(answering: tuple[Server, Clock]) -> None:
    server, clock = answering
    valid, revoked, old, expired = (one.credential_id or "" for one in award_file(server, io.BytesIO(LINES)).lines)
    clock.advance(hours=1)
    revoke(server, revoked, reason="error", actor="operator")
    new = replace(server, old, actor="operator").credential_id
    clock.advance(days=900)
    with server.database.transaction() as session:
        rotate(server, session, ISSUER, "EdDSA", cache_time=timedelta(0))
        affected = compromise(server, session, ISSUER, "key-1")

    # Exactly what can be signed again is asked for, and nothing else is forgiven meanwhile.
    assert sorted(affected) == sorted([valid, revoked, new])
    faults = "\n".join(lint_all(server).failures)
    assert [one in faults for one in (valid, revoked, new, old, expired)] == [True, True, True, False, False]

    assert resign_all(server, affected, actor="operator") == 3
    assert lint_all(server).failures == ()
    assert lint_all(server).checked == 5


def test_a_lost_proof_is_forgiven_for_a_compromised_key_only(answering: tuple[Server, Clock]) -> None:
    server, clock = answering
    _, _, old, expired = (one.credential_id or "" for one in award_file(server, io.BytesIO(LINES)).lines)
    clock.advance(hours=1)
    replace(server, old, actor="operator")
    resign(server, expired, actor="operator")
    clock.advance(days=900)
    with server.database.transaction() as session:
        for credential_id in (old, expired):
            row = session.get_one(CredentialRow, credential_id)
            row.document = (row.document or "").replace('"proofValue":"z', '"proofValue":"z2')

    faults = "\n".join(lint_all(server).failures)

    assert (old in faults, expired in faults) == (True, True)
