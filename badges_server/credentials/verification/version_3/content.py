"""Does it say what it must: the tables of the specification, and the rules between properties.

Deviations of the subject's, the evidence's and the issuer's own rules are told under their checks, all others under
`model`: each once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from badges_server.credentials.verification.case import Case
from badges_server.credentials.verification.finding import (
    EVIDENCE,
    MODEL,
    SUBJECT,
    Check,
    Finding,
    Said,
)
from badges_server.credentials.verification.kinds import OPEN_BADGE
from badges_server.credentials.verification.model.checker import Checker, Defect
from badges_server.credentials.verification.model.tables import Class, Property, Tables, tables
from badges_server.credentials.verification.version_3.subject_rules import subject_defects

MALFORMED = "MALFORMED_VALUE_ERROR"


def check_model(case: Case) -> Iterator[Said]:
    """Every property is where it may be, and of the form it must have (OB 3.0, appendix B)."""
    yield from told(MODEL, case, "every property has the place and the form of the specification's tables")


def check_subject(case: Case) -> Iterator[Said]:
    """There is one subject, known by something, and what was achieved is said whole."""
    yield from told(SUBJECT, case, "the subject and what is said of it are complete")


def check_evidence(case: Case) -> Iterator[Said]:
    """Evidence calls itself so."""
    if "evidence" not in case.document:
        yield EVIDENCE.not_applicable("there is no evidence in it")
    else:
        yield from told(EVIDENCE, case, "evidence is typed; what it leads to was not looked at")


def told(check: Check, case: Case, fine: str) -> list[Said]:
    """Tell the defects that belong under `check`; `fine` when there is none."""
    said: list[Said] = []
    for defect in defects_of(case):
        if _check_of(defect) != check:
            continue
        if defect.about == "form":
            said.append(check.warning("UNUSUAL_FORM", defect.message, defect.path))
        else:
            said.append(check.failed(MALFORMED, defect.message, defect.path))
    if not any(isinstance(item, Finding) for item in said):
        said.append(check.passed(fine))
    return said


def defects_of(case: Case) -> Sequence[Defect]:
    """Every deviation from the tables, in reading order of the tables."""
    return case.once("defects", lambda: _find_defects(case))


def _find_defects(case: Case) -> Sequence[Defect]:
    checker = Checker(_version_1_tables() if case.is_version_1 else tables("3.0"))
    found = list(checker.defects(case.document, case.kind.name))
    subject = case.document.get("credentialSubject")
    if case.kind == OPEN_BADGE and isinstance(subject, dict):
        found += subject_defects(subject)
    return found


def _check_of(defect: Defect) -> Check | None:
    """Under which check a defect is told. None: `type` and `context` tell it themselves."""
    root = defect.steps[0] if defect.steps else ""
    if root == "type" or root == "@context":
        return None
    if root == "issuer" and (defect.about == "type" or len(defect.steps) == 1 or defect.steps == ("issuer", "id")):
        return Check("issuer")
    if root == "evidence" and defect.about == "type":
        return EVIDENCE
    if root == "credentialSubject" and (defect.about == "type" or _is_subject_rule(defect)):
        return SUBJECT
    return MODEL


def _is_subject_rule(defect: Defect) -> bool:
    return len(defect.steps) == 1 or (defect.about == "missing" and defect.steps[1:] in _SUBJECT_RULES)


_SUBJECT_RULES = (("achievement",), ("id",), ("achievement", "criteria"), ("achievement", "criteria", "narrative"))


@cache
def _version_1_tables() -> Tables:
    """The tables for VC Data Model 1.1: other names for the dates, a name is required, the issuer is an object."""
    base = tables("3.0")
    names = ("OpenBadgeCredential", "EndorsementCredential")
    return replace(base, classes={**base.classes, **{name: _version_1_class(base.classes[name]) for name in names}})


def _version_1_class(table: Class) -> Class:
    renamed = {"validFrom": "issuanceDate", "validUntil": "expirationDate"}
    properties: dict[str, Property] = {}
    for prop in table.properties.values():
        name = renamed.get(prop.name, prop.name)
        properties[name] = replace(
            prop,
            name=name,
            cardinality="1" if name == "name" else prop.cardinality,
            kinds=("Profile",) if name == "issuer" else prop.kinds,
        )
    return replace(table, properties=properties)
