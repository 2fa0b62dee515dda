"""Every question in the interface's order, and the verdict over one credential.

A failed check never hides the later ones that can still be made; a check that says nothing counts as not made.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from badges_server.credentials.errors import BadgeError
from badges_server.credentials.verification import finding as questions
from badges_server.credentials.verification.case import Case, open_case
from badges_server.credentials.verification.facts import Facts, NotRetrievedError
from badges_server.credentials.verification.finding import NOT_MADE, UNSUPPORTED, Caution, Check, Finding, Said
from badges_server.credentials.verification.kinds import NOTHING_KNOWN
from badges_server.credentials.verification.report import Report, Summary
from badges_server.credentials.verification.summary import summary_of
from badges_server.credentials.verification.version_2 import content as content_2
from badges_server.credentials.verification.version_2 import endorsements as endorsements_2
from badges_server.credentials.verification.version_2 import extensions, standing, trust
from badges_server.credentials.verification.version_3 import (
    content,
    endorsements,
    issuer,
    proofs,
    reading,
    recipient,
    refresh,
    schema,
    status,
    validity,
)

Asked = Callable[[Case], Iterable[Said]]


@dataclass(frozen=True)
class Question:
    """One check, and how each version of Open Badges is asked it."""

    check: Check
    version_3: Asked
    version_2: Asked

    def asked_of(self, case: Case) -> tuple[Said, ...]:
        """Ask it; say so when nothing was answered."""
        ask = self.version_2 if case.is_version_2 else self.version_3
        answers = tuple(ask(case))
        if not any(isinstance(answer, Finding) for answer in answers):
            return (*answers, self.check.unknown(NOT_MADE, "this check gave no answer"))
        return answers


def _parsed(case: Case) -> Iterator[Said]:
    yield questions.PARSE.passed(f"{case.kind.name}, {case.form}")


def _no_schema(_case: Case) -> Iterator[Said]:
    yield questions.SCHEMA.not_applicable("Open Badges 2.0 names no schema; the specification's tables are check model")


def _no_refresh(_case: Case) -> Iterator[Said]:
    yield questions.REFRESH.not_applicable("Open Badges 2.0 knows no refresh service")


def _endorsed(case: Case) -> Iterator[Said]:
    return endorsements.check_endorsements(case, judge)


def _endorsed_2(case: Case) -> Iterator[Said]:
    return endorsements_2.check_endorsements(case, judge)


CHECKS: tuple[Question, ...] = (
    Question(questions.PARSE, _parsed, _parsed),
    Question(questions.STRUCTURE, reading.check_structure, reading.check_structure),
    Question(questions.CONTEXT, reading.check_context, content_2.check_context),
    Question(questions.JSON_LD, reading.check_json_ld, content_2.check_json_ld),
    Question(questions.TYPE, reading.check_type, content_2.check_type),
    Question(questions.MODEL, content.check_model, content_2.check_model),
    Question(questions.SCHEMA, schema.check_schema, _no_schema),
    Question(questions.SUBJECT, content.check_subject, content_2.check_subject),
    Question(questions.EVIDENCE, content.check_evidence, content_2.check_evidence),
    Question(questions.ISSUER, issuer.check_issuer, trust.check_issuer),
    Question(questions.PROOF, proofs.check_proof, trust.check_proof),
    Question(questions.REFRESH, refresh.check_refresh, _no_refresh),
    Question(questions.STATUS, status.check_status, standing.check_status),
    Question(questions.VALIDITY, validity.check_validity, standing.check_validity),
    Question(questions.RECIPIENT, recipient.check_recipient, standing.check_recipient),
    Question(questions.EXTENSIONS, refresh.check_extensions, extensions.check_extensions),
    Question(questions.ENDORSEMENTS, _endorsed, _endorsed_2),
)


_OF_A_NOTICE = frozenset(
    check.name
    for check in (
        questions.PARSE,
        questions.STRUCTURE,
        questions.CONTEXT,
        questions.TYPE,
        questions.STATUS,
        questions.RECIPIENT,
    )
)


def verify(facts: Facts) -> Report:
    """Judge what was received. A bad credential gives a bad report, never an error."""
    try:
        case = open_case(facts)
    except NotRetrievedError as error:
        return _unreadable(facts, questions.PARSE.blocked(error))
    except BadgeError as error:
        return _unreadable(facts, questions.PARSE.refused(error))
    return judge(refresh.newest(case))


def judge(case: Case) -> Report:
    """Ask every question of an opened credential."""
    said = _named_only(case) if not case.kind.is_judged else _asked(case)
    return Report(
        container=getattr(case.facts.received, "container", None),
        kind=None if case.kind == NOTHING_KNOWN else case.kind.name,
        version=case.kind.version,
        findings=tuple(item for item in said if isinstance(item, Finding)),
        warnings=tuple(item for item in said if isinstance(item, Caution)),
        credential=summary_of(case),
    )


def _asked(case: Case) -> list[Said]:
    if case.is_revocation_notice:
        return [answer for question in CHECKS for answer in _asked_of_a_notice(question, case)]
    return [answer for question in CHECKS for answer in question.asked_of(case)]


def _asked_of_a_notice(question: Question, case: Case) -> tuple[Said, ...]:
    """What only says "revoked" is judged as that, not as a badge that lacks everything."""
    if question.check.name in _OF_A_NOTICE:
        return question.asked_of(case)
    return (question.check.unknown(NOT_MADE, "all that is left of this assertion is that it was revoked"),)


def _named_only(case: Case) -> list[Said]:
    """What is no open badge of a kind that is verified here: said plainly, and nothing else is claimed."""
    name = case.kind.name
    if name in ("unknown", "VerifiableCredential"):
        verdict = questions.TYPE.failed("MALFORMED_VALUE_ERROR", "it is no Open Badge of any version", "$.type")
    else:
        words = f"{name} {case.kind.version or ''}".strip()
        verdict = questions.TYPE.unknown(
            UNSUPPORTED, f"a document of kind {words}, which is not verified here", "$.type"
        )
    known: dict[str, list[Said]] = {
        questions.PARSE.name: list(_parsed(case)),
        questions.STRUCTURE.name: list(reading.check_structure(case)),
        questions.TYPE.name: [verdict],
    }
    return [
        answer
        for question in CHECKS
        for answer in known.get(question.check.name, [_not_made(question.check, case.facts)])
    ]


def _unreadable(facts: Facts, reason: Finding) -> Report:
    findings = [reason if check == questions.PARSE else _not_made(check, facts) for check in _names()]
    container = getattr(facts.received, "container", None)
    return Report(container, None, None, tuple(findings), (), Summary())


def _names() -> Iterator[Check]:
    return (question.check for question in CHECKS)


def _not_made(check: Check, facts: Facts) -> Finding:
    if check != questions.RECIPIENT:
        return check.unknown(NOT_MADE, "not made: nothing that can be judged was read")
    if facts.recipient is None:
        return check.not_applicable(recipient.NOBODY_ASKED)
    return check.failed(questions.RECIPIENT_MISMATCH, "nothing says whose it is")
