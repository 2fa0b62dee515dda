"""The report of one verification: every finding, the verdict they add up to, and the few facts that people ask for."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.verification.finding import (
    ENDORSEMENTS,
    EXPIRED,
    ISSUER,
    NOT_YET_VALID,
    PROOF,
    RECIPIENT,
    REVOKED,
    SUSPENDED,
    Caution,
    Finding,
    Outcome,
)

Verdict = Literal["verified", "not_verified", "incomplete"]

_RECIPIENT_FLAGS: Mapping[Outcome, str] = {
    Outcome.PASSED: "matched",
    Outcome.FAILED: "not_matched",
    Outcome.UNKNOWN: "not_matched",
    Outcome.NOT_APPLICABLE: "not_asked",
}


@dataclass(frozen=True)
class Flags:
    """What people ask first. Dates and status are as of the moment of the check."""

    expired: bool
    not_yet_valid: bool
    revoked: bool
    suspended: bool
    issuer_confirmed: bool
    recipient: str


@dataclass(frozen=True)
class Summary:
    """What the credential says about itself; only as true as the verdict."""

    id: str | None = None
    name: str | None = None
    issuer_id: str | None = None
    issuer_name: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None


@dataclass(frozen=True)
class Report:
    """The outcome of one verification.

    Attributes:
        container: what it came in: json, jwt, png or svg; none when nothing could be read.
        kind: what it is, by the standard's name; none when it is nothing that we know.
        version: of Open Badges.
    """

    container: str | None
    kind: str | None
    version: str | None
    findings: tuple[Finding, ...]
    warnings: tuple[Caution, ...]
    credential: Summary

    @property
    def verdict(self) -> Verdict:
        """Verified only if nothing failed and nothing is unknown; endorsements never count."""
        outcomes = {finding.outcome for finding in self.findings if finding.check != ENDORSEMENTS.name}
        if Outcome.FAILED in outcomes:
            return "not_verified"
        return "verified" if outcomes <= {Outcome.PASSED, Outcome.NOT_APPLICABLE} else "incomplete"

    @property
    def flags(self) -> Flags:
        """The facts that people ask for, drawn from the findings."""
        codes = {finding.code for finding in self.findings if finding.outcome is Outcome.FAILED}
        return Flags(
            expired=EXPIRED in codes,
            not_yet_valid=NOT_YET_VALID in codes,
            revoked=REVOKED in codes,
            suspended=SUSPENDED in codes,
            issuer_confirmed=self._all_passed(ISSUER.name) and self._all_passed(PROOF.name),
            recipient=_RECIPIENT_FLAGS[self.outcome_of(RECIPIENT.name)],
        )

    def of(self, check: str) -> tuple[Finding, ...]:
        """The findings of one check."""
        return tuple(finding for finding in self.findings if finding.check == check)

    def outcome_of(self, check: str) -> Outcome:
        """The worst outcome of one check; unknown when it was not made at all."""
        outcomes = {finding.outcome for finding in self.of(check)}
        for worst in (Outcome.FAILED, Outcome.UNKNOWN, Outcome.PASSED, Outcome.NOT_APPLICABLE):
            if worst in outcomes:
                return worst
        return Outcome.UNKNOWN

    def to_json(self, source: str) -> JsonObject:
        """Write the object of `verify --json` (interface.md); `source` is what the asker calls the credential."""
        about = self.credential
        return {
            "source": source,
            "container": self.container,
            "kind": self.kind,
            "version": self.version,
            "verdict": self.verdict,
            "findings": [{**asdict(finding), "outcome": finding.outcome.value} for finding in self.findings],
            "warnings": [asdict(warning) for warning in self.warnings],
            "flags": asdict(self.flags),
            "credential": {
                "id": about.id,
                "name": about.name,
                "issuer": {"id": about.issuer_id, "name": about.issuer_name},
                "valid_from": about.valid_from,
                "valid_until": about.valid_until,
            },
        }

    def _all_passed(self, check: str) -> bool:
        return self.outcome_of(check) is Outcome.PASSED
