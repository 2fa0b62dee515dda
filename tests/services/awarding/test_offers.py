"""Yes or no behind a one-time link: what opens it, what closes it, and that only a yes makes anything public."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from badges_server.credentials.errors import BadgeError
from badges_server.services.awarding.states import AwardStateError
from badges_server.services.offers import (
    Accepted,
    OfferUnknownError,
    PresentationNotAllowedError,
    accept,
    accept_on_paper,
    decline,
    look_up_offer,
    new_link,
)
from badges_server.services.server import Server
from badges_server.storage.database import Database
from badges_server.storage.tables import AwardRow, CredentialRow, MembershipRow, OfferLinkRow
from tests.clock import Clock, make_entropy
from tests.services.awarding.breaking import Fuse, PowerCutError, with_signer
from tests.services.awarding.files import ORGANISATION, assert_legal, award, counted, csv_of


def offer(server: Server) -> tuple[str, str]:
    """An award on offer, and its link's token."""
    report = award(server, csv_of({"accepted_on": ""}))
    award_id = report.lines[0].award_id or ""
    with server.database.transaction() as session:
        return award_id, new_link(server, session, award_id)


def is_open(server: Server, token: str) -> bool:
    with server.database.reading() as session:
        try:
            look_up_offer(session, token, server.now())
        except OfferUnknownError:
            return False
    return True


def test_an_offer_shows_what_is_offered_and_nothing_is_public(ready: Server) -> None:
    award_id, token = offer(ready)

    with ready.database.reading() as session:
        found = look_up_offer(session, token, ready.now())
        stored = session.scalars(select(OfferLinkRow)).one()

    assert (found.award_id, found.achievement.code, found.level) == (award_id, "EV-02", 2)
    assert found.achievement.easy_read
    assert (found.organisation, found.awarded_on) == (ORGANISATION, date(2026, 5, 12))
    assert found.expires_at == ready.now() + timedelta(days=30)
    assert token not in stored.token_digest
    assert len(token) >= 22
    assert counted(ready)["credentials"] == counted(ready)["intents"] == 0


def test_a_yes_signs_right_away_and_the_second_click_gets_the_same_answer(ready: Server, clock: Clock) -> None:
    award_id, token = offer(ready)

    first = accept(ready, token)
    clock.advance(minutes=9)
    second = accept(ready, token)

    assert first == second
    assert (first.award_id, first.held, len(first.code)) == (award_id, None, 10)
    assert counted(ready)["signed"] == counted(ready)["credentials"] == 1
    assert not is_open(ready, token)
    with ready.database.reading() as session:
        row = session.get_one(AwardRow, award_id)
        assert session.get_one(CredentialRow, first.credential_id).issuer_slug != ORGANISATION
    assert (row.presentation, row.accepted_on) == ("neutral", date(2026, 11, 23))
    assert_legal(ready)


def test_a_used_link_is_forgotten_after_a_while(ready: Server, clock: Clock) -> None:
    _, token = offer(ready)
    accept(ready, token)
    clock.advance(minutes=11)

    with pytest.raises(OfferUnknownError, match="no such offer"):
        accept(ready, token)
    with pytest.raises(OfferUnknownError, match="no such offer"):
        decline(ready, token)
    assert counted(ready)["signed"] == 1


def test_a_no_is_final_and_twice_is_once(ready: Server, clock: Clock) -> None:
    award_id, token = offer(ready)

    decline(ready, token)
    decline(ready, token)

    assert counted(ready)["declined"] == 1
    assert not is_open(ready, token)
    with pytest.raises(OfferUnknownError):
        accept(ready, token)
    clock.advance(minutes=11)
    with pytest.raises(OfferUnknownError):
        decline(ready, token)
    assert award(ready, csv_of({})).lines[0].outcome == "unchanged"
    with ready.database.reading() as session:
        assert session.get_one(AwardRow, award_id).state == "declined"


@pytest.mark.parametrize("token", ["", "x", "A" * 32, "é\udce9", "' or 1=1"])
def test_an_unknown_token_opens_nothing(sqlite_ready: Server, token: str) -> None:
    offer(sqlite_ready)

    assert not is_open(sqlite_ready, token)
    for answer in (accept, decline):
        with pytest.raises(OfferUnknownError, match="no such offer"):
            answer(sqlite_ready, token)


def test_an_expired_link_opens_nothing(sqlite_ready: Server, clock: Clock) -> None:
    _, token = offer(sqlite_ready)
    clock.advance(days=29, hours=23)
    assert is_open(sqlite_ready, token)
    clock.advance(hours=1)

    assert not is_open(sqlite_ready, token)
    with pytest.raises(OfferUnknownError):
        accept(sqlite_ready, token)


def test_a_new_link_closes_the_one_before(sqlite_ready: Server) -> None:
    award_id, old = offer(sqlite_ready)
    with sqlite_ready.database.transaction() as session:
        new = new_link(sqlite_ready, session, award_id)

    assert (is_open(sqlite_ready, old), is_open(sqlite_ready, new)) == (False, True)


def test_a_link_is_closed_by_an_answer_on_paper(sqlite_ready: Server) -> None:
    award_id, token = offer(sqlite_ready)
    accept_on_paper(sqlite_ready, award_id, date(2026, 5, 20), actor="mvp-01")

    assert not is_open(sqlite_ready, token)
    with pytest.raises(OfferUnknownError):
        accept(sqlite_ready, token)
    with sqlite_ready.database.transaction() as session, pytest.raises(AwardStateError, match="only an open offer"):
        new_link(sqlite_ready, session, award_id)


@pytest.mark.parametrize("day", [date(2026, 5, 11), date(2026, 11, 24)])
def test_the_day_of_an_answer_on_paper_must_fit(sqlite_ready: Server, day: date) -> None:
    award_id, _ = offer(sqlite_ready)

    with pytest.raises(AwardStateError, match="before the last observation, or in the future"):
        accept_on_paper(sqlite_ready, award_id, day, actor="mvp-01")


def test_named_when_the_person_says_so(ready: Server) -> None:
    _, token = offer(ready)

    accepted = accept(ready, token, presentation="named")

    with ready.database.reading() as session:
        assert session.get_one(CredentialRow, accepted.credential_id).issuer_slug == ORGANISATION


def test_named_no_more_when_the_organisation_has_left(ready: Server) -> None:
    _, token = offer(ready)
    with ready.database.transaction() as session:
        for row in session.scalars(select(MembershipRow).where(MembershipRow.profile_slug == ORGANISATION)):
            row.left_on = date(2026, 11, 22)

    with pytest.raises(PresentationNotAllowedError, match="accept as neutral"):
        accept(ready, token, presentation="named")
    assert is_open(ready, token)
    assert accept(ready, token).held is None


def test_a_crash_while_signing_keeps_the_yes(ready: Server, tmp_path: Path) -> None:
    _, token = offer(ready)
    with pytest.raises(PowerCutError):
        accept(with_signer(ready, tmp_path, Fuse(1)), token)
    assert counted(ready)["accepted"] == 1

    accepted = accept(ready, token)

    assert counted(ready)["signed"] == 1
    assert accepted.held is None
    assert_legal(ready)


def test_many_answers_at_once_make_one_badge(ready: Server) -> None:
    _, token = offer(ready)
    answers: list[Accepted | BadgeError] = []

    def answer(number: int) -> None:
        url = ready.database._url.render_as_string(hide_password=False)
        database = Database(url, lock_wait=60)
        mine = replace(ready, database=database, entropy=make_entropy(f"answer {number}"))
        try:
            if number == 3:
                decline(mine, token)
            else:
                answers.append(accept(mine, token))
        except BadgeError as error:
            answers.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    accepted = {one for one in answers if isinstance(one, Accepted)}
    refused = [one for one in answers if isinstance(one, BadgeError)]
    assert all(isinstance(one, OfferUnknownError) for one in refused)
    assert (len(accepted), counted(ready).get("declined", 0)) in ((1, 0), (0, 1))
    assert counted(ready)["credentials"] == len(accepted)
    assert_legal(ready)
