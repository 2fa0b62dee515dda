"""Nothing is signed that a verifier would refuse or that tells too much: bad drafts never reach a signer (P3)."""

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from badges_server.credentials.json_text import JsonObject, parse_json_object, write_json
from badges_server.services.awarding import sign_pending
from badges_server.services.awarding.signing.finishing import SelfCheckError, finish
from badges_server.services.server import Server
from badges_server.storage.tables import AwardRow, CredentialRow, IntentRow
from tests.services.awarding.breaking import Fuse, PowerCutError, with_signer
from tests.services.awarding.files import assert_legal, award, counted, csv_of, outcomes, people

FORBIDDEN = ("insertion", "ACI", "GEIQ", "COORACE", "chômeuse", "Les Mains vertes du Perche", "unemployed", "RSA")


def planned(server: Server) -> tuple[str, JsonObject]:
    with server.database.reading() as session:
        row = session.scalars(select(IntentRow)).one()
    return row.credential_id, parse_json_object(row.planned_document)


def plan(server: Server, credential_id: str, document: JsonObject) -> None:
    with server.database.transaction() as session:
        session.get_one(IntentRow, credential_id).planned_document = write_json(document)


def leaves(value: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every member and item of a document, the inner ones too."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*place, key)
        yield from leaves(inner, (*place, key))


def changed(document: JsonObject, place: tuple[str | int, ...], value: object) -> JsonObject:
    result = copy.deepcopy(document)
    *way, last = place
    holder: object = result
    for step in way:
        holder = holder[step]  # type: ignore[index]
    holder[last] = value  # type: ignore[index]
    return result


def added(document: JsonObject, place: tuple[str | int, ...], name: str, value: object) -> JsonObject:
    result = copy.deepcopy(document)
    holder: object = result
    for step in place:
        holder = holder[step]  # type: ignore[index]
    holder[name] = value  # type: ignore[index]
    return result


def objects(document: JsonObject) -> Iterator[tuple[str | int, ...]]:
    yield ()
    for place in leaves(document):
        holder: object = document
        for step in place:
            holder = holder[step]  # type: ignore[index]
        if isinstance(holder, dict):
            yield place


def bad_drafts(document: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    for place in leaves(document):
        for value in (17.5, {"undefined": "x"}, True, None, [[17.5]]):
            yield f"{place} = {value}", changed(document, place, value)
    for place in objects(document):
        yield f"{place}.undefinedTerm", added(document, place, "undefinedTerm", "x")
        yield f"{place}.@context", added(document, place, "@context", {"x": "https://evil.example/"})
    for word in FORBIDDEN:
        yield word, changed(document, ("description",), f"Un mot : {word}.")
    other = "https://badges.example/credentials/7a0e9bb4-57d4-4f2c-8f4c-000000000000"
    yield "other id", changed(document, ("id",), other)
    yield "other issuer", changed(document, ("issuer", "id"), "did:web:evil.example")
    yield "other index", changed(document, ("credentialStatus", "statusListIndex"), "1")
    yield (
        "other list",
        changed(document, ("credentialStatus", "statusListCredential"), "https://badges.example/status/1"),
    )
    yield "a proof already", changed(document, ("proof",), [])
    yield "no status", {name: value for name, value in document.items() if name != "credentialStatus"}
    yield "ends first", changed(document, ("validUntil",), "2001-01-01T00:00:00Z")


def test_bad_drafts_never_reach_a_signer(sqlite_ready: Server, tmp_path: Path) -> None:
    with pytest.raises(PowerCutError):
        award(with_signer(sqlite_ready, tmp_path, Fuse(1)), csv_of({"achievement": "sec-01"}))
    credential_id, good = planned(sqlite_ready)
    counter = Fuse()
    watched = with_signer(sqlite_ready, tmp_path, counter)
    passed: list[str] = []
    drafts = list(bad_drafts(good))
    for name, draft in drafts:
        plan(sqlite_ready, credential_id, draft)
        if list(finish(watched, [credential_id]).held) != [credential_id]:
            passed.append(name)
            break

    assert (passed, counter.used) == ([], 0)
    assert len(drafts) >= 500
    plan(sqlite_ready, credential_id, good)
    assert sign_pending(sqlite_ready) == 1
    assert_legal(sqlite_ready)


def test_a_held_award_is_reported_and_tried_again(ready: Server, tmp_path: Path) -> None:
    with pytest.raises(PowerCutError):
        award(with_signer(ready, tmp_path, Fuse(1)), csv_of({}))
    credential_id, good = planned(ready)
    plan(ready, credential_id, changed(good, ("name",), "Badge de chantier d’insertion"))

    assert sign_pending(ready) == 0
    assert counted(ready)["accepted"] == 1
    plan(ready, credential_id, good)
    assert sign_pending(ready) == 1
    assert_legal(ready)


def test_a_neutral_award_is_signed_by_the_recognition_profile_and_names_nobody(ready: Server) -> None:
    award(ready, csv_of({}, {"recipient_ref": "B", "presentation": "named"}))

    with ready.database.reading() as session:
        rows = session.execute(select(AwardRow.presentation, CredentialRow.issuer_slug, CredentialRow.document).join(
            CredentialRow, CredentialRow.id == AwardRow.credential_id))  # fmt: skip
        found = {presentation: (issuer, document or "") for presentation, issuer, document in rows}
    assert found["named"][0] == "les-mains-vertes-du-perche"
    assert found["neutral"][0] != "les-mains-vertes-du-perche"
    assert "Perche" in found["named"][1]
    assert "Perche" not in found["neutral"][1]


def test_a_broken_signer_stores_nothing(ready: Server, tmp_path: Path) -> None:
    with pytest.raises(SelfCheckError, match="does not verify"):
        award(with_signer(ready, tmp_path, Fuse(), spoiled=True), csv_of(*people(3)))
    assert (counted(ready)["credentials"], counted(ready)["accepted"]) == (0, 3)

    assert outcomes(award(ready, csv_of(*people(3)))) == ["unchanged"] * 3
    assert counted(ready)["signed"] == 3
    assert_legal(ready)
