"""Does an assertion say what it must, with its badge class and issuer (OB 2.0, section 4)."""

from collections.abc import Callable, Iterator

from badges_server.credentials import recipient
from badges_server.credentials.contexts import OPEN_BADGES_2
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.json_text import JsonObject, json_path
from badges_server.credentials.verification.case import Case
from badges_server.credentials.verification.facts import NotRetrievedError, shown
from badges_server.credentials.verification.finding import (
    CONTEXT,
    EVIDENCE,
    JSON_LD,
    MODEL,
    SUBJECT,
    TYPE,
    Caution,
    Check,
    Finding,
    Said,
)
from badges_server.credentials.verification.kinds import ASSERTION
from badges_server.credentials.verification.model.checker import Checker, Defect, Steps
from badges_server.credentials.verification.model.tables import tables
from badges_server.credentials.verification.version_2 import graph

MALFORMED = "MALFORMED_VALUE_ERROR"
_CONTEXTS = (
    OPEN_BADGES_2,
    "https://openbadgespec.org/v2/context.json",
    "https://purl.imsglobal.org/spec/ob/v2p1/ob_v2p1.jsonld",
)


def check_context(case: Case) -> Iterator[Said]:
    """It is in the context of Open Badges 2.0."""
    contexts = _contexts(case)
    if not any(context in _CONTEXTS for context in contexts):
        yield CONTEXT.failed(
            MALFORMED, f"the context must be {OPEN_BADGES_2}, found {shown(contexts)}", "$['@context']"
        )
    else:
        yield CONTEXT.passed("Open Badges 2.0", "$['@context']")


def check_json_ld(case: Case) -> Iterator[Said]:
    """2.0 is read as the plain JSON that it is; nothing of it is canonicalized."""
    contexts = _contexts(case)
    others = [context for context in contexts if context not in _CONTEXTS]
    if 0 < len(others) < len(contexts):
        detail = f"further contexts were not applied: {shown(others)}"
        yield JSON_LD.unknown("UNKNOWN_CONTEXT", detail, "$['@context']")
    else:
        yield JSON_LD.not_applicable("Open Badges 2.0 is read as plain JSON: its proof covers the very bytes")


def check_type(case: Case) -> Iterator[Said]:
    """It calls itself what it is."""
    types = case.document.get("type")
    if case.kind.name in (types if isinstance(types, list) else [types]):
        yield TYPE.passed(case.kind.name, "$.type")
    else:
        yield TYPE.failed(MALFORMED, f"type lacks {case.kind.name}: {shown(types)}", "$.type")


def check_model(case: Case) -> Iterator[Said]:
    """Every property of the document, and of the badge class and issuer behind it, has the form it must have."""
    said: list[Said] = [*_told(MODEL, _own_defects(case)), *_related(case)]
    yield from said
    if not any(isinstance(item, Finding) for item in said):
        yield MODEL.passed(f"{case.kind.name} and what is behind it have the form of the specification's tables")


def check_subject(case: Case) -> Iterator[Said]:
    """The recipient is an identity that can be compared; an endorsement says what it is about."""
    if case.kind != ASSERTION:
        yield SUBJECT.not_applicable(f"a {case.kind.name} has no recipient; what it must say is check model")
        return
    identity = case.document.get("recipient")
    if not isinstance(identity, dict):
        yield SUBJECT.failed(MALFORMED, "there is no recipient object", "$.recipient")
        return
    try:
        recipient.matches(identity, "", "")
    except BadgeError as error:
        yield SUBJECT.failed(error.code, error.message, f"$.recipient.{error.path}" if error.path else "$.recipient")
    else:
        yield SUBJECT.passed("the recipient can be compared", "$.recipient")


def check_evidence(case: Case) -> Iterator[Said]:
    """Evidence is a URL or an object of the specification's form."""
    if "evidence" not in case.document:
        yield EVIDENCE.not_applicable("there is no evidence in it")
        return
    said = list(_told(EVIDENCE, _all_defects(case)))
    yield from said
    if not any(isinstance(item, Finding) for item in said):
        yield EVIDENCE.passed("evidence has its form; what it leads to was not looked at", "$.evidence")


def _contexts(case: Case) -> list[object]:
    value = case.document.get("@context")
    return list(value) if isinstance(value, list) else [value]


def _all_defects(case: Case) -> Iterator[Defect]:
    document = case.document
    yield from Checker(tables("2.0")).defects(document, case.kind.name)
    if case.kind == ASSERTION and "verification" not in document and "verify" not in document:
        yield Defect("missing", ("verification",), "nothing says how it is to be verified")


def _own_defects(case: Case) -> Iterator[Defect]:
    return (defect for defect in _all_defects(case) if defect.steps[:1] not in (("evidence",), ("recipient",)))


def _related(case: Case) -> Iterator[Said]:
    """The badge class and the issuer, told at the places where they hang in the document."""
    for read, name, steps in _places(case):
        try:
            document = read(case)
        except NotRetrievedError as error:
            yield MODEL.blocked(error, json_path(steps))
            return
        except BadgeError as error:
            yield MODEL.refused(error, json_path(steps))
            return
        yield from _told(MODEL, Checker(tables("2.0")).defects(document, name, steps))


def _places(case: Case) -> Iterator[tuple[Callable[[Case], JsonObject], str, Steps]]:
    if case.kind == ASSERTION:
        yield graph.badge_class, "BadgeClass", ("badge",)
    if not graph.is_profile(case):
        yield graph.issuer, "Issuer", tuple(graph.issuer_path(case).removeprefix("$.").split("."))


def _told(check: Check, defects: Iterator[Defect]) -> Iterator[Finding | Caution]:
    for defect in defects:
        if check == EVIDENCE and defect.steps[:1] != ("evidence",):
            continue
        if defect.about == "form":
            yield check.warning("UNUSUAL_FORM", defect.message, defect.path)
        elif defect.steps != ("type",):  # told by check type
            yield check.failed(MALFORMED, defect.message, defect.path)
