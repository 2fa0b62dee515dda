"""Signing keys: their life, their public side, the one that signs now."""

from badges_server.services.keys.life import (
    CACHE_TIME,
    activate,
    compromise,
    ensure_keys,
    export_public,
    new_key,
    publish,
    retire,
    rotate,
)
from badges_server.services.keys.records import (
    ALGORITHMS,
    Algorithm,
    KeyRecord,
    KeyStateError,
    State,
    UnknownKeyError,
    list_keys,
    public_key_of,
    verification_methods,
)
from badges_server.services.signers import NoActiveKeyError, active_signer

__all__ = [
    "ALGORITHMS",
    "CACHE_TIME",
    "Algorithm",
    "KeyRecord",
    "KeyStateError",
    "NoActiveKeyError",
    "State",
    "UnknownKeyError",
    "activate",
    "active_signer",
    "compromise",
    "ensure_keys",
    "export_public",
    "list_keys",
    "new_key",
    "public_key_of",
    "publish",
    "retire",
    "rotate",
    "verification_methods",
]
