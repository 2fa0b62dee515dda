"""Is it what it says it is: structure, contexts, JSON-LD, types (OB 3.0, section 9.1 and appendix B)."""

import re
from collections.abc import Iterator

from badges_server.credentials.canonical.expansion import expand
from badges_server.credentials.canonical.screen import screen
from badges_server.credentials.contexts import (
    CONTEXT_URLS,
    CREDENTIALS_V1,
    CREDENTIALS_V2,
    OPEN_BADGES_3,
    OPEN_BADGES_3_EXTENSIONS,
)
from badges_server.credentials.data_integrity import proofs_of, without_proof
from badges_server.credentials.errors import BadgeError, UnknownContextError
from badges_server.credentials.json_text import JsonObject, JsonValue, json_path, walk
from badges_server.credentials.verification.case import Case
from badges_server.credentials.verification.facts import shown
from badges_server.credentials.verification.finding import CONTEXT, JSON_LD, NOT_MADE, STRUCTURE, TYPE, Finding, Said
from badges_server.credentials.verification.kinds import STATUS_LIST
from badges_server.credentials.verification.model.tables import tables

_OPEN_BADGES_CONTEXT = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d\.\d)*\.json")
# 1EdTech's own type names start with a digit, and only its extensions context defines them.
_EXTENSION_TYPES = ("1EdTechJsonSchemaValidator2019", "1EdTechRevocationList", "1EdTechCredentialRefresh")


def check_structure(case: Case) -> Iterator[Said]:
    """Size, depth, numbers of things and characters are within what an honest credential needs."""
    fault = _screening(case)
    yield STRUCTURE.refused(fault) if fault else STRUCTURE.passed("size, depth and characters are within bounds")


def check_context(case: Case) -> Iterator[Said]:
    """The contexts stand in the order that the standard fixes (OB 3.0, section B.1.1)."""
    contexts = case.document.get("@context")
    if not isinstance(contexts, list) or not contexts:
        yield CONTEXT.failed("MALFORMED_VALUE_ERROR", f"a list of contexts is expected, found {shown(contexts)}", _at())
        return
    faults = [*_first_faults(contexts), *_second_faults(case, contexts), *_extension_faults(case, contexts)]
    yield from faults
    if not any(isinstance(fault, Finding) for fault in faults):
        yield CONTEXT.passed(f"{len(contexts)} contexts in the order of the standard", _at())


def check_json_ld(case: Case) -> Iterator[Said]:
    """JSON-LD safe mode: every part of it is defined by known contexts, so that every part is what was signed."""
    if _screening(case) is not None:
        yield JSON_LD.unknown(NOT_MADE, "the structure is out of bounds")
        return
    inline = _inline_contexts(case.document)
    if inline is not None:
        yield JSON_LD.failed("UNSAFE_JSON_LD", "an inline context: only URLs of known contexts are accepted", inline)
        return
    try:
        case.canonicalize(without_proof(case.document))
    except UnknownContextError as error:
        yield JSON_LD.blocked(error, _at())
        return
    except BadgeError as error:
        yield JSON_LD.refused(error)
        return
    undefined = list(_undefined_proofs(case.document))
    yield from undefined or [JSON_LD.passed("every term is defined; contexts are bundled, none was fetched")]


def _inline_contexts(document: JsonObject) -> str | None:
    """Where it brings definitions of its own: no URL could be known for them, so that is told before unknown URLs."""
    for steps, value in walk(document):
        if isinstance(value, dict) and "@context" in steps[-2:] and steps[:1] != ("proof",):
            return json_path(steps)
    return None


def _undefined_proofs(document: JsonObject) -> Iterator[Finding]:
    """Proofs are expanded under the document's contexts too: one of a type that none defines would say nothing."""
    try:
        proofs = proofs_of(document)
    except BadgeError:
        return  # told by check proof
    for index, proof in enumerate(proofs):
        if "@context" in proof:
            continue  # told by check proof
        try:
            expand({"@context": document.get("@context"), **proof})
        except BadgeError as error:
            path = json_path(["proof", index] if isinstance(document["proof"], list) else ["proof"])
            yield JSON_LD.refused(error, path) if error.path is None else _under(error, path)


def _under(error: BadgeError, path: str) -> Finding:
    return JSON_LD.failed(error.code, error.message, path + (error.path or "$")[1:])


def check_type(case: Case) -> Iterator[Said]:
    """It calls itself a verifiable credential, and of which kind."""
    types = case.document.get("type")
    names = types if isinstance(types, list) else [types]
    path = json_path(["type"])
    wanted = tables("3.0").classes[case.kind.name].type_names
    missing = [] if "VerifiableCredential" in names else ["VerifiableCredential"]
    missing += [] if any(name in names for name in wanted) else [" or ".join(wanted)]
    if missing:
        yield TYPE.failed("MALFORMED_VALUE_ERROR", f"type lacks {' and '.join(missing)}: {shown(types)}", path)
        return
    yield TYPE.passed(", ".join(str(name) for name in names), path)


def _screening(case: Case) -> BadgeError | None:
    try:
        screen(case.document)
    except BadgeError as error:
        return error
    return None


def _at(*steps: int) -> str:
    return json_path(["@context", *steps])


def _first_faults(contexts: list[JsonValue]) -> Iterator[Said]:
    if contexts[0] == CREDENTIALS_V1:
        yield CONTEXT.warning("OLDER_CONTEXT_VERSION", "VC Data Model 1.1", _at(0))
    elif contexts[0] != CREDENTIALS_V2:
        message = f"the first context must be {CREDENTIALS_V2}, found {shown(contexts[0])}"
        yield CONTEXT.failed("MALFORMED_VALUE_ERROR", message, _at(0))


def _second_faults(case: Case, contexts: list[JsonValue]) -> Iterator[Said]:
    if case.kind == STATUS_LIST:
        return
    second = contexts[1] if len(contexts) > 1 else None
    if not isinstance(second, str) or not _OPEN_BADGES_CONTEXT.fullmatch(second):
        message = f"the second context must be that of Open Badges 3.0, found {shown(second)}"
        yield CONTEXT.failed("MALFORMED_VALUE_ERROR", message, _at(1))
    elif second in CONTEXT_URLS and second != OPEN_BADGES_3:
        yield CONTEXT.warning("OLDER_CONTEXT_VERSION", f"{second} is older than {OPEN_BADGES_3}", _at(1))


def _extension_faults(case: Case, contexts: list[JsonValue]) -> Iterator[Said]:
    if OPEN_BADGES_3_EXTENSIONS in contexts:
        return
    for steps, value in walk(case.document):
        if value in _EXTENSION_TYPES and "type" in steps[-2:]:
            message = f"{value} is defined by {OPEN_BADGES_3_EXTENSIONS}, which is not listed"
            yield CONTEXT.failed("MALFORMED_VALUE_ERROR", message, json_path(steps))
            return
