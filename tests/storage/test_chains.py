"""The hash chains."""

from badges_server.credentials.entropy import Entropy
from badges_server.storage.chains import AuditEntry, append_audit, append_issuances, check_chains, last_audit_at
from badges_server.storage.database import Database
from tests.clock import Clock


def test_appended_rows_make_a_whole_chain(
    database: Database, entropy: Entropy, clock: Clock, secret_key: bytes
) -> None:
    with database.transaction() as session:
        assert last_audit_at(session) is None
        for batch in range(3):
            entries = [AuditEntry("system", "award.sign", f"award-{batch}-{n}", {"n": n}) for n in range(1500)]
            append_audit(session, entries, now=clock.advance(seconds=1), entropy=entropy)
        append_issuances(session, [("id-1", "{}"), ("id-2", "{}")], now=clock(), secret_key=secret_key)
    with database.reading() as session:
        assert check_chains(session) == []
        assert last_audit_at(session) == clock()
