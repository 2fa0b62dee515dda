"""What the pages for people show: plain values, no words. The words are the templates' affair."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from badges_server.credentials.model import Achievement
from badges_server.services.recognising import Recognition

Verdict = Literal["valid", "expired", "revoked", "not_yet_valid", "incomplete", "not_authentic"]
CheckSubject = Literal["signature", "issuer", "status", "validity", "standard"]
CheckOutcome = Literal["passed", "failed", "unknown", "not_applicable"]
ForeignVerdict = Literal[
    "valid",
    "unrecognised",
    "expired",
    "revoked",
    "not_yet_valid",
    "incomplete",
    "not_authentic",
    "other_document",
    "not_a_badge",
    "not_had",
]
KeyState = Literal["published", "active", "retired"]
RungKind = Literal["recognition", "network", "member", "observer", "definition", "endorser"]


@dataclass(frozen=True)
class CheckLine:
    """One thing that was checked, how it went, and the real moment."""

    subject: CheckSubject
    outcome: CheckOutcome
    checked_at: datetime


@dataclass(frozen=True)
class Rung:
    """One step of the trust ladder. `observer` names nobody; `url` opens what can be checked."""

    kind: RungKind
    name: str = ""
    url: str = ""


@dataclass(frozen=True)
class Downloads:
    """Paths on this host of the forms that a reader may keep."""

    picture: str
    document: str
    jwt: str
    open_badges_2: str


@dataclass(frozen=True)
class VerificationPage:
    """Everything that `/v/<code>` shows (people.md, the employer's order).

    Attributes:
        code: none when the code leads elsewhere by now.
        url: path where this same page is.
        revoked_at: when the badge was withdrawn; none when it was not.
        valid_until: its last day; none when it has no end.
        evidence: the French sentence that was signed; for a milestone, the badges it brings together.
        lapsed_components: for a milestone, how many of the badges it stands on do not count any more.
        technical_report: the report of the checks as indented JSON (interface.md, `verify --json`).
    """

    code: str | None
    url: str
    picture_url: str
    verdict: Verdict
    checked_at: datetime
    achievement: Achievement
    level: int | None
    awarded_on: date
    valid_from: datetime
    valid_until: date | None
    revoked_at: datetime | None
    observation_count: int
    observer_count: int
    evidence: str
    lapsed_components: int
    ladder: tuple[Rung, ...]
    checks: tuple[CheckLine, ...]
    downloads: Downloads
    technical_report: str


@dataclass(frozen=True)
class Endorser:
    """Who declared, by a signed statement, that it recognises an achievement or an issuer; first and last day."""

    name: str
    url: str
    valid_from: date
    valid_until: date | None

    def covers(self, day: date) -> bool:
        """Tell whether the statement held on `day`."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True)
class VersionLink:
    """Another version of the same achievement."""

    version: str
    url: str


@dataclass(frozen=True)
class AchievementPage:
    """Everything that the page of a badge class shows."""

    achievement: Achievement
    picture_url: str
    document_url: str
    newer_url: str | None
    other_versions: tuple[VersionLink, ...]
    creator_name: str
    creator_url: str
    endorsements: tuple[Endorser, ...]


@dataclass(frozen=True)
class KeyLine:
    """A public key of an issuer, its state and since when."""

    key_id: str
    algorithm: str
    state: KeyState
    since: datetime


@dataclass(frozen=True)
class IssuerPage:
    """Everything that the page of an issuer shows."""

    name: str
    description: str
    email: str
    website: str | None
    did: str
    did_document_url: str
    since: datetime | None
    keys: tuple[KeyLine, ...]
    endorsements: tuple[Endorser, ...]


@dataclass(frozen=True)
class Claims:
    """What a stranger's badge says about itself: their words, made fit to be shown, and only as true as the verdict.

    Attributes:
        issuer_host: the host that the issuer's identifier stands on; none when it stands on none.
    """

    name: str
    issuer_name: str
    issuer_id: str
    issuer_host: str | None
    valid_from: datetime | None
    valid_until: datetime | None


@dataclass(frozen=True)
class Answered:
    """One question that was asked, by the name of its check, and the worst of its answers."""

    check: str
    outcome: str


@dataclass(frozen=True)
class TechnicalLine:
    """One finding or warning as the standards say it."""

    check: str
    outcome: str
    code: str | None
    detail: str
    path: str


@dataclass(frozen=True)
class ForeignPage:
    """Everything that `/verifier` shows about what was handed in.

    Attributes:
        cause: the check that decided, when the verdict is « not authentic » or « incomplete ».
        may_pass: something did not answer; the same question may well be answered later.
        kind: by the standard's name; none when it is nothing that we know.
        signature_holds: a signature was checked, and it is that of the issuer named.
        is_hosted: an Open Badge 2.0 without signature, held against what its issuer publishes.
        differs: what was handed in is not what the issuer publishes; the latter is what was judged and is shown.
        picture: drawn anew, as a `data:` URL; none when the badge brings none.
        own_url: path of the badge's own page, when it is one of ours.
        report_url: the whole report as JSON (interface.md, `verify --json`) in a `data:` URL; none when too long.
    """

    verdict: ForeignVerdict
    cause: str | None
    may_pass: bool
    checked_at: datetime
    kind: str | None
    version: str | None
    is_badge: bool
    is_suspended: bool
    is_revoked: bool
    signature_holds: bool
    is_hosted: bool
    differs: bool
    claims: Claims
    recognition: Recognition | None
    picture: str | None
    own_url: str | None
    subjects: Mapping[CheckSubject, CheckOutcome]
    answers: tuple[Answered, ...]
    lines: tuple[TechnicalLine, ...]
    lines_left_out: int
    report_url: str | None
