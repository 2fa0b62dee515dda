"""From a report of findings to one verdict in five lines, for a reader who has one glance."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from badges_server.credentials.verification import Finding, Report
from badges_server.services.showing.page_content import CheckLine, CheckOutcome, CheckSubject, Verdict

# The checks that a reader sees by themselves; all others are about the form of the document.
_OF_ITS_OWN: Mapping[str, CheckSubject] = {
    "proof": "signature",
    "issuer": "issuer",
    "status": "status",
    "validity": "validity",
}
_SUBJECTS: tuple[CheckSubject, ...] = ("signature", "issuer", "status", "validity", "standard")
# Never part of the verdict (endorsements), or not asked here (recipient).
_LEFT_OUT = frozenset({"endorsements", "recipient"})
_WORST_FIRST: tuple[CheckOutcome, ...] = ("failed", "unknown", "passed")


def check_lines(report: Report, at: datetime, *, withdrawn: bool) -> tuple[CheckLine, ...]:
    """Fold the findings into the lines of « Ce que nous avons vérifié »: the worst outcome of each subject.

    A subject that nobody looked at is unknown: nothing passes vacuously. `withdrawn`: our own database says that the
    credential was revoked, whatever a list says.
    """
    outcomes = outcomes_by_subject(report)
    outcomes["status"] = _status(report, outcomes["status"], withdrawn=withdrawn)
    return tuple(CheckLine(subject, outcome, at) for subject, outcome in outcomes.items())


def outcomes_by_subject(report: Report) -> dict[CheckSubject, CheckOutcome]:
    """Fold the findings into the worst outcome of each subject, as they stand."""
    by_subject: dict[CheckSubject, list[Finding]] = {subject: [] for subject in _SUBJECTS}
    for finding in report.findings:
        if finding.check not in _LEFT_OUT:
            by_subject[_OF_ITS_OWN.get(finding.check, "standard")].append(finding)
    return {subject: _worst(findings) for subject, findings in by_subject.items()}


def verdict_of(report: Report, lines: Iterable[CheckLine]) -> Verdict:
    """Judge in one word; never « valid » when a check failed or could not be made."""
    outcomes = {line.subject: line.outcome for line in lines}
    if "failed" in (outcomes["signature"], outcomes["issuer"], outcomes["standard"]):
        return "not_authentic"
    if outcomes["status"] == "failed":
        return "revoked"
    if "unknown" in outcomes.values():
        return "incomplete"
    return _by_dates(report)


def _status(report: Report, found: CheckOutcome, *, withdrawn: bool) -> CheckOutcome:
    """Failed means withdrawn, and nothing else: a list that cannot be relied on leaves the question open."""
    if withdrawn or report.flags.revoked or report.flags.suspended:
        return "failed"
    return "unknown" if found == "failed" else found


def _by_dates(report: Report) -> Verdict:
    if report.flags.expired:
        return "expired"
    if report.flags.not_yet_valid:
        return "not_yet_valid"
    return "valid" if report.verdict == "verified" else "not_authentic"


def _worst(findings: Iterable[Finding]) -> CheckOutcome:
    found = {finding.outcome for finding in findings}
    return next((outcome for outcome in _WORST_FIRST if outcome in found), "not_applicable" if found else "unknown")
