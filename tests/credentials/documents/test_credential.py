from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges_server.credentials.canonical import canonicalize
from badges_server.credentials.date_time import months_later, write_date_time
from badges_server.credentials.document import (
    CredentialPlan,
    expiry_of,
    plan_credential,
    plan_endorsement,
    plan_status_list,
    resigned,
    subject_urn,
)
from badges_server.credentials.errors import MalformedValueError
from badges_server.credentials.forbidden_words import find_forbidden
from badges_server.credentials.json_text import JsonObject, parse_json_object, walk, write_json
from badges_server.credentials.status_list import encode, is_status_set, read_status_entry, read_status_list
from tests.credentials.documents.examples import ADDRESSES, ENDORSEMENT, MEMBER, MILESTONE, PLAN, RECOGNITION, ROOM
from tests.credentials.documents.model_tables import faults

PLANS = [
    PLAN,
    replace(PLAN, issuer=MEMBER),
    replace(PLAN, valid_until=None, level=1),
    replace(PLAN, achievement=replace(ROOM, alignments=(), tags=(), caution=None)),
    replace(PLAN, achievement=MILESTONE, level=None, observation_count=7, observer_count=0, components=(ROOM,)),
]


def quads(document: JsonObject) -> str:
    return canonicalize(document).decode()


@pytest.mark.parametrize("plan", PLANS)
def test_a_credential_follows_the_model_tables(plan: CredentialPlan) -> None:
    assert list(faults(plan_credential(plan, ADDRESSES), "OpenBadgeCredential")) == []


@pytest.mark.parametrize("plan", PLANS)
def test_a_credential_is_signed_whole(plan: CredentialPlan) -> None:
    """Safe mode refuses undefined terms; here every text of the document must also be among what is signed."""
    document = plan_credential(plan, ADDRESSES)
    signed = quads(document)
    for steps, value in walk({name: value for name, value in document.items() if name != "@context"}):
        if isinstance(value, str) and "type" not in steps:
            assert value.split("\n")[0] in signed, steps


def test_the_members_come_in_the_order_of_the_standard_examples() -> None:
    assert list(plan_credential(PLAN, ADDRESSES)) == [
        "@context",
        "id",
        "type",
        "name",
        "description",
        "issuer",
        "validFrom",
        "validUntil",
        "awardedDate",
        "credentialSubject",
        "evidence",
        "credentialStatus",
    ]


def test_contexts_identifiers_and_dates() -> None:
    document = plan_credential(PLAN, ADDRESSES)
    assert document["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert document["id"] == "https://badges.example/credentials/6a1f0c2e-8f5b-4a55-9d0e-0c5b7b1d2e3f"
    assert document["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert document["issuer"]["id"] == "did:web:badges.example:issuers:reconnaissance"
    assert document["issuer"]["url"] == "https://badges.example/issuers/reconnaissance"
    assert document["validFrom"] == "2026-03-05T09:30:01Z"
    assert document["awardedDate"] == "2026-03-04T00:00:00Z"
    assert document["validUntil"] == "2028-03-04T23:59:59Z"
    assert document["credentialSubject"]["id"] == "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e"


def test_a_named_credential_shows_its_issuer_and_keeps_the_creator() -> None:
    document = plan_credential(replace(PLAN, issuer=MEMBER), ADDRESSES)
    assert document["issuer"]["id"] == "did:web:reseau.example:issuers:ressourcerie-du-pont"
    assert document["issuer"]["url"] == "https://pont.example/"
    creator = document["credentialSubject"]["achievement"]["creator"]
    assert creator["id"] == "did:web:badges.example:issuers:reconnaissance"


def test_the_achieved_level_is_one_of_the_achievements() -> None:
    subject = plan_credential(PLAN, ADDRESSES)["credentialSubject"]
    [description] = subject["achievement"]["resultDescription"]
    assert [level["name"] for level in description["rubricCriterionLevel"]] == ["avec aide", "en autonomie"]
    assert subject["result"] == [
        {
            "type": ["Result"],
            "resultDescription": description["id"],
            "achievedLevel": description["rubricCriterionLevel"][1]["id"],
            "value": "Niveau 2 : en autonomie",
        }
    ]


def test_a_milestone_has_components_and_no_level() -> None:
    plan = PLANS[4]
    subject = plan_credential(plan, ADDRESSES)["credentialSubject"]
    assert "result" not in subject
    assert "resultDescription" not in subject["achievement"]
    [alignment] = subject["achievement"]["alignment"]
    assert alignment["targetUrl"] == "https://badges.example/achievements/ms-01/1"
    assert alignment["targetType"] == "ext:Achievement"


@pytest.mark.parametrize(
    ("plan", "narrative"),
    [
        (PLAN, "Deux observations datées en situation de travail, par un observateur habilité."),
        (
            replace(PLAN, observation_count=1),
            "Une observation datée en situation de travail, par un observateur habilité.",
        ),
        (
            replace(PLAN, observation_count=12, observer_count=3),
            "12 observations datées en situation de travail, par trois observateurs habilités.",
        ),
        (PLANS[4], "Sept badges valables ce jour-là."),
        (replace(PLANS[4], observation_count=1), "Un badge valable ce jour-là."),
    ],
)
def test_evidence_is_counts_and_kinds(plan: CredentialPlan, narrative: str) -> None:
    [evidence] = plan_credential(plan, ADDRESSES)["evidence"]
    assert evidence["narrative"] == narrative


def test_the_status_entry_points_into_the_list() -> None:
    status = plan_credential(PLAN, ADDRESSES)["credentialStatus"]
    assert status["id"] == "https://badges.example/status/liste-1#4711"
    assert status["statusListIndex"] == "4711"
    listed = plan_status_list("liste-1", RECOGNITION, encode([4711]), PLAN.valid_from, ADDRESSES)
    assert listed["id"] == status["statusListCredential"]
    assert is_status_set(read_status_entry(status), read_status_list(listed["credentialSubject"]))


def test_a_status_list_is_a_credential_of_the_same_issuer() -> None:
    listed = plan_status_list("liste-1", RECOGNITION, encode([]), PLAN.valid_from, ADDRESSES)
    assert listed["issuer"] == plan_credential(PLAN, ADDRESSES)["issuer"]["id"]
    assert listed["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert listed["credentialSubject"]["id"] == "https://badges.example/status/liste-1#list"
    signed = quads(listed)
    assert '"60000"^^<http://www.w3.org/2001/XMLSchema#integer>' in signed
    assert listed["credentialSubject"]["encodedList"] in signed


def test_neutral_documents_hold_no_forbidden_word() -> None:
    documents = [*[plan_credential(plan, ADDRESSES) for plan in PLANS if not plan.issuer.named]]
    documents += [plan_endorsement(ENDORSEMENT, ADDRESSES)]
    for document in documents:
        assert find_forbidden(write_json(document), [MEMBER.name]) == []


@pytest.mark.parametrize(
    ("plan", "path", "value"),
    [
        (replace(PLAN, level=3), "level", 3),
        (replace(PLAN, level=None), "level", None),
        (replace(PLANS[4], level=1), "level", 1),
        (replace(PLAN, achievement=replace(ROOM, levels=(9,)), level=9), "level", 9),
        (replace(PLAN, observation_count=0), None, 0),
        (replace(PLAN, observer_count=0), None, 0),
        (replace(PLAN, observer_count=3), None, 3),
        (replace(PLAN, valid_until=datetime(2026, 3, 5, tzinfo=UTC)), "validUntil", "2026-03-05T00:00:00+00:00"),
    ],
)
def test_a_plan_that_does_not_hold_together_is_refused(plan: CredentialPlan, path: str | None, value: object) -> None:
    with pytest.raises(MalformedValueError) as caught:
        plan_credential(plan, ADDRESSES)
    assert (caught.value.path, caught.value.value) == (path, value)


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(MalformedValueError, match="time zone"):
        write_date_time(datetime(2026, 3, 5))  # noqa: DTZ001


def test_moments_are_written_in_utc() -> None:
    moment = datetime(2026, 3, 5, 1, 0, tzinfo=timezone(timedelta(hours=2)))
    assert write_date_time(moment) == "2026-03-04T23:00:00Z"


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 3, 4), 24, date(2028, 3, 4)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 30), 1, date(2027, 1, 30)),
    ],
)
def test_months_later_stays_in_the_month(day: date, months: int, expected: date) -> None:
    assert months_later(day, months) == expected


def test_validity_counts_from_the_last_observation() -> None:
    assert expiry_of(date(2026, 3, 4), ROOM) == datetime(2028, 3, 4, 23, 59, 59, tzinfo=UTC)
    assert expiry_of(date(2026, 3, 4), MILESTONE) is None


def test_a_resigned_document_differs_only_in_its_beginning() -> None:
    document = {**plan_credential(PLAN, ADDRESSES), "x": [1], "proof": [{"type": "DataIntegrityProof"}]}
    before = write_json(document)
    again = resigned(document, PLAN.valid_from + timedelta(seconds=1))
    assert again["validFrom"] == "2026-03-05T09:30:02Z"
    assert "proof" not in again
    assert again == {**{name: document[name] for name in document if name != "proof"}, "validFrom": again["validFrom"]}
    assert list(again) == [name for name in document if name != "proof"]
    assert write_json(document) == before


@pytest.mark.parametrize("seconds", [0, -1, 0.5])
def test_a_resigned_document_must_begin_later(seconds: float) -> None:
    with pytest.raises(MalformedValueError, match="begin later"):
        resigned(plan_credential(PLAN, ADDRESSES), PLAN.valid_from + timedelta(seconds=seconds))


def test_the_subject_is_a_urn_once() -> None:
    urn = subject_urn("0f8fad5b-d9cb-469f-a165-70867728950e")
    assert urn == "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e"
    assert subject_urn(urn) == urn


def test_an_endorsement_follows_the_model_tables_and_is_signed_whole() -> None:
    document = plan_endorsement(ENDORSEMENT, ADDRESSES)
    assert list(faults(document, "EndorsementCredential")) == []
    assert document["credentialSubject"] == {
        "id": "https://badges.example/achievements/ms-01/1",
        "type": ["EndorsementSubject"],
        "endorsementComment": "Nous reconnaissons ce badge.",
    }
    assert document["validUntil"] == "2026-12-31T23:59:59Z"
    assert '#endorsementComment> "Nous reconnaissons ce badge."' in quads(document)


def test_an_endorsement_without_end_has_none() -> None:
    assert "validUntil" not in plan_endorsement(replace(ENDORSEMENT, valid_until=None), ADDRESSES)


def test_an_endorsement_ends_after_it_begins() -> None:
    with pytest.raises(MalformedValueError, match="ends before it begins"):
        plan_endorsement(replace(ENDORSEMENT, valid_until=datetime(2025, 1, 1, tzinfo=UTC)), ADDRESSES)


@given(
    name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40),
    observations=st.integers(1, 30),
    index=st.integers(0, 131_071),
)
def test_any_text_is_written_read_and_signed_unchanged(name: str, observations: int, index: int) -> None:
    plan = replace(
        PLAN,
        achievement=replace(ROOM, name=name, criteria=(name,), tags=(name,)),
        observation_count=observations,
        status=replace(PLAN.status, index=index),
    )
    document = plan_credential(plan, ADDRESSES)
    assert parse_json_object(write_json(document)) == document
    assert canonicalize(document) == canonicalize(parse_json_object(write_json(document)))
    assert document["name"] == name
    assert list(faults(document, "OpenBadgeCredential")) == []
