"""People who were erased: their key is gone first, whatever their row still says. Nothing breaks, nothing is signed."""

from datetime import date

import pytest
from sqlalchemy import select

from badges_server.services.awarding.states import AwardStateError
from badges_server.services.listing import list_awards
from badges_server.services.offers import (
    OfferUnknownError,
    accept,
    accept_on_paper,
    decline,
    look_up_offer,
    new_link,
)
from badges_server.services.pathways import ConditionError, confirm_condition
from badges_server.services.revoking import revoke
from badges_server.services.server import Server
from badges_server.storage.tables import CredentialRow, PersonRow
from tests.services.awarding.files import assert_legal, award, counted, csv_of, outcomes, reasons

NO_EVIDENCE = {"evidence": "", "evidence_2": ""}


def erase(server: Server, *, marked: bool = False) -> None:
    """Delete the key of everybody; `marked`: their rows say so too."""
    with server.database.transaction() as session:
        for person in session.scalars(select(PersonRow)):
            server.person_keys.erase(person.id, server.now())
            person.erased_at = server.now() if marked else None


def test_a_badge_of_an_erased_person_is_revoked_without_its_note(ready: Server) -> None:
    credential_id = award(ready, csv_of({})).lines[0].credential_id or ""
    erase(ready)

    done = revoke(ready, credential_id, reason="error", note="mauvaise personne", actor="operator")

    assert not done.was_revoked
    assert str(done) == f"{credential_id} is revoked; the note was not kept: the person was erased"
    with ready.database.reading() as session:
        row = session.get_one(CredentialRow, credential_id)
        assert (row.state, row.revocation_note_encrypted) == ("revoked", None)
    assert_legal(ready)


def test_no_line_is_awarded_to_an_erased_person(ready: Server) -> None:
    award(ready, csv_of({}))
    erase(ready)
    before = counted(ready)
    data = csv_of({"achievement": "ev-03"}, {"achievement": "ev-01"} | NO_EVIDENCE, {"recipient_ref": "OTHER"})

    foretold = award(ready, data, dry_run=True)
    stopped = award(ready, data)

    assert reasons(foretold) == reasons(stopped) == {2: {"person_erased"}, 3: {"person_erased"}}
    assert foretold.lines[0].reason.startswith("recipient_ref: this person was erased")
    assert counted(ready) == before
    assert outcomes(award(ready, data, partial=True)) == ["refused", "refused", "signed"]
    assert counted(ready)["signed"] == 2
    assert_legal(ready)


@pytest.mark.parametrize("marked", [False, True])
def test_an_offer_to_an_erased_person_answers_like_an_unknown_one(ready: Server, *, marked: bool) -> None:
    award_id = award(ready, csv_of({"accepted_on": ""})).lines[0].award_id or ""
    with ready.database.transaction() as session:
        token = new_link(ready, session, award_id)
    erase(ready, marked=marked)

    for answer in (accept, decline):
        with pytest.raises(OfferUnknownError, match="no such offer"):
            answer(ready, token)
    with ready.database.transaction() as session, pytest.raises(AwardStateError, match="was erased"):
        new_link(ready, session, award_id)
    with pytest.raises(AwardStateError, match="was erased"):
        accept_on_paper(ready, award_id, date(2026, 11, 23), actor="mvp-01")
    if marked:
        with ready.database.reading() as session, pytest.raises(OfferUnknownError, match="no such offer"):
            look_up_offer(session, token, ready.now())
    assert counted(ready)["offered"] == 1


def test_the_list_shows_an_erased_person_without_a_reference(ready: Server) -> None:
    award(ready, csv_of({}))
    erase(ready)

    with ready.database.reading() as session:
        listed = list_awards(ready, session)
        person_id = session.scalars(select(PersonRow.id)).one()

    assert [(one.recipient_ref, one.state) for one in listed] == [(None, "signed")]
    with pytest.raises(ConditionError, match="no such person"):
        confirm_condition(ready, person_id, "par-1", "observation_in_establishment", confirmed_by="mvp-01")
