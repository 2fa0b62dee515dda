"""The life of an award: every step that is allowed, and no other."""

from datetime import UTC, datetime
from itertools import product

import pytest

from badges_server.services.awarding.states import FOLLOWERS, AwardStateError, advance
from badges_server.storage.tables import AwardRow

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ALLOWED = {
    ("draft", "observed"), ("observed", "offered"), ("offered", "accepted"), ("offered", "declined"),
    ("offered", "revoked"), ("accepted", "revoked"),
    ("accepted", "signed"), ("signed", "revoked"), ("signed", "expired"), ("expired", "revoked"),
    *((state, "erased") for state in FOLLOWERS if state != "erased"),
}  # fmt: skip


def award(state: str) -> AwardRow:
    return AwardRow(id="a", state=state)


@pytest.mark.parametrize(("before", "after"), list(product(FOLLOWERS, FOLLOWERS)))
def test_each_step_is_allowed_or_refused_as_the_life_of_an_award_says(before: str, after: str) -> None:
    row = award(before)
    if (before, after) in ALLOWED:
        advance(row, after, now=NOW)
        assert (row.state, row.changed_at) == (after, NOW)
        return
    with pytest.raises(AwardStateError, match=f"an award that is {before} cannot become {after}"):
        advance(row, after, now=NOW)
    assert row.state == before


def test_a_refused_way_leaves_the_award_where_it_was() -> None:
    row = award("draft")

    with pytest.raises(AwardStateError, match="an award that is offered cannot become signed"):
        advance(row, "observed", "offered", "signed", now=NOW)
    assert row.state == "draft"
