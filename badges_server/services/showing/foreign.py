"""The report on anybody's badge, for people: the verdict, what the badge says, what was asked. Nothing is kept."""

import base64
import json
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from badges_server.credentials.errors import BadgeError
from badges_server.credentials.verification import Caution, Finding, Outcome, Report
from badges_server.fetching.errors import FetchError
from badges_server.fetching.fetched import CREDENTIAL
from badges_server.services.recognising import Recognition, recognise
from badges_server.services.server import Server
from badges_server.services.showing.foreign_pictures import picture_of
from badges_server.services.showing.foreign_texts import host_of, shortened
from badges_server.services.showing.page_content import Answered, Claims, ForeignPage, ForeignVerdict, TechnicalLine
from badges_server.services.showing.submissions import Address, Document
from badges_server.services.showing.verdicts import outcomes_by_subject
from badges_server.services.verifying import verify_bytes, verify_url

BADGES = frozenset({"OpenBadgeCredential", "Assertion"})
# How the finding of a hosted badge begins (OB 2.0, section 5).
HOSTED = "hosted at "
# No more of the report than a page can carry.
MOST_LINES = 60
MOST_REPORT_BYTES = 200_000
_DID_NOT_ANSWER = frozenset({"NOT_RETRIEVED", "STATUS_RETRIEVAL_ERROR"})
# What decides first when several things are wrong.
_WEIGHTIEST_FIRST = ("proof", "issuer", "status", "recipient", "type", "model", "structure", "json_ld", "context")
_WORST_FIRST = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.PASSED, Outcome.NOT_APPLICABLE)


def foreign_page(server: Server, session: Session, submission: Document | Address, source: str) -> ForeignPage:
    """Verify what was handed in, now, and gather what its page shows; `source`: what the asker calls it."""
    at = server.now()
    report, data = _verified(server, submission)
    recognition = recognise(server, session, report, at.date())
    verdict = verdict_on(report, is_recognised=recognition is not None)
    return ForeignPage(
        verdict=verdict,
        cause=_cause(report, verdict),
        may_pass=any(one.code in _DID_NOT_ANSWER for one in report.findings if one.outcome is Outcome.UNKNOWN),
        checked_at=at,
        kind=report.kind,
        version=report.version,
        is_badge=report.kind in BADGES,
        is_suspended=report.flags.suspended and not report.flags.revoked,
        is_revoked=report.flags.revoked,
        signature_holds=report.flags.issuer_confirmed,
        is_hosted=any(one.detail.startswith(HOSTED) for one in report.of("proof")),
        differs=any(one.code == "DIFFERS_FROM_HOSTED" for one in report.warnings),
        claims=_claims(report),
        recognition=recognition,
        picture=picture_of(data),
        own_url=_own_url(server, report, recognition),
        subjects=outcomes_by_subject(report),
        answers=tuple(_answers(report)),
        lines=tuple(_lines(report)),
        lines_left_out=max(0, len(report.findings) + len(report.warnings) - MOST_LINES),
        report_url=_report_url(report, source),
    )


def verdict_on(report: Report, *, is_recognised: bool) -> ForeignVerdict:
    """Judge in one word; « valid » only when everything passed and somebody stands behind the signature."""
    if not _is_known(report):
        return "not_had" if report.outcome_of("parse") is Outcome.UNKNOWN else "not_a_badge"
    failed = _checks(report, Outcome.FAILED)
    if report.flags.revoked or report.flags.suspended:
        return "not_authentic" if failed & {"proof", "issuer"} else "revoked"
    if failed - _dates(report):
        return "not_authentic"
    if report.kind not in BADGES:
        return "other_document"
    return "incomplete" if _checks(report, Outcome.UNKNOWN) else _by_dates(report, is_recognised=is_recognised)


def _is_known(report: Report) -> bool:
    """Tell whether something was read, and is a document of Open Badges."""
    was_read = report.outcome_of("parse") is Outcome.PASSED
    return was_read and (report.kind in BADGES or report.outcome_of("type") is not Outcome.FAILED)


def _by_dates(report: Report, *, is_recognised: bool) -> ForeignVerdict:
    if report.flags.expired:
        return "expired"
    if report.flags.not_yet_valid:
        return "not_yet_valid"
    return "valid" if is_recognised and report.verdict == "verified" else "unrecognised"


def _dates(report: Report) -> set[str]:
    """The check of the dates, when it failed by nothing but the calendar."""
    codes = {finding.code for finding in report.of("validity") if finding.outcome is Outcome.FAILED}
    return {"validity"} if codes and codes <= {"EXPIRED", "NOT_YET_VALID"} else set()


def _checks(report: Report, outcome: Outcome) -> set[str]:
    return {one.check for one in report.findings if one.outcome is outcome and one.check != "endorsements"}


def _cause(report: Report, verdict: ForeignVerdict) -> str | None:
    """Name the check that decided."""
    decided_by = {"not_authentic": Outcome.FAILED, "incomplete": Outcome.UNKNOWN}.get(verdict)
    if decided_by is None:
        return None
    found = _checks(report, decided_by)
    in_order = [*_WEIGHTIEST_FIRST, *(finding.check for finding in report.findings)]
    return next(check for check in in_order if check in found)


def _verified(server: Server, submission: Document | Address) -> tuple[Report, bytes]:
    if isinstance(submission, Document):
        return verify_bytes(server, submission.data), submission.data
    report = verify_url(server, submission.url)
    if report.outcome_of("parse") is not Outcome.PASSED:
        return report, b""
    try:
        # Asked a moment ago: the fetcher still has it in memory.
        return report, server.fetcher.fetch(submission.url, CREDENTIAL).body
    except FetchError:
        return report, b""


def _claims(report: Report) -> Claims:
    about = report.credential
    return Claims(
        name=shortened(about.name or ""),
        issuer_name=shortened(about.issuer_name or ""),
        issuer_id=shortened(about.issuer_id or ""),
        issuer_host=host_of(about.issuer_id),
        valid_from=_moment(about.valid_from),
        valid_until=_moment(about.valid_until),
    )


def _moment(text: str | None) -> datetime | None:
    """Read a date that a stranger wrote; none when it is no moment that a page can say in any time zone."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo and MINYEAR < moment.year < MAXYEAR else None


def _own_url(server: Server, report: Report, recognition: Recognition | None) -> str | None:
    """Give the path of the badge's own page, when it is one of ours."""
    identifier = report.credential.id or ""
    is_ours = recognition is not None and recognition.is_ours
    prefix = server.addresses.credential("")
    return urlsplit(identifier).path if is_ours and identifier.startswith(prefix) else None


def _answers(report: Report) -> Iterator[Answered]:
    """Every question once, in the order of the interface, with its worst answer."""
    for check in dict.fromkeys(finding.check for finding in report.findings):
        outcome = next(worst for worst in _WORST_FIRST if worst in {one.outcome for one in report.of(check)})
        yield Answered(check, outcome.value)


def _lines(report: Report) -> Iterator[TechnicalLine]:
    """The findings that say something first, then the warnings; cut."""
    serious = sorted(report.findings, key=lambda finding: _WORST_FIRST.index(finding.outcome))
    said: list[Finding | Caution] = [*serious[:MOST_LINES], *report.warnings]
    for one in said[:MOST_LINES]:
        outcome = one.outcome.value if isinstance(one, Finding) else "warning"
        yield TechnicalLine(one.check, outcome, one.code, shortened(one.detail, 300), shortened(one.path or ""))


def _report_url(report: Report, source: str) -> str | None:
    """Write the report into a link that can be kept; none when it is longer than a page may carry."""
    try:
        text = json.dumps(report.to_json(source), indent=2, ensure_ascii=False).encode(errors="replace")
    except (ValueError, BadgeError):
        return None
    if len(text) > MOST_REPORT_BYTES:
        return None
    return f"data:application/json;base64,{base64.b64encode(text).decode()}"
