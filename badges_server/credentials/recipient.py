"""Hashed recipient identifiers (OB 3.0, section B.1.9 IdentityHash; OB 2.0, IdentityObject).

A salted hash of an e-mail address is still personal data: we never issue one, we only compare.
"""

import hashlib
import re
from dataclasses import dataclass
from types import MappingProxyType

from badges_server.credentials.errors import MalformedValueError
from badges_server.credentials.json_text import JsonObject, JsonValue

MD5_IDENTITY_HASH = "MD5_IDENTITY_HASH"
LOWER_CASE_IDENTITY = "LOWER_CASE_IDENTITY"

_DIGEST_LENGTHS = MappingProxyType({"sha256": 64, "md5": 32})
_HASH = re.compile(r"(sha256|md5)\$([0-9A-Fa-f]+)")
# What Open Badges 2.0 calls a property is a kind in 3.0, under another name where they say the same.
_TYPES = MappingProxyType({"email": "emailAddress"})


@dataclass(frozen=True)
class Match:
    """Whether a known value is the recipient's.

    Attributes:
        warnings: `MD5_IDENTITY_HASH` (broken hash), `LOWER_CASE_IDENTITY` (only equal without regard to case).
    """

    matched: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Identity:
    """An IdentityObject, read. `algorithm` is None when it holds the plain value."""

    kind: str
    algorithm: str | None
    value: str
    salt: str


def identity_hash(identity: str, salt: str | None = None) -> str:
    """Hash `identity` exactly as it was entered: the standard folds no case and trims nothing."""
    return f"sha256${_digest('sha256', identity, salt or '')}"


def matches(identity_object: JsonObject, identity_type: str, value: str) -> Match:
    """Tell whether `identity_object` (OB 3.0 or OB 2.0) stands for `value`, an identifier of kind `identity_type`.

    Exact first; then, as our own leniency, the lower-cased value, because people type addresses as they like.

    Raises:
        MalformedValueError: the object is not a whole IdentityObject.
    """
    identity = _read(identity_object)
    if identity.kind != _TYPES.get(identity_type, identity_type):
        return Match(matched=False)
    weak = (MD5_IDENTITY_HASH,) if identity.algorithm == "md5" else ()
    if _is(identity, value):
        return Match(matched=True, warnings=weak)
    if _is(identity, value.lower()):
        return Match(matched=True, warnings=(*weak, LOWER_CASE_IDENTITY))
    return Match(matched=False, warnings=weak)


def _is(identity: _Identity, value: str) -> bool:
    if identity.algorithm is None:
        return identity.value == value
    return identity.value == _digest(identity.algorithm, value, identity.salt)


def _read(content: JsonObject) -> _Identity:
    is_version_3 = "identityHash" in content
    value = _text(content, "identityHash" if is_version_3 else "identity")
    kind = _text(content, "identityType" if is_version_3 else "type")
    hashed = content.get("hashed")
    if not isinstance(hashed, bool):
        raise MalformedValueError("true or false is expected", value=hashed, path="hashed")
    salt = _text(content, "salt") if content.get("salt") is not None else ""
    algorithm, value = _split(value) if hashed else (None, value)
    if not hashed and not is_version_3 and _HASH.fullmatch(value):
        # OB 2.0 forbids it; in OB 3.0 a plain value may look like anything.
        raise MalformedValueError("a hash where `hashed` is false", value=value, path="identity")
    return _Identity(kind=_TYPES.get(kind, kind), algorithm=algorithm, value=value, salt=salt)


def _split(value: str) -> tuple[str, str]:
    """Read `sha256$<hex>`; the hex may be upper case."""
    match = _HASH.fullmatch(value)
    if match is None or len(match[2]) != _DIGEST_LENGTHS[match[1]]:
        raise MalformedValueError("neither sha256$ nor md5$ and its digest in hex", value=value, path="identityHash")
    return match[1], match[2].lower()


def _digest(algorithm: str, identity: str, salt: str) -> str:
    content = (identity + salt).encode(errors="surrogatepass")  # what no text can be equals nothing, and is no crash
    return hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()


def _text(content: JsonObject, name: str) -> str:
    value: JsonValue = content.get(name)
    if not isinstance(value, str):
        raise MalformedValueError("a text is expected", value=value, path=name)
    return value
