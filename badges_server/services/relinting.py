"""Verify again everything that was ever issued, as a stranger would: nothing may have changed since it was signed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from badges_server.credentials.verification import Outcome, Report
from badges_server.services.server import Server
from badges_server.services.verifying import report_for_page
from badges_server.storage.chain_checking import check_chains
from badges_server.storage.tables import CredentialRow, SigningKeyRow

BATCH = 200
# What may fail for a credential that was taken back, or whose time is over; all else must stand for ever.
MAY_FAIL = {"valid": {"validity"}, "revoked": {"validity", "status"}, "superseded": {"validity", "status"}}
# What is lost with a compromised key, for a credential that is not signed again (docs/decisions, 0012).
LOST = {"proof", "issuer"}


@dataclass(frozen=True)
class _Issued:
    """A stored credential: its state, and whether its key was compromised after it had ended."""

    state: str
    is_signature_lost: bool

    @property
    def may_fail(self) -> set[str]:
        return MAY_FAIL[self.state] | (LOST if self.is_signature_lost else set())


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
        issued = _issued(session, server.now())
    for done, (credential_id, one) in enumerate(issued.items(), start=1):
        with server.database.reading() as session:
            report = report_for_page(server, session, credential_id)
        faults += [f"{server.addresses.credential(credential_id)}: {fault}" for fault in _faults(report, one)]
        progress(done, len(issued))
    return Lint(len(issued), tuple(faults))


def _issued(session: Session, now: datetime) -> dict[str, _Issued]:
    """List what was ever issued; an ended credential of a compromised key is known by the key's own record."""
    is_over = or_(CredentialRow.state == "superseded", CredentialRow.valid_until <= now)
    query = (
        select(CredentialRow.id, CredentialRow.state, is_over & (SigningKeyRow.state == "compromised"))
        .outerjoin(
            SigningKeyRow,
            and_(
                SigningKeyRow.issuer_slug == CredentialRow.issuer_slug, SigningKeyRow.id == CredentialRow.signing_key_id
            ),
        )
        .where(CredentialRow.document.is_not(None))
        .order_by(CredentialRow.id)
    )
    return {credential_id: _Issued(state, bool(is_lost)) for credential_id, state, is_lost in session.execute(query)}


def _faults(report: Report, issued: _Issued) -> Iterator[str]:
    """Say what fails that must not; and that a badge taken back does not read as valid."""
    for finding in report.findings:
        wrong = finding.outcome in {Outcome.FAILED, Outcome.UNKNOWN} and finding.check not in issued.may_fail
        if wrong:
            yield f"{finding.check}: {finding.detail}"
    if issued.state != "valid" and report.outcome_of("status") is not Outcome.FAILED:
        yield f"{issued.state}, yet its status list does not say so"
