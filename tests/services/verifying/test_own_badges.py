"""Every form of every badge of the sample, verified as a stranger would: through URLs, containers and key documents."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from badges_server.credentials.verification import Recipient, Report
from badges_server.fetching.folder import FolderFetcher
from badges_server.services.verifying import report_for_page, verify_bytes, verify_url
from badges_server.storage.tables import CredentialRow
from tests.services.verifying.conftest import Recorder, Refusing
from tests.web.sample import Sample

FORMS = ["", ".json", ".jwt", ".png", ".svg"]
FORMS_2 = ["", ".jws", ".png", ".svg"]


def credential_id(network: Sample, state: str, presentation: str = "neutral") -> str:
    code = network.code(state, presentation)
    with network.server.database.reading() as session:
        rows = session.scalars(select(CredentialRow)).all()
    award_ids = {award.award_id for award in network.awards(state, presentation) if award.code == code}
    return next(row.id for row in rows if row.award_id in award_ids and row.state in ("valid", "revoked"))


def urls(network: Sample, identifier: str) -> list[str]:
    addresses = network.server.addresses
    return [
        *[addresses.credential(identifier) + form for form in FORMS],
        *[addresses.ob2_assertion(identifier) + form for form in FORMS_2],
    ]


def stripped(report: Report) -> object:
    return report.to_json("x")


@pytest.mark.parametrize("presentation", ["neutral", "named"])
def test_a_signed_badge_verifies_in_all_its_forms(network: Sample, presentation: str) -> None:
    for url in urls(network, credential_id(network, "signed", presentation)):
        report = verify_url(network.server, url)

        assert report.verdict == "verified", (url, report.findings)
        assert report.flags.issuer_confirmed
        assert report.warnings == ()
        assert report.version == ("2.0" if "/ob2/" in url else "3.0")


def test_a_revoked_badge_is_revoked_in_all_its_forms(network: Sample) -> None:
    for url in urls(network, credential_id(network, "revoked")):
        report = verify_url(network.server, url)

        assert report.verdict == "not_verified", url
        assert report.flags.revoked, url
        assert report.outcome_of("status") == "failed"


def test_the_documents_around_a_badge_verify_too(network: Sample) -> None:
    server = network.server
    identifier = credential_id(network, "signed")
    recorder = Recorder(server.fetcher)
    verify_url(server, server.addresses.credential(identifier), fetcher=recorder)
    lists = [url for url in recorder.answers if "/status/" in url]

    assert [verify_url(server, url).kind for url in lists] == ["BitstringStatusListCredential"]
    assert [verify_url(server, url).verdict for url in lists] == ["verified"]


def test_the_page_checks_our_stored_bytes_now(network: Sample) -> None:
    with network.server.database.reading() as session:
        for state, verdict in (("signed", "verified"), ("revoked", "not_verified")):
            report = report_for_page(network.server, session, credential_id(network, state))
            assert report.verdict == verdict
        assert report_for_page(network.server, session, "no such id").verdict == "not_verified"


def test_the_page_sees_a_stored_document_that_was_touched(network: Sample) -> None:
    identifier = credential_id(network, "signed")
    with network.server.database.transaction() as session:
        row = session.get(CredentialRow, identifier)
        assert row is not None
        assert row.document is not None
        touched = row.document.replace('"name":"', '"name":"!', 1)
        session.execute(update(CredentialRow).where(CredentialRow.id == identifier).values(document=touched))
        report = report_for_page(network.server, session, identifier)
        session.rollback()

    assert [finding.check for finding in report.findings if finding.outcome == "failed"] == ["proof"]


def test_the_page_cannot_say_valid_when_keys_and_lists_cannot_be_had(network: Sample) -> None:
    server = replace(network.server, fetcher=Refusing())  # type: ignore[arg-type]  # a retriever that answers nothing
    with network.server.database.reading() as session:
        report = report_for_page(server, session, credential_id(network, "signed"))

    assert report.verdict == "incomplete"
    unknown = {finding.check for finding in report.findings if finding.outcome == "unknown"}
    assert unknown == {"issuer", "proof", "status"}


@pytest.mark.parametrize("form", [*FORMS, "2.0", "2.0.jws", "2.0.png"])
def test_offline_and_online_give_the_same_report(network: Sample, tmp_path: Path, form: str) -> None:
    server = network.server
    identifier = credential_id(network, "signed")
    base = (
        server.addresses.ob2_assertion(identifier)
        if form.startswith("2.0")
        else server.addresses.credential(identifier)
    )
    data = server.fetcher.fetch(base + form.removeprefix("2.0")).body
    recorder = Recorder(server.fetcher)
    online = verify_bytes(server, data, fetcher=recorder)
    folder = FolderFetcher(recorder.write(tmp_path))
    offline = verify_bytes(server, data, fetcher=folder)

    assert stripped(offline) == stripped(online)
    assert online.verdict == "verified"


def test_an_empty_folder_leaves_everything_open_and_asks_nobody(network: Sample, tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text("{}")
    server = network.server
    data = server.fetcher.fetch(server.addresses.credential(credential_id(network, "signed"))).body

    assert verify_bytes(server, data, fetcher=FolderFetcher(tmp_path)).verdict == "incomplete"


def test_the_moment_and_the_person_may_be_given(network: Sample) -> None:
    server = network.server
    url = server.addresses.credential(credential_id(network, "signed"))

    assert verify_url(server, url, at=datetime(2020, 1, 1, tzinfo=UTC)).flags.not_yet_valid
    late = verify_url(server, url, at=datetime(2099, 1, 1, tzinfo=UTC))
    assert late.flags.expired is (late.credential.valid_until is not None)
    assert verify_url(server, url, recipient=Recipient("id", "urn:uuid:other")).flags.recipient == "not_matched"


@pytest.mark.parametrize("path", ["/credentials/unknown", "/nothing", "/"])
def test_a_url_without_badge(network: Sample, path: str) -> None:
    report = verify_url(network.server, network.server.addresses.base_url + path)

    assert report.verdict in ("incomplete", "not_verified")
    assert report.outcome_of("parse") in ("unknown", "failed")


def test_a_url_that_cannot_be_fetched_is_open(network: Sample) -> None:
    report = verify_url(network.server, "https://badges.example/", fetcher=Refusing())

    assert (report.outcome_of("parse"), report.verdict) == ("unknown", "incomplete")
