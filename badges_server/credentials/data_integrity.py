"""Embedded proofs: W3C Data Integrity 1.0 with the EdDSA suites (vc-di-eddsa 1.0).

We sign with ``eddsa-rdfc-2022``; ``eddsa-2022`` (its older name) and ``Ed25519Signature2020`` are only verified. All
hash alike: SHA-256 of the canonical proof options, then SHA-256 of the canonical document without any proof.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from badges_server.credentials import base58, canonical
from badges_server.credentials.date_time import write_date_time
from badges_server.credentials.date_time_stamp import read_date_time_stamp
from badges_server.credentials.errors import (
    CryptographicSecurityError,
    MalformedValueError,
    ProofVerificationError,
)
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.verification_method import PublicKey, Signer

Canonicalize: TypeAlias = Callable[[JsonObject], bytes]

MAXIMUM_PROOFS: Final = 16
_SIGNATURE_BYTES: Final = 64


@dataclass(frozen=True)
class Suite:
    """A cryptographic suite that proofs are verified with; a deprecated one is never signed with."""

    name: str
    is_deprecated: bool


EDDSA_RDFC_2022: Final = Suite("eddsa-rdfc-2022", is_deprecated=False)

# By the proof's type and cryptosuite.
SUITES: Final[Mapping[tuple[object, object], Suite]] = MappingProxyType(
    {
        ("DataIntegrityProof", "eddsa-rdfc-2022"): EDDSA_RDFC_2022,
        ("DataIntegrityProof", "eddsa-2022"): Suite("eddsa-2022", is_deprecated=True),
        ("Ed25519Signature2020", None): Suite("Ed25519Signature2020", is_deprecated=True),
    }
)


def secure(
    document: JsonObject, signer: Signer, created: datetime, *, canonicalize: Canonicalize = canonical.canonicalize
) -> JsonObject:
    """Give `document` with a ``proof`` list of one eddsa-rdfc-2022 proof (vc-di-eddsa, section 3.2.1).

    Raises:
        MalformedValueError: it has a proof already, or `created` has no time zone.
        CryptographicSecurityError: the signer holds no Ed25519 key.
        BadgeError: it cannot be canonicalized, see `canonical.canonicalize`.
    """
    if "proof" in document:
        raise MalformedValueError("the document has a proof already", path="$.proof")
    if signer.algorithm != "EdDSA":
        raise CryptographicSecurityError("eddsa-rdfc-2022 needs an Ed25519 key", value=signer.algorithm)
    proof: JsonObject = {
        "type": "DataIntegrityProof",
        "cryptosuite": EDDSA_RDFC_2022.name,
        "created": write_date_time(created),
        "verificationMethod": signer.verification_method,
        "proofPurpose": "assertionMethod",
    }
    signature = signer.sign(hash_data(document, proof, canonicalize=canonicalize))
    return {**document, "proof": [{**proof, "proofValue": "z" + base58.encode(signature)}]}


def hash_data(
    document: JsonObject, proof_options: JsonObject, *, canonicalize: Canonicalize = canonical.canonicalize
) -> bytes:
    """Give the 64 bytes that are signed: the hash of the proof options first, then the document's.

    Both exclude proofs: ``document["proof"]`` and ``proof_options["proofValue"]`` are left out. The options are read
    under the document's ``@context`` (vc-di-eddsa, sections 3.2.3 to 3.2.5).

    Raises:
        BadgeError: one of them cannot be canonicalized, see `canonical.canonicalize`.
    """
    options = {key: value for key, value in proof_options.items() if key not in ("proofValue", "@context")}
    context = {"@context": document["@context"]} if "@context" in document else {}
    parts = ({**context, **options}, without_proof(document))
    return b"".join(hashlib.sha256(canonicalize(part)).digest() for part in parts)


def without_proof(document: JsonObject) -> JsonObject:
    """Give what every proof of `document` is about: all of it but its proofs."""
    return {key: value for key, value in document.items() if key != "proof"}


def proofs_of(document: JsonObject) -> list[JsonObject]:
    """List the embedded proofs of `document` (a proof set: each stands for itself); empty when it has none.

    Raises:
        MalformedValueError: ``proof`` is neither an object nor a list of objects, or holds more than anybody needs.
    """
    proofs = document.get("proof", [])
    proofs = proofs if isinstance(proofs, list) else [proofs]
    if len(proofs) > MAXIMUM_PROOFS:
        raise MalformedValueError(f"more than {MAXIMUM_PROOFS} proofs", value=len(proofs), path="$.proof")
    for index, proof in enumerate(proofs):
        if not isinstance(proof, dict):
            raise MalformedValueError("a proof is a JSON object", path=f"$.proof[{index}]")
    return proofs


def suite_of(proof: JsonObject) -> Suite:
    """Tell which suite `proof` uses.

    Raises:
        CryptographicSecurityError: one that is not verified here, misspelt names included.
    """
    kind = (proof.get("type"), proof.get("cryptosuite"))
    suite = SUITES.get(kind) if all(isinstance(part, str | None) for part in kind) else None
    if suite is None:
        raise CryptographicSecurityError("a cryptographic suite that is not known here", value=kind, path="$.proof")
    return suite


def verification_method_of(proof: JsonObject) -> str:
    """Tell where the key of `proof` is published; an inline key proves nothing and is refused.

    Raises:
        MalformedValueError: it is no URL in a string.
    """
    method = proof.get("verificationMethod")
    if not isinstance(method, str) or ":" not in method:
        raise MalformedValueError(
            "verificationMethod is the URL of a key", value=method, path="$.proof.verificationMethod"
        )
    return method


def expiry_of(proof: JsonObject) -> datetime | None:
    """Tell when `proof` expires, if it says so; whether it has is the caller's clock's affair.

    Raises:
        MalformedValueError: ``expires`` is not a date-time with a time zone.
    """
    return read_date_time_stamp(proof["expires"], "$.proof.expires") if "expires" in proof else None


def verify(
    document: JsonObject,
    proof: JsonObject,
    public_key: PublicKey,
    *,
    canonicalize: Canonicalize = canonical.canonicalize,
) -> None:
    """Verify one `proof` over `document` without any proof (vc-di-eddsa, section 3.2.2).

    Whose key it is, whether it may sign for the issuer, and whether ``expires`` has passed are not its business.

    Raises:
        ProofVerificationError: the signature does not hold, or it was made for another purpose.
        CryptographicSecurityError: an unknown suite, or a key that does not fit it.
        MalformedValueError: a member of the proof has the wrong form.
        BadgeError: document or proof cannot be canonicalized, see `canonical.canonicalize`.
    """
    suite = suite_of(proof)
    if not isinstance(public_key, Ed25519PublicKey):
        raise CryptographicSecurityError(f"{suite.name} needs an Ed25519 key", value=type(public_key).__name__)
    _check_options(document, proof)
    signature = _signature(proof)
    data = hash_data(document, proof, canonicalize=canonicalize)
    try:
        public_key.verify(signature, data)
    except InvalidSignature as error:
        raise ProofVerificationError("the signature does not hold", path="$.proof.proofValue") from error


def _check_options(document: JsonObject, proof: JsonObject) -> None:
    if proof.get("proofPurpose") != "assertionMethod":
        raise ProofVerificationError(
            "a proof made for another purpose", value=proof.get("proofPurpose"), path="$.proof.proofPurpose"
        )
    if "@context" in proof and proof["@context"] != document.get("@context"):
        raise MalformedValueError("a proof with a context of its own", path='$.proof["@context"]')
    verification_method_of(proof)
    for member in ("created", "expires"):
        if member in proof:
            read_date_time_stamp(proof[member], f"$.proof.{member}")


def _signature(proof: JsonObject) -> bytes:
    text = proof.get("proofValue")
    if not isinstance(text, str) or not text.startswith("z"):
        raise MalformedValueError("proofValue is base58btc multibase", path="$.proof.proofValue")
    try:
        signature = base58.decode(text[1:])
    except MalformedValueError as error:
        raise MalformedValueError(error.message, value=error.value, path="$.proof.proofValue") from error
    if len(signature) != _SIGNATURE_BYTES:
        raise MalformedValueError(
            f"an Ed25519 signature has {_SIGNATURE_BYTES} bytes", value=len(signature), path="$.proof.proofValue"
        )
    return signature
