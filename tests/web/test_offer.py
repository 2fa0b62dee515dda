"""`/mes-badges/offre/<token>`: looking changes nothing, an answer counts once, and only from our own page."""

import re

import pytest
from flask.testing import FlaskClient

from badges_server.storage.tables import AwardRow
from tests.web.sample import Sample

BROWSER = {"Accept": "text/html", "Accept-Language": "fr"}
FROM_HERE = {**BROWSER, "Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}


def state_of(sample: Sample, award_id: str) -> tuple[str, str]:
    with sample.server.database.reading() as session:
        award = session.get_one(AwardRow, award_id)
        return award.state, award.presentation


def client_of(sample: Sample) -> FlaskClient:
    return sample.app.test_client(use_cookies=False)


def test_looking_changes_nothing(own_sample: Sample) -> None:
    award_id, token = own_sample.new_offer()
    client = client_of(own_sample)
    for _ in range(2):
        answer = client.get(f"/mes-badges/offre/{token}", headers=BROWSER)
        assert answer.status_code == 200
        assert "Oui, je veux ce badge" in answer.text
        assert "Non, je ne le veux pas" in answer.text
    assert state_of(own_sample, award_id)[0] == "offered"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_yes_signs_a_neutral_badge_with_a_page_of_its_own(own_sample: Sample) -> None:
    award_id, token = own_sample.new_offer()
    client = client_of(own_sample)
    answer = client.post(f"/mes-badges/offre/{token}", data={"answer": "accept"}, headers=FROM_HERE)
    assert answer.status_code == 200
    assert state_of(own_sample, award_id) == ("signed", "neutral")
    code = re.search(r'href="/v/([A-Z0-9]{10})"', answer.text)
    assert code
    assert client.get(f"/v/{code[1]}", headers=BROWSER).status_code == 200


def test_no_publishes_nothing(own_sample: Sample) -> None:
    award_id, token = own_sample.new_offer()
    answer = client_of(own_sample).post(f"/mes-badges/offre/{token}", data={"answer": "decline"}, headers=FROM_HERE)
    assert "pas de badge" in answer.text
    assert state_of(own_sample, award_id)[0] == "declined"


def test_the_name_is_shown_only_when_the_person_turns_it_on(own_sample: Sample) -> None:
    award_id, token = own_sample.new_offer()
    client_of(own_sample).post(f"/mes-badges/offre/{token}", data={"answer": "accept_named"}, headers=FROM_HERE)
    assert state_of(own_sample, award_id) == ("signed", "named")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
    ],
)
def test_an_answer_from_elsewhere_does_not_count(own_sample: Sample, headers: dict[str, str]) -> None:
    award_id, token = own_sample.new_offer()
    url = f"/mes-badges/offre/{token}"
    answer = client_of(own_sample).post(url, data={"answer": "accept"}, headers={**BROWSER, **headers})
    assert answer.status_code == 403
    assert state_of(own_sample, award_id)[0] == "offered"


def test_an_answer_must_be_one(own_sample: Sample) -> None:
    award_id, token = own_sample.new_offer()
    answer = client_of(own_sample).post(f"/mes-badges/offre/{token}", data={"answer": "?"}, headers=FROM_HERE)
    assert answer.status_code == 400
    assert state_of(own_sample, award_id)[0] == "offered"


def test_unknown_used_and_expired_links_are_one_answer(own_sample: Sample) -> None:
    _, first = own_sample.new_offer()
    client = client_of(own_sample)
    client.post(f"/mes-badges/offre/{first}", data={"answer": "decline"}, headers=FROM_HERE)
    _, second = own_sample.new_offer()
    own_sample.clock.advance(days=31)
    answers = [client.get(f"/mes-badges/offre/{token}", headers=BROWSER) for token in (first, second, "never-made")]
    answers.append(client.post("/mes-badges/offre/never-made", data={"answer": "accept"}, headers=FROM_HERE))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert "Ce lien ne marche plus" in answers[0].text
