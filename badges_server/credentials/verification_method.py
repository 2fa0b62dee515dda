"""Verification methods: published public keys with their URL; and what signing asks of who holds the private ones.

Controlled Identifiers 1.0, section 2.2. The text forms of keys are offered here too, so that users need one import.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from badges_server.credentials.jose.jwk import jwk_from_public_key, public_key_from_jwk
from badges_server.credentials.public_key import (
    PublicKey,
    ed25519_from_multikey,
    multikey_from_ed25519,
    multikey_from_public_key,
    pem_from_public_key,
    public_key_from_multikey,
    rsa_from_pem,
)

__all__ = [
    "PublicKey",
    "Signer",
    "SigningAlgorithm",
    "VerificationMethod",
    "ed25519_from_multikey",
    "jwk_from_public_key",
    "multikey_from_ed25519",
    "multikey_from_public_key",
    "pem_from_public_key",
    "public_key_from_jwk",
    "public_key_from_multikey",
    "rsa_from_pem",
]

SigningAlgorithm: TypeAlias = Literal["EdDSA", "RS256"]


class Signer(Protocol):
    """Signs with one private key, wherever it is kept: a file, a hardware module."""

    @property
    def algorithm(self) -> SigningAlgorithm:
        """EdDSA: Ed25519 (RFC 8032). RS256: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518)."""

    @property
    def verification_method(self) -> str:
        """The full DID URL under which the public key is published."""

    def sign(self, data: bytes) -> bytes:
        """Give the bare signature of `data`."""


@dataclass(frozen=True)
class VerificationMethod:
    """A published public key: its full URL, who controls it, until when it counts."""

    id: str
    controller: str
    public_key: PublicKey
    expires: datetime | None = None
    revoked: datetime | None = None

    def is_usable_at(self, moment: datetime) -> bool:
        """Tell whether a signature made at `moment` may rest on this key."""
        return all(end is None or moment < end for end in (self.expires, self.revoked))
