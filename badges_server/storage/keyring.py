"""The private keys: one encrypted file each, `keys/<issuer>/<key id>.pem`, opened when first needed."""

import re
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import ClassVar, Literal

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from badges_server.credentials.errors import BadgeError
from badges_server.storage.key_files import (
    KeyFileError,
    KeyFileModeError,
    read_private,
    remove_private,
    wide_modes,
    write_private,
)
from badges_server.storage.pkcs8 import SALT_BYTES, PrivateKey, encrypted_pem

__all__ = [
    "Ed25519Signer",
    "KeyFileError",
    "KeyFileModeError",
    "KeyPassphraseError",
    "Keyring",
    "RsaSigner",
]

Algorithm = Literal["EdDSA", "RS256"]
_RSA_BITS = 2048
# Names become folders and files: nothing else than these letters may.
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class KeyPassphraseError(BadgeError):
    """The passphrase does not open a key file, or the file is no key of ours."""

    code: ClassVar[str] = "KEY_PASSPHRASE_ERROR"


@dataclass(frozen=True)
class Ed25519Signer:
    """Signs with Ed25519 (RFC 8032); a `verification_method.Signer`.

    Attributes:
        verification_method: the DID URL under which the public key is published.
    """

    verification_method: str
    private_key: Ed25519PrivateKey
    algorithm: Literal["EdDSA"] = "EdDSA"

    def sign(self, data: bytes) -> bytes:
        """Give the 64 bytes of the signature."""
        return self.private_key.sign(data)


@dataclass(frozen=True)
class RsaSigner:
    """Signs with RSASSA-PKCS1-v1_5 and SHA-256 (RFC 7518, section 3.3); a `verification_method.Signer`.

    Attributes:
        verification_method: the DID URL under which the public key is published.
    """

    verification_method: str
    private_key: rsa.RSAPrivateKey
    algorithm: Literal["RS256"] = "RS256"

    def sign(self, data: bytes) -> bytes:
        """Give the 256 bytes of the signature (2048-bit key)."""
        return self.private_key.sign(data, PKCS1v15(), SHA256())


class Keyring:
    """All private keys of this deployment.

    Keys, salts and nonces come from the cryptographic library's own generator: a key that a caller could choose
    would be no secret.

    Args:
        folder: where the keys are; made when the first key is.
        passphrase: opens every one of them.
    """

    def __init__(self, folder: Path, passphrase: bytes) -> None:
        self._folder = folder
        self._passphrase = passphrase
        self._opened: dict[Path, PrivateKey] = {}
        self._lock = Lock()

    def check(self) -> list[KeyFileModeError]:
        """List every key file or folder that others than its owner can reach; each says the remedy."""
        return list(wide_modes(self._folder))

    def refuse_wide_modes(self) -> None:
        """Stop a program from starting while others can reach a key.

        Raises:
            KeyFileModeError: the first of `check`.
        """
        for problem in self.check():
            raise problem

    def create(self, issuer_slug: str, key_id: str, algorithm: Algorithm) -> Ed25519PublicKey | rsa.RSAPublicKey:
        """Make a new key pair, write its private half, give its public half.

        Raises:
            KeyFileError: there is a key of that name, or it cannot be written.
        """
        path = self._path(issuer_slug, key_id)
        key = _new_key(algorithm)
        salt, vector = AESGCM.generate_key(SALT_BYTES * 8), AESGCM.generate_key(SALT_BYTES * 8)
        write_private(path, encrypted_pem(key, self._passphrase, salt=salt, initialization_vector=vector))
        with self._lock:
            self._opened[path] = key
        return key.public_key()

    def signer(self, issuer_slug: str, key_id: str, verification_method: str) -> Ed25519Signer | RsaSigner:
        """Open a key, at its first use only, and give what signs with it under `verification_method`.

        Raises:
            KeyFileModeError: others can reach the file.
            KeyFileError: the file is missing or cannot be read.
            KeyPassphraseError: the passphrase does not open it.
        """
        key = self._open(self._path(issuer_slug, key_id))
        if isinstance(key, Ed25519PrivateKey):
            return Ed25519Signer(verification_method, key)
        return RsaSigner(verification_method, key)

    def destroy(self, issuer_slug: str, key_id: str) -> None:
        """Remove a private key for ever; one that is gone already is fine.

        Raises:
            KeyFileError: the file cannot be removed.
        """
        path = self._path(issuer_slug, key_id)
        with self._lock:
            self._opened.pop(path, None)
        remove_private(path)

    def _open(self, path: Path) -> PrivateKey:
        with self._lock:
            if path not in self._opened:
                self._opened[path] = _decrypt(path, read_private(path), self._passphrase)
            return self._opened[path]

    def _path(self, issuer_slug: str, key_id: str) -> Path:
        for name in (issuer_slug, key_id):
            if not _NAME.fullmatch(name):
                raise KeyFileError("not a name for a key: lower-case letters, digits and single hyphens", value=name)
        return self._folder / issuer_slug / f"{key_id}.pem"


def _new_key(algorithm: Algorithm) -> PrivateKey:
    if algorithm == "EdDSA":
        return Ed25519PrivateKey.generate()
    return rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)


def _decrypt(path: Path, pem: bytes, passphrase: bytes) -> PrivateKey:
    try:
        key = load_pem_private_key(pem, passphrase)
    except (ValueError, TypeError) as error:
        raise KeyPassphraseError(
            "the passphrase does not open this key: check BADGES_KEY_PASSPHRASE_FILE", path=str(path)
        ) from error
    if not isinstance(key, Ed25519PrivateKey | rsa.RSAPrivateKey):
        raise KeyPassphraseError("neither an Ed25519 nor an RSA key", value=type(key).__name__, path=str(path))
    return key
