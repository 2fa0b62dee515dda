"""Award files for tests, and what may be asked of a server after any run, whole or broken."""

import csv
import io
from collections import Counter

from sqlalchemy import func, select

from badges_server.credentials import data_integrity
from badges_server.credentials.json_text import parse_json_object
from badges_server.services.awarding import award_file
from badges_server.services.awarding.report import AwardReport
from badges_server.services.keys import verification_methods
from badges_server.services.server import Server
from badges_server.storage.chain_checking import check_chains
from badges_server.storage.tables import AwardRow, CredentialRow, IntentRow, IssuanceRow, StatusEntryRow

ORGANISATION = "les-mains-vertes-du-perche"
COLUMNS = (
    "organisation", "recipient_ref", "first_name", "last_name", "email", "phone", "achievement", "level",
    "observed_on", "observer", "evidence", "observed_on_2", "observer_2", "evidence_2", "presentation", "accepted_on",
)  # fmt: skip
GOOD = {
    "organisation": ORGANISATION,
    "recipient_ref": "REF-1",
    "first_name": "Alix",
    "last_name": "Martel",
    "achievement": "ev-02",
    "level": "2",
    "observed_on": "2026-05-04",
    "observer": "mvp-01",
    "evidence": "Haie taillée droit",
    "observed_on_2": "2026-05-12",
    "observer_2": "mvp-02",
    "evidence_2": "Déchets verts triés",
    "accepted_on": "2026-05-20",
}


def csv_of(*lines: dict[str, str], delimiter: str = ",") -> bytes:
    """A file of good lines, each changed as told."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, delimiter=delimiter, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(GOOD | line for line in lines)
    return text.getvalue().encode()


def people(count: int, **changes: str) -> list[dict[str, str]]:
    return [changes | {"recipient_ref": f"REF-{number}"} for number in range(1, count + 1)]


def award(server: Server, data: bytes, *, dry_run: bool = False, partial: bool = False) -> AwardReport:
    return award_file(server, io.BytesIO(data), dry_run=dry_run, partial=partial)


def reasons(report: AwardReport) -> dict[int, set[str]]:
    return {line.number: {refusal.code.value for refusal in line.refusals} for line in report.refused}


def outcomes(report: AwardReport) -> list[str]:
    return [line.outcome for line in report.lines]


def counted(server: Server) -> dict[str, int]:
    """How many rows of what is never to double."""
    with server.database.reading() as session:
        tables = {"awards": AwardRow, "credentials": CredentialRow, "intents": IntentRow, "indexes": StatusEntryRow}
        rows = {name: session.scalar(select(func.count()).select_from(table)) or 0 for name, table in tables.items()}
        states = Counter(session.scalars(select(AwardRow.state)))
    return rows | dict(states)


def assert_legal(server: Server) -> None:
    """Whatever happened: chains whole, one valid credential for each signed award, each verifies, none unlogged."""
    with server.database.reading() as session:
        assert check_chains(session) == []
        credentials = session.scalars(select(CredentialRow)).all()
        awards = {award.id: award for award in session.scalars(select(AwardRow))}
        intents = {intent.credential_id: intent for intent in session.scalars(select(IntentRow))}
        methods = {
            method.id: method.public_key
            for slug in {row.issuer_slug for row in credentials}
            for method in verification_methods(session, slug, server.addresses)
        }
        logged = session.scalar(select(func.count()).select_from(IssuanceRow)) or 0
        indexes = session.scalar(select(func.count()).select_from(StatusEntryRow)) or 0
    valid = Counter(row.award_id for row in credentials if row.state == "valid")
    assert set(valid.values()) <= {1}
    assert {award.id for award in awards.values() if award.state == "signed"} == set(valid)
    assert all(awards[row.award_id].credential_id == row.id for row in credentials if row.state == "valid")
    states = {i: awards[intent.award_id].state for i, intent in intents.items()}
    signed = {row.id for row in credentials}
    waiting = {i for i, intent in intents.items() if intent.completed_at is None}
    assert signed <= set(intents)
    assert {states[i] for i in waiting} <= {"accepted", "signed"}
    # A badge that was taken back while its replacement was being signed: the replacement never comes out.
    assert {states[i] for i in set(intents) - waiting - signed} <= {"revoked", "erased"}
    assert len({(row.status_list_id, row.status_index) for row in intents.values()}) == len(intents) <= indexes
    assert logged >= len(credentials)
    for row in credentials:
        document = parse_json_object(row.document or "")
        proof = data_integrity.proofs_of(document)[0]
        key = methods[data_integrity.verification_method_of(proof)]
        data_integrity.verify(data_integrity.without_proof(document), proof, key)
