"""Did its issuer really make it: hosted in the issuer's scope, or signed with the issuer's key (OB 2.0, section 5)."""

from collections.abc import Iterator

from badges_server.credentials import jwt_proof
from badges_server.credentials.errors import BadgeError, MalformedValueError, ParsingError
from badges_server.credentials.json_text import JsonObject, parse_json_object
from badges_server.credentials.public_key import rsa_from_pem
from badges_server.credentials.verification.case import GONE, Case, identifier_of
from badges_server.credentials.verification.facts import OK, Answer, NotRetrievedError, shown
from badges_server.credentials.verification.finding import ISSUER, KEY_NOT_BOUND, NOT_MADE, PROOF, Finding, Said
from badges_server.credentials.verification.kinds import ASSERTION, BADGE_CLASS, CRYPTOGRAPHIC_KEY, REVOCATION_LIST
from badges_server.credentials.verification.urls import is_http, parts_of, without_fragment
from badges_server.credentials.verification.version_2 import graph

_WAYS = {"hosted": ("HostedBadge", "hosted"), "signed": ("SignedBadge", "signed")}


def check_proof(case: Case) -> Iterator[Said]:
    """Hosted: it stands at its own id. Signed: the signature holds under the key that it names."""
    if case.form == "signed":
        yield _signature(case)
        return
    yield _hosting(case)
    if case.given != case.document:
        yield PROOF.warning("DIFFERS_FROM_HOSTED", "what was handed in is not what its host says; the host counts", "$")


def check_issuer(case: Case) -> Iterator[Said]:
    """The issuer answers for the place, or owns the key."""
    try:
        profile = graph.issuer(case)
    except NotRetrievedError as error:
        yield ISSUER.blocked(error, graph.issuer_path(case))
        return
    except BadgeError as error:
        yield ISSUER.unknown(KEY_NOT_BOUND, f"the issuer cannot be looked up: {error}", graph.issuer_path(case))
        return
    identifier = identifier_of(graph.issuer_reference(case))
    if profile.get("id") != identifier:
        detail = f"the document behind the issuer's id {identifier} has another id: {shown(profile.get('id'))}"
        yield ISSUER.failed("INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID", detail, graph.issuer_path(case))
        return
    yield _bond(case, profile)


def _bond(case: Case, profile: JsonObject) -> Finding:
    """What binds the document to its issuer: a key, a list of keys, the list of revocations, or the place."""
    if graph.is_profile(case):
        return ISSUER.passed("it speaks for itself, from its own place", "$.id")
    if case.form == "signed":
        return _way(case) or _ownership(case, profile)
    if case.kind == CRYPTOGRAPHIC_KEY:
        return _listed(case, graph.key_ids(profile), "publicKey")
    if case.kind == REVOCATION_LIST:
        return _listed(case, [identifier_of(profile.get("revocationList")) or ""], "revocationList")
    return _way(case) or _scope(case, profile)


def _listed(case: Case, listed: list[str], name: str) -> Finding:
    identifier = identifier_of(case.given) or ""
    if identifier in listed:
        return ISSUER.passed(f"its issuer lists it under {name}", graph.issuer_path(case))
    detail = f"its issuer does not list it under {name}: {identifier}"
    return ISSUER.unknown("NOT_LISTED_BY_ISSUER", detail, graph.issuer_path(case))


def _hosting(case: Case) -> Finding:
    identifier = identifier_of(case.given) or ""
    if not is_http(identifier):
        return PROOF.failed("PROOF_VERIFICATION_ERROR", "what is hosted has an http(s) id", "$.id")
    try:
        answer = case.facts.answer(without_fragment(identifier))
    except NotRetrievedError as error:
        return PROOF.blocked(error, "$.id")
    return _hosted(answer, identifier)


def _hosted(answer: Answer, identifier: str) -> Finding:
    if answer.status == GONE:
        return PROOF.unknown(NOT_MADE, "its host answers Gone: it was there, and is not any more", "$.id")
    if answer.status != OK:
        return PROOF.failed("PROOF_VERIFICATION_ERROR", f"it is not at its id: {answer.status}", "$.id")
    try:
        hosted = parse_json_object(answer.body)
    except ParsingError as error:
        return PROOF.failed("PROOF_VERIFICATION_ERROR", f"there is something else at its id: {error}", "$.id")
    if hosted.get("id") != identifier:
        detail = f"there is another document at its id: {shown(hosted.get('id'))}"
        return PROOF.failed("PROOF_VERIFICATION_ERROR", detail, "$.id")
    return PROOF.passed(f"hosted at {identifier}", "$.id")


def _way(case: Case) -> Finding | None:
    """The assertion says itself that it is verified in the way it came; a signed one cannot pass as hosted."""
    if case.kind == BADGE_CLASS:  # does not say so
        return None
    verification = case.document.get("verification", case.document.get("verify"))
    named = verification.get("type") if isinstance(verification, dict) else None
    names = named if isinstance(named, list) else [named]
    if any(way in names for way in _WAYS[case.form]):
        return None
    detail = f"it says that it is verified as {shown(named)}, and is {case.form}"
    return ISSUER.failed("MALFORMED_VALUE_ERROR", detail, "$.verification.type")


def _scope(case: Case, profile: JsonObject) -> Finding:
    """The assertion's id, and the place it was really found at, lie where the issuer says that its badges are."""
    identifier = identifier_of(case.given) or ""
    path = f"{graph.issuer_path(case)}.verification"
    if not _is_in_scope(identifier, case, profile):
        detail = f"the issuer does not answer for this place: {identifier}"
        return ISSUER.failed("CRYPTOGRAPHIC_SECURITY_ERROR", detail, path)
    try:
        place = case.facts.answer(without_fragment(identifier)).url or identifier
    except NotRetrievedError:
        place = identifier  # told by check proof
    if not _is_in_scope(place, case, profile):
        detail = f"it leads to a place that the issuer does not answer for: {place}"
        return ISSUER.unknown("REDIRECTED_OUT_OF_SCOPE", detail, "$.id")
    return ISSUER.passed("the issuer answers for the place where it is hosted", path)


def _is_in_scope(url: str, case: Case, profile: JsonObject) -> bool:
    """`startsWith` if there is one, else `allowedOrigins`, else the issuer's own host (OB 2.0, VerificationObject).

    `startsWith` says where assertions are; badge classes and endorsements lie elsewhere, on the same hosts.
    """
    verification = profile.get("verification")
    content: JsonObject = verification if isinstance(verification, dict) else {}
    starts = _texts(content, "startsWith")
    if starts and case.kind == ASSERTION:
        return any(_starts_with(url, start) for start in starts)
    own = parts_of(str(profile.get("id")))
    hosts = _texts(content, "allowedOrigins") or ([own.netloc] if own else [])
    parts = parts_of(url)
    return parts is not None and any(host in (parts.netloc, parts.hostname) for host in hosts)


def _starts_with(url: str, start: str) -> bool:
    """Compare hosts whole: `https://badges.example` must not let `https://badges.example.evil` in."""
    parts, allowed = parts_of(url), parts_of(start)
    if parts is None or allowed is None or parts[:2] != allowed[:2]:
        return False
    return url.startswith(start) and ".." not in parts.path.split("/")


def _texts(content: JsonObject, name: str) -> list[str]:
    value = content.get(name, [])
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def _ownership(case: Case, profile: JsonObject) -> Finding:
    """The key and its owner point at each other."""
    identifier = graph.key_id(case, profile)
    if identifier is None:
        return ISSUER.unknown(KEY_NOT_BOUND, "nothing says which of the issuer's keys signed", "$.verification")
    if identifier not in graph.key_ids(profile):
        detail = f"the issuer does not list this key: {identifier}"
        return ISSUER.unknown(KEY_NOT_BOUND, detail, "$.verification.creator")
    try:
        key = graph.cryptographic_key(case, profile)
    except NotRetrievedError as error:
        return ISSUER.blocked(error, "$.verification.creator")
    except BadgeError as error:
        return ISSUER.refused(error, "$.verification.creator")
    if key.get("id") != identifier or key.get("owner") != profile.get("id"):
        detail = f"the key says that it belongs to {shown(key.get('owner'))}"
        return ISSUER.failed("INVALID_VERIFICATION_METHOD", detail, "$.verification.creator")
    return ISSUER.passed(f"the issuer and the key {identifier} point at each other", "$.verification.creator")


def _signature(case: Case) -> Finding:
    try:
        key = graph.cryptographic_key(case, _known_issuer(case))
        pem = key.get("publicKeyPem")
        if not isinstance(pem, str):
            raise MalformedValueError("the key has no publicKeyPem", path="$.verification.creator")
        jwt_proof.verify_compact(case.token, rsa_from_pem(pem))
    except NotRetrievedError as error:
        return PROOF.blocked(error, "$.verification.creator")
    except BadgeError as error:
        return PROOF.refused(error, "token")
    return PROOF.passed(f"RS256, {identifier_of(key)}", "header")


def _known_issuer(case: Case) -> JsonObject:
    """The issuer's document, or an empty one: the key that the assertion names can be tried without it."""
    try:
        return graph.issuer(case)
    except BadgeError:
        verification = case.document.get("verification", case.document.get("verify"))
        if isinstance(verification, dict) and "creator" in verification:
            return {}
        raise
