"""What the public may not see is asked for like what never was: the same queries, so that no clock tells them apart."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event, select

from badges_server.services import publishing
from badges_server.services.publishing import NotPublishedError
from badges_server.services.reissuing import replace
from badges_server.services.server import Server
from badges_server.storage.tables import AwardRow, CredentialRow
from tests.clock import Clock
from tests.services.awarding.conftest import furnish
from tests.services.awarding.files import award, csv_of

UNKNOWN = "7a0e9bb4-57d4-4f2c-8f4c-000000000000"


@contextmanager
def queries() -> Iterator[list[str]]:
    """Every look-up that any database makes meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def asked(look_up: Callable[..., object], *words: object) -> list[str]:
    with queries() as seen, pytest.raises(NotPublishedError):
        look_up(*words)
    return seen


def test_unknown_erased_replaced_and_not_accepted_cost_the_same(server: Server, clock: Clock) -> None:
    furnish(server, clock)
    lines = award(server, csv_of({}, {"recipient_ref": "B", "presentation": "named"}, {"recipient_ref": "C"})).lines
    erased, named, withdrawn = (line.credential_id or "" for line in lines)
    clock.advance(hours=1)
    replace(server, named, presentation="neutral", actor="operator")
    with server.database.transaction() as session:
        session.get_one(CredentialRow, erased).state = "erased"
        session.get_one(AwardRow, lines[2].award_id).state = "accepted"

    for look_up in (publishing.credential_json, publishing.open_badges_2.assertion_json, publishing.credential_jwt):
        unknown = asked(look_up, server, UNKNOWN)
        assert len(unknown) == 1
        for hidden in (erased, named, withdrawn):
            assert asked(look_up, server, hidden) == unknown


def test_the_qr_code_of_a_hidden_badge_costs_what_an_unknown_one_costs(server: Server, clock: Clock) -> None:
    furnish(server, clock)
    line = award(server, csv_of({})).lines[0]
    with server.database.transaction() as session:
        session.scalars(select(CredentialRow)).one().state = "erased"

    unknown = asked(publishing.qr_code, server, "2BCDEFGHJK", "svg")

    assert len(unknown) == 1
    assert asked(publishing.qr_code, server, line.code, "svg") == unknown
