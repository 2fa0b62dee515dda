"""Dates of membership, conventions and mandates: every edge is a day on which the answer changes."""

from datetime import date, timedelta

import pytest

from badges_server.network.members import (
    Convention,
    Mandate,
    Member,
    Membership,
    active_on,
    has_convention_on,
    has_mandate_on,
    is_member_on,
    is_staff_with_mandate_on,
    may_issue_on,
    people_on,
)

JANUARY = date(2020, 1, 1)
LAST_DAY = date(2020, 12, 31)
DAY = timedelta(days=1)


def member(slug: str = "aci", people: int = 40, left_on: date | None = LAST_DAY, kind: str = "ACI") -> Member:
    return Member(slug, (Membership(JANUARY, left_on),), (Convention(kind, JANUARY),), people)


def mandate(achievement: str | None = None, until: date | None = None, left_on: date | None = None) -> Mandate:
    return Mandate("sup-01", "aci", achievement, JANUARY, until, left_on)


def test_acceptance_example_of_the_domain_totals() -> None:
    members = [
        member("ai", 300, None, "AI"),
        member("aci", 40, LAST_DAY),
        member("etti", 160, None, "ETTI"),
    ]

    assert [one.slug for one in active_on(members, date(2021, 1, 1))] == ["ai", "etti"]
    assert people_on(members, date(2021, 1, 1)) == 460
    assert people_on(members, LAST_DAY) == 500


def test_acceptance_example_of_the_domain_awards() -> None:
    assert not may_issue_on(member(), date(2021, 2, 1))
    assert may_issue_on(member(), date(2020, 12, 15))


@pytest.mark.parametrize(
    ("day", "expected"),
    [(JANUARY - DAY, False), (JANUARY, True), (LAST_DAY, True), (LAST_DAY + DAY, False)],
)
def test_first_and_last_day_count(day: date, *, expected: bool) -> None:
    assert is_member_on(member(), day) is expected


def test_a_member_that_came_back_was_none_in_between() -> None:
    again = Member("aci", (Membership(JANUARY, LAST_DAY), Membership(date(2022, 1, 1))))

    assert [is_member_on(again, date(year, 6, 1)) for year in (2020, 2021, 2022)] == [True, False, True]


@pytest.mark.parametrize(
    ("conventions", "expected"),
    [
        ((), False),
        ((Convention("ACI", JANUARY, date(2020, 5, 31)),), False),
        ((Convention("ACI", date(2020, 6, 2)),), False),
        ((Convention("ACI", JANUARY, date(2020, 6, 1)),), True),
        ((Convention("ACI", JANUARY, date(2020, 5, 31)), Convention("AI", date(2020, 6, 1))), True),
        ((Convention("EBE", JANUARY),), True),
        ((Convention("ESS", JANUARY),), True),
    ],
)
def test_one_convention_of_that_day_is_enough(conventions: tuple[Convention, ...], *, expected: bool) -> None:
    one = Member("aci", (Membership(JANUARY),), conventions)

    assert has_convention_on(one, date(2020, 6, 1)) is expected
    assert may_issue_on(one, date(2020, 6, 1)) is expected


def test_a_convention_makes_no_member() -> None:
    assert not may_issue_on(Member("aci", (), (Convention("ACI", JANUARY),)), JANUARY)


@pytest.mark.parametrize(
    ("held", "achievement", "day", "expected"),
    [
        (mandate(), "ms-01", JANUARY, True),
        (mandate(), "ms-01", JANUARY - DAY, False),
        (mandate("ms-01"), "ms-01", JANUARY, True),
        (mandate("ms-01"), "ms-02", JANUARY, False),
        (mandate(until=LAST_DAY), "ms-01", LAST_DAY, True),
        (mandate(until=LAST_DAY), "ms-01", LAST_DAY + DAY, False),
        (mandate(left_on=LAST_DAY), "ms-01", LAST_DAY, True),
        (mandate(left_on=LAST_DAY), "ms-01", LAST_DAY + DAY, False),
    ],
)
def test_a_mandate_covers_its_days_and_its_achievement(
    held: Mandate, achievement: str, day: date, *, expected: bool
) -> None:
    assert has_mandate_on([held], "sup-01", achievement, day) is expected
    assert not has_mandate_on([held], "sup-02", achievement, day)


def test_any_mandate_makes_staff_whatever_the_achievement() -> None:
    assert is_staff_with_mandate_on([mandate("ms-01")], "sup-01", JANUARY)
    assert not is_staff_with_mandate_on([mandate("ms-01")], "sup-01", JANUARY - DAY)
