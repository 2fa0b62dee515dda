"""Judging: facts go in, a report of named findings comes out. It asks nobody, reads no clock, and never raises."""

from badges_server.credentials.verification.checks import CHECKS, verify
from badges_server.credentials.verification.facts import Answer, Facts, Failure, Recipient, Want
from badges_server.credentials.verification.finding import Caution, Finding, Outcome
from badges_server.credentials.verification.report import Flags, Report, Summary
from badges_server.credentials.verification.wanted import wanted

__all__ = [
    "CHECKS",
    "Answer",
    "Caution",
    "Facts",
    "Failure",
    "Finding",
    "Flags",
    "Outcome",
    "Recipient",
    "Report",
    "Summary",
    "Want",
    "verify",
    "wanted",
]
