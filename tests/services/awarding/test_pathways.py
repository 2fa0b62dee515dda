"""Milestones: offered once when all is there, put in review when a badge was an error (domain.md, worked check)."""

from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import select

from badges_server.credentials.json_text import parse_json_object
from badges_server.services.awarding.report import AwardReport
from badges_server.services.awarding.states import AwardStateError
from badges_server.services.cataloguing import pathway
from badges_server.services.listing import list_awards
from badges_server.services.offers import OfferUnknownError, accept, accept_on_paper, look_up_offer, new_link
from badges_server.services.pathways import (
    ConditionError,
    ReviewError,
    confirm_condition,
    decide_review,
    offer_milestones,
    progress,
)
from badges_server.services.revoking import revoke
from badges_server.services.server import Server
from badges_server.storage.tables import AuditRow, AwardRow, CredentialRow, PersonRow
from tests.clock import Clock
from tests.services.awarding.files import assert_legal, award, counted, csv_of, outcomes

PAR_1 = {"se-01": 2, "se-03": 2, "sec-01": 2, "net-03": 2, "ms-01": 2, "ms-04": 2, "ms-02": 1}
PAR_2 = {"se-01": 2, "se-02": 2, "sec-02": 2, "ev-01": 2, "ev-02": 2, "ev-03": 1}
PAR_3 = {"se-02": 2, "se-04": 2, "sec-01": 2, "rec-01": 2, "log-01": 2, "log-02": 1}
CARE = "observation_in_establishment"


def earn(server: Server, levels: dict[str, int], **changes: str) -> AwardReport:
    """The person REF-1 of Coup de main Bocage earns these classes, each seen often enough by two people."""
    report = award(server, lines(levels, changes))
    assert set(outcomes(report)) == {"signed"}, report.summary()
    return report


def lines(levels: dict[str, int], changes: dict[str, str]) -> bytes:
    base = {"organisation": "coup-de-main-bocage"} | changes
    rows = [base | {"achievement": slug, "level": str(level)} for slug, level in levels.items()]
    return many_observations(csv_of(*[row | {"observer": "cdm-01", "observer_2": "cdm-02"} for row in rows]))


def many_observations(data: bytes) -> bytes:
    """Some classes ask for up to six observations: add four more to every line."""
    extra = [f"{column}_{number}" for number in range(3, 7) for column in ("observed_on", "observer")]
    header, *rest = data.decode().splitlines()
    added = ",".join(cell for day in ("05", "06", "07", "08") for cell in (f"2026-05-{day}", "cdm-01"))
    return "\n".join([f"{header},{','.join(extra)}", *(f"{line},{added}" for line in rest)]).encode()


def person(server: Server) -> str:
    with server.database.reading() as session:
        return session.scalars(select(PersonRow.id)).one()


def words(server: Server, slug: str, on: date = date(2026, 11, 23)) -> str:
    with server.database.reading() as session:
        return progress(session, session.scalars(select(PersonRow.id)).one(), pathway(session, slug), on).text


def milestones(server: Server) -> Sequence[AwardRow]:
    with server.database.reading() as session:
        return session.scalars(select(AwardRow).where(AwardRow.achievement_slug.like("par-%"))).all()


def test_the_worked_check_of_the_domain(ready: Server) -> None:
    earn(ready, PAR_1 | {"ms-01": 1})
    assert words(ready, "par-1") == "6/7, MS-01 à porter au niveau 2"
    confirm_condition(ready, person(ready), "par-1", CARE, confirmed_by="cdm-01")
    assert milestones(ready) == []

    earn(ready, {"ms-01": 2})

    assert words(ready, "par-1") == "7/7"
    assert [(row.achievement_slug, row.state) for row in milestones(ready)] == [("par-1", "offered")]
    award(ready, lines({"ms-01": 2}, {}))
    earn(ready, {"ms-03": 2})
    with ready.database.transaction() as session:
        assert offer_milestones(ready, session, [person(ready)]) == []
    assert len(milestones(ready)) == 1
    assert_legal(ready)


def test_a_condition_holds_the_milestone_back_until_somebody_answers_for_it(ready: Server) -> None:
    earn(ready, PAR_1)
    assert words(ready, "par-1").startswith("7/7, à confirmer : Au moins une observation")
    assert milestones(ready) == []

    opened = confirm_condition(ready, person(ready), "par-1", CARE, confirmed_by="cdm-03")

    assert opened == [row.id for row in milestones(ready)]
    assert len(opened) == 1
    assert confirm_condition(ready, person(ready), "par-1", CARE, confirmed_by="cdm-03") == []


@pytest.mark.parametrize(
    ("kind", "who", "message"),
    [
        (CARE, "cdm-04", "has no mandate"),
        (CARE, "mvp-01", "has no mandate"),
        ("minimum_span", "cdm-01", "nothing of that kind"),
        ("company_endorsement", "cdm-01", "nothing of that kind"),
    ],
)
def test_who_may_not_confirm_what(sqlite_ready: Server, kind: str, who: str, message: str) -> None:
    earn(sqlite_ready, {"se-01": 2})

    with pytest.raises(ConditionError, match=message):
        confirm_condition(sqlite_ready, person(sqlite_ready), "par-1", kind, confirmed_by=who)
    with pytest.raises(ConditionError, match="no such person"):
        confirm_condition(sqlite_ready, "nobody", "par-1", CARE, confirmed_by="cdm-01")


def test_an_accepted_milestone_is_a_badge_that_names_what_it_stands_on(ready: Server) -> None:
    earn(ready, PAR_3)
    offered = milestones(ready)[0]

    accepted = accept_on_paper(ready, offered.id, date(2026, 11, 23), actor="cdm-01")

    with ready.database.reading() as session:
        row = session.get_one(CredentialRow, accepted.credential_id)
    document = parse_json_object(row.document or "")
    assert "Six badges valables" in str(document["evidence"])
    assert document["awardedDate"] == "2026-11-23T00:00:00Z"
    assert milestones(ready)[0].state == "signed"
    assert_legal(ready)


def test_months_between_the_badges(ready: Server) -> None:
    earn(ready, PAR_2)
    assert words(ready, "par-2").startswith("6/6, à confirmer : Trois mois au moins")
    assert milestones(ready) == []

    earn(ready, {"ev-03": 2}, observed_on_2="2026-08-12", accepted_on="2026-08-12")

    assert [row.achievement_slug for row in milestones(ready)] == ["par-2"]


def test_an_expired_component_counts_no_more_but_takes_no_milestone_back(ready: Server, clock: Clock) -> None:
    earn(ready, PAR_3)
    assert milestones(ready)[0].state == "offered"
    clock.advance(days=900)

    assert words(ready, "par-3", clock().date()) == "5/6, il manque SEC-01"
    accepted = accept_on_paper(ready, milestones(ready)[0].id, clock().date(), actor="cdm-01")

    with ready.database.reading() as session:
        document = session.get_one(CredentialRow, accepted.credential_id).document or ""
    # What it says is about the day on which all six were valid.
    assert "Six badges valables ce jour-là" in document
    assert milestones(ready)[0].review_since is None


def test_a_component_revoked_for_error_puts_the_milestone_in_review(ready: Server) -> None:
    report = earn(ready, PAR_3)
    milestone = milestones(ready)[0]
    with ready.database.transaction() as session:
        token = new_link(ready, session, milestone.id)

    revoked = revoke(ready, report.lines[0].credential_id or "", reason="error", actor="cdm-01")

    assert revoked.in_review == (milestone.id,)
    assert milestones(ready)[0].review_since == ready.now()
    assert words(ready, "par-3") == "5/6, il manque SE-02"
    with ready.database.reading() as session, pytest.raises(OfferUnknownError):
        look_up_offer(session, token, ready.now())
    with pytest.raises(OfferUnknownError):
        accept(ready, token)
    assert counted(ready)["offered"] == 1


@pytest.mark.parametrize("reason", ["holder_request", "superseded", "key_compromise"])
def test_other_reasons_leave_the_milestone_alone(sqlite_ready: Server, reason: str) -> None:
    report = earn(sqlite_ready, PAR_3)

    revoked = revoke(sqlite_ready, report.lines[0].code or "", reason=reason, actor="cdm-01")

    assert revoked.in_review == ()
    assert milestones(sqlite_ready)[0].review_since is None


def test_a_badge_of_another_pathway_leaves_the_milestone_alone(sqlite_ready: Server) -> None:
    earn(sqlite_ready, PAR_3)
    other = earn(sqlite_ready, {"ev-01": 2})

    assert revoke(sqlite_ready, other.lines[0].code or "", reason="error", actor="cdm-01").in_review == ()


def in_review(server: Server, *, signed: bool = False) -> AwardRow:
    """A milestone whose badge for log-02 was revoked for error."""
    report = earn(server, PAR_3)
    milestone = milestones(server)[0]
    if signed:
        accept_on_paper(server, milestone.id, date(2026, 11, 23), actor="cdm-01")
    component = next(one.code for one in report.lines if one.achievement == "LOG-02")
    assert revoke(server, component or "", reason="error", actor="cdm-01").in_review == (milestone.id,)
    return milestones(server)[0]


def listed(server: Server, *, in_review: bool) -> list[str]:
    with server.database.reading() as session:
        return [one.award_id for one in list_awards(server, session, ["offered", "signed"], in_review=in_review)]


def test_in_review_it_has_no_link_until_somebody_with_a_mandate_upholds_it(ready: Server) -> None:
    milestone = in_review(ready)
    assert listed(ready, in_review=True) == [milestone.id]
    assert milestone.id not in listed(ready, in_review=False)
    with ready.database.transaction() as session, pytest.raises(AwardStateError, match="is being looked at again"):
        new_link(ready, session, milestone.id)
    for other in ("cdm-04", "mvp-01"):
        with pytest.raises(ReviewError, match="only a mandate for this milestone"):
            decide_review(ready, milestone.id, uphold=True, by=other)
    for uphold in (True, False):
        with pytest.raises(ReviewError, match="no member of staff has the reference"):
            decide_review(ready, milestone.id, uphold=uphold, by="operator")

    assert str(decide_review(ready, milestone.id, uphold=True, by="cdm-01")).endswith("is upheld: offered")

    with ready.database.transaction() as session:
        token = new_link(ready, session, milestone.id)
        upheld = session.scalars(select(AuditRow).where(AuditRow.action == "award.uphold")).one()
    assert (upheld.actor, upheld.subject) == ("cdm-01", milestone.id)
    assert accept(ready, token).held is None
    with pytest.raises(ReviewError, match="is not in review"):
        decide_review(ready, milestone.id, uphold=False, by="cdm-01")
    assert_legal(ready)


def test_complete_again_anybody_upholds_it(ready: Server) -> None:
    milestone = in_review(ready, signed=True)
    earn(ready, {"log-02": 2}, observed_on_2="2026-08-12", accepted_on="2026-08-12")

    done = decide_review(ready, milestone.code or "", uphold=True, by="cdm-04")

    assert (done.award_id, done.state) == (milestone.id, "signed")
    assert milestones(ready)[0].review_since is None
    assert_legal(ready)


@pytest.mark.parametrize("signed", [False, True])
def test_withdrawn_it_ends_and_is_offered_anew_to_who_completes_the_pathway(ready: Server, *, signed: bool) -> None:
    milestone = in_review(ready, signed=signed)

    done = decide_review(ready, milestone.id, uphold=False, by="cdm-01")

    assert (done.state, listed(ready, in_review=True)) == ("revoked", [])
    with ready.database.reading() as session:
        found = session.get_one(AwardRow, milestone.id)
        states = [session.get_one(CredentialRow, found.credential_id).state] if found.credential_id else []
    assert states == (["revoked"] if signed else [])
    earn(ready, {"log-02": 2}, observed_on_2="2026-08-12", accepted_on="2026-08-12")
    assert sorted(row.state for row in milestones(ready)) == ["offered", "revoked"]
    assert_legal(ready)


def test_what_cannot_be_decided(sqlite_ready: Server) -> None:
    report = earn(sqlite_ready, {"se-01": 2})

    with pytest.raises(ReviewError, match="no such award"):
        decide_review(sqlite_ready, "nobody", uphold=False, by="cdm-01")
    with pytest.raises(ReviewError, match="is not in review"):
        decide_review(sqlite_ready, report.lines[0].code or "", uphold=False, by="cdm-01")


def test_a_milestone_revoked_meanwhile_leaves_nothing_to_decide(sqlite_ready: Server) -> None:
    milestone = in_review(sqlite_ready, signed=True)
    revoke(sqlite_ready, milestone.code or "", reason="error", actor="cdm-01")

    with pytest.raises(ReviewError, match="is not in review"):
        decide_review(sqlite_ready, milestone.id, uphold=False, by="cdm-01")
