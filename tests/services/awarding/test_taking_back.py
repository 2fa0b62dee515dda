"""Revoking and the two kinds of reissue: what changes, what stays, and that a crash in between loses nothing."""

import threading
from dataclasses import replace as with_changes
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from badges_server.credentials.json_text import JsonObject, parse_json_object
from badges_server.services.awarding import sign_pending
from badges_server.services.keys import compromise, rotate
from badges_server.services.offers import PresentationNotAllowedError
from badges_server.services.reissuing import ReissueError, replace, resign, resign_all
from badges_server.services.revoking import REASONS, ReplacedError, RevocationReasonError, Revoked, revoke
from badges_server.services.server import Server
from badges_server.services.signed_awards import UnknownCredentialError
from badges_server.storage.database import Database
from badges_server.storage.personal_data import decrypt
from badges_server.storage.tables import (
    AuditDetailRow,
    AwardRow,
    CredentialRow,
    IntentRow,
    MembershipRow,
    StatusEntryRow,
    StatusListRow,
)
from tests.clock import Clock, make_entropy
from tests.services.awarding.breaking import Fuse, PowerCutError, with_signer
from tests.services.awarding.files import ORGANISATION, assert_legal, award, counted, csv_of, people


def signed(server: Server, **changes: str) -> tuple[str, str]:
    """A signed badge: id of the credential, code of its page."""
    line = award(server, csv_of(changes)).lines[0]
    return line.credential_id or "", line.code or ""


def credential(server: Server, credential_id: str) -> CredentialRow:
    with server.database.reading() as session:
        return session.get_one(CredentialRow, credential_id)


def document(server: Server, credential_id: str) -> JsonObject:
    return parse_json_object(credential(server, credential_id).document or "")


def award_of(server: Server, credential_id: str) -> AwardRow:
    with server.database.reading() as session:
        return session.get_one(AwardRow, session.get_one(CredentialRow, credential_id).award_id)


def is_bit_set(server: Server, credential_id: str) -> bool:
    row = credential(server, credential_id)
    with server.database.reading() as session:
        entry = session.get_one(StatusEntryRow, (row.status_list_id, row.status_index))
        version = session.get_one(StatusListRow, row.status_list_id).version
    assert version > 1 or entry.set_at is None
    return entry.set_at is not None


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_a_revoked_badge_counts_no_more_and_the_note_stays_private(ready: Server, reason: str) -> None:
    credential_id, _ = signed(ready)

    done = revoke(ready, credential_id, reason=reason, note="CANARY: mauvaise personne", actor="mvp-01")

    row, of = credential(ready, credential_id), award_of(ready, credential_id)
    assert (done.was_revoked, row.state, of.state, row.revocation_reason) == (False, "revoked", "revoked", reason)
    assert row.revoked_at == ready.now()
    assert is_bit_set(ready, credential_id)
    key = ready.person_keys.keys_for([of.person_id])[of.person_id]
    assert decrypt(key, row.revocation_note_encrypted or b"") == "CANARY: mauvaise personne"
    with ready.database.reading() as session:
        assert not [one for one in session.scalars(select(AuditDetailRow.detail)) if "CANARY" in one]
    assert_legal(ready)


def test_revoking_twice_changes_nothing(ready: Server, clock: Clock) -> None:
    credential_id, _ = signed(ready)
    revoke(ready, credential_id, reason="error", note="première", actor="mvp-01")
    before = credential(ready, credential_id)
    clock.advance(hours=1)

    again = revoke(ready, credential_id, reason="fraud", note="seconde", actor="mvp-02")

    after = credential(ready, credential_id)
    assert again.was_revoked
    assert "nothing has changed" in str(again)
    assert (after.revoked_at, after.revocation_reason) == (before.revoked_at, "error")
    assert after.revocation_note_encrypted == before.revocation_note_encrypted


def test_every_name_of_a_badge_will_do(sqlite_ready: Server) -> None:
    names = []
    for number in range(6):
        credential_id, code = signed(sqlite_ready, recipient_ref=f"R-{number}")
        names.append((
            credential_id, sqlite_ready.addresses.credential(credential_id), code, f" {code[:5].lower()}-{code[5:]} ",
            sqlite_ready.addresses.verification_page(code), award_of(sqlite_ready, credential_id).id,
        )[number])  # fmt: skip

    assert [revoke(sqlite_ready, name, reason="error", actor="x").was_revoked for name in names] == [False] * 6
    assert counted(sqlite_ready)["revoked"] == 6


@pytest.mark.parametrize("name", ["", "nothing", "2BCDEFGHJK", "7a0e9bb4-57d4-4f2c-8f4c-000000000000", "https://x/"])
def test_an_unknown_name_is_refused(sqlite_ready: Server, name: str) -> None:
    award(sqlite_ready, csv_of({"accepted_on": ""}))

    with pytest.raises(UnknownCredentialError, match="no such badge"):
        revoke(sqlite_ready, name, reason="error", actor="mvp-01")


def test_an_unknown_reason_is_refused(sqlite_ready: Server) -> None:
    with pytest.raises(RevocationReasonError, match="write one of error, fraud"):
        revoke(sqlite_ready, "x", reason="mood", actor="mvp-01")


def test_a_revoked_line_is_not_awarded_again_by_the_same_file(ready: Server) -> None:
    credential_id, _ = signed(ready)
    revoke(ready, credential_id, reason="error", actor="mvp-01")

    assert award(ready, csv_of({})).lines[0].outcome == "unchanged"
    assert counted(ready)["credentials"] == 1


def test_revoked_from_many_sides_at_once(ready: Server) -> None:
    ids = [line.credential_id or "" for line in award(ready, csv_of(*people(20))).lines]
    done: list[Revoked] = []

    def side(number: int) -> None:
        database = Database(ready.database._url.render_as_string(hide_password=False), lock_wait=60)
        mine = with_changes(ready, database=database, entropy=make_entropy(f"side {number}"))
        order = ids if number % 2 else ids[::-1]
        done.extend(revoke(mine, credential_id, reason="error", actor=f"side-{number}") for credential_id in order)
        database.close()

    threads = [threading.Thread(target=side, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(done) == 80
    assert sorted(one.credential_id for one in done if not one.was_revoked) == sorted(ids)
    with ready.database.reading() as session:
        assert session.scalars(select(StatusListRow.version)).one() == 21
    assert_legal(ready)


def lose_key(server: Server) -> list[str]:
    with server.database.transaction() as session:
        slug = session.scalars(select(CredentialRow.issuer_slug)).first() or ""
        rotate(server, session, slug, "EdDSA", cache_time=timedelta(0))
        return list(compromise(server, session, slug, "key-1"))


def test_signed_again_after_a_lost_key_all_but_proof_and_beginning_stays(ready: Server, clock: Clock) -> None:
    credential_id, code = signed(ready, achievement="sec-01")
    before, old = credential(ready, credential_id), document(ready, credential_id)
    affected = lose_key(ready)
    clock.advance(hours=1)

    assert resign_all(ready, affected, actor="operator") == 1

    row, new = credential(ready, credential_id), document(ready, credential_id)
    assert affected == [credential_id]
    assert {name for name in new if new[name] != old[name]} == {"validFrom", "proof"}
    assert str(new["validFrom"]) > str(old["validFrom"])
    assert (row.status_list_id, row.status_index) == (before.status_list_id, before.status_index)
    assert (row.signing_key_id, row.state, award_of(ready, credential_id).code) == ("key-2", "valid", code)
    assert not is_bit_set(ready, credential_id)
    assert_legal(ready)


def test_a_revoked_badge_is_signed_again_and_stays_revoked(ready: Server, clock: Clock) -> None:
    credential_id, _ = signed(ready)
    revoke(ready, credential_id, reason="fraud", actor="mvp-01")
    lose_key(ready)
    clock.advance(hours=1)

    resign(ready, credential_id, actor="operator")

    assert (credential(ready, credential_id).state, award_of(ready, credential_id).state) == ("revoked", "revoked")
    assert credential(ready, credential_id).signing_key_id == "key-2"
    assert is_bit_set(ready, credential_id)
    assert_legal(ready)


def test_a_crash_while_signing_again_is_finished_by_the_next_run(ready: Server, clock: Clock, tmp_path: Path) -> None:
    credential_id, _ = signed(ready)
    clock.advance(hours=1)
    with pytest.raises(PowerCutError):
        resign(with_signer(ready, tmp_path, Fuse(1)), credential_id, actor="operator")
    with ready.database.reading() as session:
        planned = session.get_one(IntentRow, credential_id).planned_document
    clock.advance(hours=1)

    resign(ready, credential_id, actor="operator")

    assert document(ready, credential_id)["validFrom"] == parse_json_object(planned)["validFrom"]
    assert sign_pending(ready) == 0
    assert_legal(ready)


def test_replaced_by_a_named_badge_on_the_same_page(ready: Server, clock: Clock) -> None:
    old_id, code = signed(ready, achievement="sec-01")
    clock.advance(hours=1)

    done = replace(ready, code, presentation="named", actor="mvp-01")

    old, new = credential(ready, old_id), credential(ready, done.credential_id)
    assert (done.replaces, done.code) == (old_id, code)
    assert (old.state, old.revocation_reason, old.replaced_by) == ("superseded", "superseded", new.id)
    assert (new.state, new.issuer_slug) == ("valid", ORGANISATION)
    assert (is_bit_set(ready, old_id), is_bit_set(ready, new.id)) == (True, False)
    assert (old.status_list_id, old.status_index) != (new.status_list_id, new.status_index)
    kept = ("awardedDate", "validUntil")
    before, after = document(ready, old_id), document(ready, new.id)
    assert [before[name] for name in kept] == [after[name] for name in kept]
    of = award_of(ready, new.id)
    assert (of.credential_id, of.code, of.state, of.presentation) == (new.id, code, "signed", "named")
    assert_legal(ready)


def test_the_id_of_a_replaced_badge_takes_nothing_back_and_names_the_one_that_counts(
    ready: Server, clock: Clock
) -> None:
    old_id, code = signed(ready)
    ids = [old_id]
    for _ in range(2):
        clock.advance(hours=1)
        ids.append(replace(ready, code, actor="mvp-01").credential_id)

    for replaced in ids[:2]:
        with pytest.raises(ReplacedError, match=f"{replaced} was replaced by {ids[2]} .page {code}.: revoke that one"):
            revoke(ready, replaced, reason="error", actor="x")

    assert award_of(ready, ids[2]).state == "signed"
    assert not revoke(ready, ids[2], reason="error", actor="x").was_revoked
    assert award_of(ready, ids[2]).state == "revoked"
    assert is_bit_set(ready, ids[2])


def test_back_to_neutral(ready: Server, clock: Clock) -> None:
    credential_id, code = signed(ready, presentation="named")
    clock.advance(hours=1)

    done = replace(ready, credential_id, presentation="neutral", actor="mvp-01")

    assert credential(ready, done.credential_id).issuer_slug != ORGANISATION
    assert award_of(ready, done.credential_id).code == code


def test_a_crash_while_replacing_is_finished_with_the_same_new_badge(
    ready: Server, clock: Clock, tmp_path: Path
) -> None:
    old_id, _ = signed(ready)
    clock.advance(hours=1)
    with pytest.raises(PowerCutError):
        replace(with_signer(ready, tmp_path, Fuse(1)), old_id, actor="mvp-01")
    assert credential(ready, old_id).state == "valid"
    with ready.database.reading() as session:
        planned = session.scalars(select(IntentRow.credential_id).where(IntentRow.completed_at.is_(None))).one()

    done = replace(ready, old_id, actor="mvp-01")

    assert done.credential_id == planned
    assert counted(ready)["credentials"] == 2
    assert sign_pending(ready) == 0
    assert_legal(ready)


def test_revoked_while_being_replaced_no_new_badge_comes_out(ready: Server, clock: Clock, tmp_path: Path) -> None:
    old_id, _ = signed(ready)
    clock.advance(hours=1)
    with pytest.raises(PowerCutError):
        replace(with_signer(ready, tmp_path, Fuse(1)), old_id, actor="mvp-01")
    revoke(ready, old_id, reason="fraud", actor="mvp-01")

    assert sign_pending(ready) == 0
    assert counted(ready)["credentials"] == 1
    assert is_bit_set(ready, old_id)


@pytest.mark.parametrize("kind", [replace, resign])
def test_what_was_replaced_is_not_issued_again(sqlite_ready: Server, clock: Clock, kind: type) -> None:
    old_id, _ = signed(sqlite_ready)
    clock.advance(hours=1)
    replace(sqlite_ready, old_id, actor="mvp-01")

    with pytest.raises(ReissueError, match="is superseded"):
        kind(sqlite_ready, old_id, actor="mvp-01")


def test_a_revoked_badge_is_not_replaced(sqlite_ready: Server) -> None:
    credential_id, _ = signed(sqlite_ready)
    revoke(sqlite_ready, credential_id, reason="error", actor="mvp-01")

    with pytest.raises(ReissueError, match="is revoked"):
        replace(sqlite_ready, credential_id, actor="mvp-01")


@pytest.mark.parametrize("kind", [replace, resign])
def test_an_expired_badge_is_awarded_anew_instead(sqlite_ready: Server, clock: Clock, kind: type) -> None:
    credential_id, _ = signed(sqlite_ready, achievement="sec-01")
    clock.advance(days=900)

    with pytest.raises(ReissueError, match="has expired"):
        kind(sqlite_ready, credential_id, actor="mvp-01")


def test_named_no_more_when_the_organisation_has_left(sqlite_ready: Server, clock: Clock) -> None:
    credential_id, _ = signed(sqlite_ready)
    clock.advance(hours=1)
    with sqlite_ready.database.transaction() as session:
        for row in session.scalars(select(MembershipRow).where(MembershipRow.profile_slug == ORGANISATION)):
            row.left_on = date(2026, 11, 22)

    with pytest.raises(PresentationNotAllowedError):
        replace(sqlite_ready, credential_id, presentation="named", actor="mvp-01")
    assert replace(sqlite_ready, credential_id, presentation="neutral", actor="mvp-01").replaces == credential_id
