"""What is not public answers as what never was: same status, same body, same headers."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from badges_server.services.reissuing import replace
from badges_server.storage.tables import CredentialRow
from tests.clock import Clock
from tests.web.conftest import make_settings
from tests.web.open_badges.badges import PERSONAL_FORMS, Badge, badge_of
from tests.web.open_badges.conftest import client_of
from tests.web.sample import Sample, build_sample

UNKNOWN = "00000000-0000-4000-8000-000000000000"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sample, dict[str, str]]]:
    """A server on which one badge was erased and one named badge replaced by a neutral one."""
    folder: Path = tmp_path_factory.mktemp("changed")
    sample = build_sample(
        make_settings(folder, "https://badges.example"), Clock(datetime(2026, 11, 22, 13, tzinfo=UTC))
    )
    erased, withdrawn = badge_of(sample, "signed"), badge_of(sample, "signed", "named")
    replace(sample.server, withdrawn.id, presentation="neutral", actor="operator")
    with sample.server.database.transaction() as session:
        row = session.get_one(CredentialRow, erased.id)
        row.state, row.document, row.jwt, row.ob2_jws = "erased", None, None, None
    yield sample, {"erased": erased.id, "withdrawn": withdrawn.id}
    sample.close()


@pytest.mark.parametrize("accept", [None, BROWSER, "application/json", "application/vc+jwt"])
@pytest.mark.parametrize("form", PERSONAL_FORMS)
def test_unknown_erased_and_withdrawn_answer_alike(
    changed: tuple[Sample, dict[str, str]], form: str, accept: str | None
) -> None:
    sample, hidden = changed
    client = client_of(sample)
    headers = {"Accept": accept} if accept else {}

    def ask(credential_id: str) -> tuple[int, bytes, list[tuple[str, str]]]:
        answer = client.get(form.format(id=credential_id), headers=headers)
        # The page names its own address in its language links; every id is as long as the others.
        return answer.status_code, answer.data.replace(credential_id.encode(), b"ID"), answer.headers.to_wsgi_list()

    expected = ask(UNKNOWN)
    assert expected[0] == 404
    assert ask(hidden["erased"]) == expected
    assert ask(hidden["withdrawn"]) == expected


@pytest.mark.parametrize(
    "path",
    [
        "/achievements/xx-99/1",
        "/achievements/ms-01/9",
        "/achievements/xx-99/1.png",
        "/achievements/xx-99/1.svg",
        "/issuers/nobody",
        "/issuers/nobody/did.json",
        f"/status/{UNKNOWN}",
        f"/endorsements/{UNKNOWN}",
        "/ob2/badges/nobody/ms-01/1",
        "/ob2/badges/reconnaissance-normandie/xx-99/1",
        "/ob2/issuers/nobody",
        "/ob2/keys/nobody-jwt-1",
        "/ob2/keys/reconnaissance-normandie-jwt-9",
        "/ob2/keys/reconnaissance-normandie-key-1",
        "/ob2/keys/nonsense",
        "/ob2/revocations/nobody",
        "/credentials/%00",
        "/credentials/x%0d%0aSet-Cookie:%20a=b",
        f"/credentials/{UNKNOWN}.pdf",
    ],
)
def test_what_is_not_there_is_one_answer(reader: FlaskClient, path: str) -> None:
    answer = reader.get(path)
    assert answer.status_code == 404
    assert answer.data == reader.get(f"/credentials/{UNKNOWN}").data
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_revoked_badge_stays_served_and_says_so(reader: FlaskClient, revoked: Badge) -> None:
    assert reader.get(f"/credentials/{revoked.id}").status_code == 200
    assert reader.get(f"/credentials/{revoked.id}.jwt").status_code == 200
    assert reader.get(f"/credentials/{revoked.id}.png").status_code == 200

    hosted = reader.get(f"/ob2/assertions/{revoked.id}")
    assert hosted.status_code == 410
    assert hosted.headers["Access-Control-Allow-Origin"] == "*"
    assert hosted.get_json() == {
        "@context": "https://w3id.org/openbadges/v2",
        "id": f"https://badges.example/ob2/assertions/{revoked.id}",
        "type": "Assertion",
        "revoked": True,
    }


def test_the_page_of_a_refusal_is_not_kept_nor_indexed(reader: FlaskClient) -> None:
    answer = reader.get(f"/credentials/{UNKNOWN}", headers={"Accept": BROWSER})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
