"""Do the signatures hold, and is one of them the issuer's (OB 3.0, section 8 and 9.1, step 2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from badges_server.credentials import data_integrity, jwt_proof
from badges_server.credentials.errors import BadgeError, ProofVerificationError
from badges_server.credentials.json_text import JsonObject, json_path
from badges_server.credentials.verification.case import Case
from badges_server.credentials.verification.facts import NotRetrievedError, Want, shown
from badges_server.credentials.verification.finding import (
    ISSUER,
    KEY_NOT_BOUND,
    NOT_MADE,
    PROOF,
    UNSUPPORTED,
    Finding,
    Outcome,
    Said,
)
from badges_server.credentials.verification.version_3.keys import (
    FoundKey,
    find_key,
    find_token_key,
    issuer_wants,
    key_wants,
)

# Suites of Data Integrity that there are, and that this server does not verify.
_OTHER_SUITES = frozenset({"ecdsa-sd-2023", "ecdsa-rdfc-2019", "ecdsa-jcs-2019", "eddsa-jcs-2022", "bbs-2023"})


@dataclass(frozen=True)
class ProofResult:
    """What one proof came to.

    Attributes:
        signature: whether it holds under the key that it names.
        binding: whether that key is the issuer's.
        cautions: warnings about the proof.
    """

    signature: Finding
    binding: Finding
    cautions: tuple[Said, ...] = ()

    @property
    def rank(self) -> tuple[int, int]:
        """Small is good: proofs are compared by signature first, then by binding."""
        order = [Outcome.PASSED, Outcome.UNKNOWN, Outcome.FAILED]
        return order.index(self.signature.outcome), order.index(self.binding.outcome)


def proof_wants(case: Case) -> Iterator[Want]:
    """The documents that publish the keys of the credential's proofs."""
    urls: list[object] = []
    if case.unverified is not None:
        urls.append(case.unverified.header.get("kid"))
    else:
        urls += [proof.get("verificationMethod") for proof in _readable_proofs(case)]
    for url in urls:
        if isinstance(url, str):
            yield from key_wants(url, case)
    yield from issuer_wants(case)


def judged_proofs(case: Case) -> list[ProofResult]:
    """Judge every proof, the best first: any one that holds suffices (OB 3.0, section 9.1). There is at least one."""
    return case.once("proofs", lambda: _judge_proofs(case))


def check_proof(case: Case) -> Iterator[Said]:
    """At least one signature holds under the key that it names."""
    best, *others = judged_proofs(case)
    yield best.signature
    for result in (best, *others):
        yield from result.cautions
    for other in others:
        found = other.signature
        if found.outcome is not Outcome.PASSED:
            yield PROOF.warning(str(found.code), f"another proof: {found.detail}", found.path)


def _judge_proofs(case: Case) -> list[ProofResult]:
    results = [_token_result(case)] if case.form == "jwt" else _embedded_results(case)
    return sorted(results, key=lambda result: result.rank)


def _embedded_results(case: Case) -> list[ProofResult]:
    unbound = ISSUER.unknown(NOT_MADE, "there is no proof whose key could be the issuer's")
    try:
        proofs = data_integrity.proofs_of(case.document)
    except BadgeError as error:
        return [ProofResult(PROOF.refused(error), unbound)]
    if not proofs:
        missing = PROOF.failed("PROOF_VERIFICATION_ERROR", "there is no proof", "$.proof")
        return [ProofResult(missing, unbound)]
    is_list = isinstance(case.document["proof"], list)
    paths = [json_path(["proof", index] if is_list else ["proof"]) for index in range(len(proofs))]
    return [_embedded_result(case, proof, path) for proof, path in zip(proofs, paths, strict=True)]


def _embedded_result(case: Case, proof: JsonObject, path: str) -> ProofResult:
    unbound = ISSUER.unknown(NOT_MADE, "no key could be looked for", path)
    try:
        suite = data_integrity.suite_of(proof)
        url = data_integrity.verification_method_of(proof)
    except BadgeError as error:
        return ProofResult(_unsupported(proof, path) or _placed(error, path), unbound)
    cautions = [PROOF.warning("DEPRECATED_CRYPTOSUITE", suite.name, path)] if suite.is_deprecated else []
    try:
        key = find_key(url, case)
    except NotRetrievedError as error:
        return ProofResult(PROOF.blocked(error, path), ISSUER.blocked(error, path), tuple(cautions))
    except BadgeError as error:
        refusal = PROOF.failed(error.code, f"the key {url} is not usable: {error}", f"{path}.verificationMethod")
        return ProofResult(refusal, _unbound(url, path), tuple(cautions))
    signature = _embedded_signature(case, proof, key, path)
    return ProofResult(signature, _binding(case, key, path), tuple(cautions))


def _unsupported(proof: JsonObject, path: str) -> Finding | None:
    """A suite that there is, but that is not verified here: that is not known, and no fault of the credential's."""
    name = proof.get("cryptosuite")
    if proof.get("type") != "DataIntegrityProof" or not isinstance(name, str) or name not in _OTHER_SUITES:
        return None
    return PROOF.unknown(UNSUPPORTED, f"a cryptographic suite that is not verified here: {name}", path)


def _embedded_signature(case: Case, proof: JsonObject, key: FoundKey, path: str) -> Finding:
    try:
        data_integrity.verify(case.document, proof, key.public_key, canonicalize=case.canonicalize)
        _check_expiry(proof, case.facts.now)
    except ProofVerificationError as error:
        return _placed(error, path)
    except BadgeError as error:
        if error.path is not None and error.path.startswith("$.proof"):
            return _placed(error, path)
        return PROOF.unknown(NOT_MADE, f"it cannot be canonicalized: {error}", path)
    name = data_integrity.suite_of(proof).name
    return PROOF.passed(f"{name}, {key.where}", path)


def _check_expiry(proof: JsonObject, now: datetime) -> None:
    expiry = data_integrity.expiry_of(proof)
    if expiry is not None and expiry <= now:
        raise ProofVerificationError("the proof has expired", value=expiry.isoformat(), path="$.proof.expires")


def _token_result(case: Case) -> ProofResult:
    header = case.unverified.header if case.unverified else {}
    unbound = ISSUER.unknown(NOT_MADE, "no key could be looked for", "header")
    try:
        jwt_proof.check_header(header)
        key = find_token_key(header, case)
    except NotRetrievedError as error:
        return ProofResult(PROOF.blocked(error, "header.kid"), ISSUER.blocked(error, "header.kid"))
    except BadgeError as error:
        return ProofResult(PROOF.refused(error, "header"), unbound)
    return ProofResult(_token_signature(case, key), _binding(case, key, "header.kid"))


def _token_signature(case: Case, key: FoundKey) -> Finding:
    try:
        payload = jwt_proof.verify(case.token, key.public_key)
    except BadgeError as error:
        return PROOF.refused(error, "token")
    for mismatch in jwt_proof.check_claims(payload):
        detail = f"claim {mismatch.claim} is {shown(mismatch.found)}, the credential says {shown(mismatch.expected)}"
        return PROOF.failed("MALFORMED_VALUE_ERROR", detail, f"claims.{mismatch.claim}")
    algorithm = case.unverified.header.get("alg") if case.unverified else None
    return PROOF.passed(f"{algorithm}, {key.where}", "header")


def _binding(case: Case, key: FoundKey, path: str) -> Finding:
    """Tell whether the issuer itself publishes `key`, and still does."""
    if key.publisher is None or key.publisher != case.issuer_id:
        return _unbound(key.where, path)
    if key.method is not None and not key.method.is_usable_at(case.facts.now):
        message = f"the issuer publishes {key.where} as expired or revoked"
        return ISSUER.failed("INVALID_VERIFICATION_METHOD", message, path)
    return ISSUER.passed(f"the issuer publishes {key.where} for assertions", path)


def _unbound(where: str, path: str) -> Finding:
    return ISSUER.unknown(KEY_NOT_BOUND, f"nothing says that this key is the issuer's: {where}", path)


def _readable_proofs(case: Case) -> list[JsonObject]:
    try:
        return data_integrity.proofs_of(case.document)
    except BadgeError:
        return []


def _placed(error: BadgeError, path: str) -> Finding:
    """Put an error about "the" proof at this very proof's place."""
    place = (error.path or "$.proof").replace("$.proof", path, 1)
    detail = error.message if error.value is None else f"{error.message}: {shown(error.value)}"
    return PROOF.failed(error.code, detail, place)
