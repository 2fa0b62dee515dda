"""Verify again everything that was ever issued, as a stranger would: nothing may have changed since it was signed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from badges_server.credentials.verification import Outcome, Report
from badges_server.services.server import Server
from badges_server.services.verifying import report_for_page
from badges_server.storage.chain_checking import check_chains
from badges_server.storage.tables import CredentialRow

BATCH = 200
# What may fail for a credential that was taken back, or whose time is over; all else must stand for ever.
MAY_FAIL = {"valid": {"validity"}, "revoked": {"validity", "status"}, "superseded": {"validity", "status"}}


@dataclass(frozen=True)
class Lint:
    """The outcome.

    Attributes:
        failures: one line per credential or chain that is not as it must be; empty when all is well.
    """

    checked: int
    failures: tuple[str, ...]


def lint_all(server: Server, progress: Callable[[int, int], None] = lambda _done, _total: None) -> Lint:
    """Verify every stored credential and both hash chains; `progress` hears how many are done, of how many."""
    with server.database.reading() as session:
        faults = check_chains(session)
        states = dict(
            session.execute(select(CredentialRow.id, CredentialRow.state).where(CredentialRow.document.is_not(None)))
            .tuples()
            .all()
        )
    for done, (credential_id, state) in enumerate(states.items(), start=1):
        with server.database.reading() as session:
            report = report_for_page(server, session, credential_id)
        faults += [f"{server.addresses.credential(credential_id)}: {fault}" for fault in _faults(report, state)]
        progress(done, len(states))
    return Lint(len(states), tuple(faults))


def _faults(report: Report, state: str) -> Iterator[str]:
    """Say what fails that must not; and that a badge taken back does not read as valid."""
    for finding in report.findings:
        wrong = finding.outcome in {Outcome.FAILED, Outcome.UNKNOWN} and finding.check not in MAY_FAIL[state]
        if wrong:
            yield f"{finding.check}: {finding.detail}"
    if state != "valid" and report.outcome_of("status") is not Outcome.FAILED:
        yield f"{state}, yet its status list does not say so"
