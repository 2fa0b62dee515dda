"""No forgery is accepted: neither verified, nor with its issuer confirmed."""

import pytest

from tests.corpus.forgeries import Forgery, forgeries

FORGERIES = list(forgeries())
# The issuer is who it says, and so are its keys; what fails is the status, the dates or the form.
CONFIRMED = ("status",)


def test_there_are_enough_of_them() -> None:
    assert len({forgery.name for forgery in FORGERIES}) == len(FORGERIES) >= 250


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
def test_it_is_not_accepted(forgery: Forgery) -> None:
    report = forgery.pages.report(forgery.data)

    assert report.verdict != "verified"
    if not forgery.name.startswith(CONFIRMED):
        assert not report.flags.issuer_confirmed
