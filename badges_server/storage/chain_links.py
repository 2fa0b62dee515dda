"""What a link of a hash chain is: the row's canonical JSON, and its hash."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from badges_server.storage.tables import AuditRow, IssuanceRow

# The hash before the first row.
START = "0" * 64
AUDIT = "audit"
ISSUANCE = "issuance"
ChainRow = type[AuditRow] | type[IssuanceRow]
ROWS: dict[str, ChainRow] = {AUDIT: AuditRow, ISSUANCE: IssuanceRow}
# The hashed content of a row, besides its place, its moment and the hash before it.
CONTENT: dict[str, tuple[str, ...]] = {
    AUDIT: ("actor", "action", "subject", "detail_digest"),
    ISSUANCE: ("credential_digest", "document_digest"),
}


def row_hash(chain: str, sequence: int, at: datetime, content: Mapping[str, object], previous_hash: str) -> str:
    """SHA-256 (hex) over one row's canonical JSON, which holds the hash of the row before it."""
    row = {
        "chain": chain,
        "sequence": sequence,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "content": {name: content[name] for name in CONTENT[chain]},
        "previous": previous_hash,
    }
    return hashlib.sha256(canonical(row).encode()).hexdigest()


def detail_digest(salt: str, detail: str) -> str:
    """SHA-256 (hex) of an audit detail's exact text, salted: once both are erased, nobody can guess it back."""
    return hashlib.sha256(f"{salt}\n{detail}".encode()).hexdigest()


def canonical(value: Mapping[str, object]) -> str:
    """One text for one content: sorted keys, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
