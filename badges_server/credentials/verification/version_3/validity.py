"""Is it valid at this moment (OB 3.0, section 9.1, step 4)."""

from collections.abc import Iterator
from datetime import datetime

from badges_server.credentials.errors import MalformedValueError
from badges_server.credentials.verification.case import Case
from badges_server.credentials.verification.finding import (
    EXPIRED,
    NOT_MADE,
    NOT_YET_VALID,
    VALIDITY,
    Finding,
    Said,
)
from badges_server.credentials.verification.kinds import STATUS_LIST
from badges_server.credentials.verification.model.values import read_moment


def check_validity(case: Case) -> Iterator[Said]:
    """Not before its beginning, not after its end; each bound belongs to the time in between."""
    found = [*_start(case), *check_end(case)]
    if not found:
        yield VALIDITY.passed(f"at {case.facts.now.isoformat(timespec='seconds')}")
    yield from found


# VC Data Model 1.1 defines the names of 2.0 beside its own: whichever stands there counts.
_STARTS = ("validFrom", "issuanceDate")
_ENDS = ("validUntil", "expirationDate")


def _start(case: Case) -> Iterator[Finding]:
    names = {name for name in _STARTS if name in case.document}
    if case.kind != STATUS_LIST:  # optional there
        names.add(case.valid_from_name)
    for name in sorted(names):
        moment = _read(case, name)
        if isinstance(moment, Finding):
            yield moment
        elif case.facts.now < moment:
            yield VALIDITY.failed(NOT_YET_VALID, f"valid from {moment.isoformat()}", f"$.{name}")


def check_end(case: Case) -> Iterator[Finding]:
    """Not after its end. A status list is asked no more: one begun later than the moment asked about knows more."""
    for name in (name for name in _ENDS if name in case.document):
        moment = _read(case, name)
        if isinstance(moment, Finding):
            yield moment
        elif case.facts.now > moment:
            yield VALIDITY.failed(EXPIRED, f"valid until {moment.isoformat()}", f"$.{name}")


def _read(case: Case, name: str) -> datetime | Finding:
    try:
        return read_moment(case.document.get(name))
    except MalformedValueError as error:
        return VALIDITY.unknown(NOT_MADE, f"{name} cannot be read: {error.message}", f"$.{name}")
