"""Offers: the list, the one-time link, and the page behind it."""

import re

import pytest

from tests.cli.running import BASE_URL, Deployment

TOKEN = r"[A-Za-z0-9_-]{32}"
FORMS = {"accept": ("signed", "neutral"), "accept_named": ("signed", "named"), "decline": ("declined", "neutral")}


def first(deployment: Deployment) -> str:
    return str(deployment.run("offers", "list", "--json").json[0]["award_id"])


def link(deployment: Deployment, award_id: str) -> str:
    """Path of a new link."""
    ran = deployment.run("offers", "link", award_id)
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(rf"{BASE_URL}/mes-badges/offre/{TOKEN}\n", ran.out)
    return ran.out.strip().removeprefix(BASE_URL)


def test_the_list_names_people_by_reference_only(awarded: Deployment) -> None:
    listed = awarded.run("offers", "list", "--json").json
    shown = awarded.run("offers", "list").out.splitlines()

    assert len(listed) == 8
    assert list(listed[0]) == [
        "id", "code", "achievement", "level", "recipient_ref", "organisation", "issuer", "presentation", "state",
        "award_id",
    ]  # fmt: skip
    assert {(one["state"], one["id"], one["code"], one["issuer"]) for one in listed} == {("offered", None, None, None)}
    for one, line in zip(listed, shown, strict=True):
        level = f"level {one['level']}" if one["level"] else "-"
        start = f"{one['award_id']}  {one['organisation']}  {one['recipient_ref']}  {one['achievement']}"
        assert line == f"{start}  {level}"


def test_nothing_is_offered_before_anything_was_awarded(deployment: Deployment) -> None:
    assert deployment.run("offers", "list").out == ""
    assert deployment.run("offers", "list", "--json").json == []


@pytest.mark.parametrize("answer", FORMS)
def test_one_answer_through_one_link(awarded: Deployment, answer: str) -> None:
    award_id = first(awarded)
    path = link(awarded, award_id)
    state = f"SELECT state, presentation, credential_id, code FROM awards WHERE id = '{award_id}'"  # noqa: S608
    with awarded.visited() as client:
        before = awarded.kept()
        page = client.get(path)
        assert page.status_code == 200
        assert awarded.kept() == before

        answered = client.post(path, data={"answer": answer})

        assert answered.status_code == 200
        found, presentation, credential, code = awarded.query(state)[0]
        assert (found, presentation) == FORMS[answer]
        assert (credential is not None) == (found == "signed")
        assert client.get(path).status_code == 404
        if credential:
            assert client.get(f"/credentials/{credential}.json").status_code == 200
            assert client.get(f"/v/{code}").status_code == 200
    assert len(awarded.run("offers", "list", "--json").json) == 7


def test_a_new_link_ends_the_one_before(awarded: Deployment) -> None:
    award_id = first(awarded)
    old, new = link(awarded, award_id), link(awarded, award_id)

    assert old != new
    with awarded.visited() as client:
        assert client.post(old, data={"answer": "accept"}).status_code == 404
        assert client.get(new).status_code == 200


def test_the_link_is_kept_as_a_digest_only(awarded: Deployment) -> None:
    token = link(awarded, first(awarded)).rpartition("/")[2]

    assert token not in str(awarded.kept())


def test_what_is_not_on_offer_has_no_link(awarded: Deployment) -> None:
    signed = str(awarded.query("SELECT id FROM awards WHERE state = 'signed'")[0][0])
    before = awarded.kept()
    for award_id in (signed, "nulle-part"):
        ran = awarded.run("offers", "link", award_id)
        assert (ran.code, ran.out) == (2, "")
        assert ran.error == f"badges-server: only an open offer has a link ({award_id})"
    assert awarded.kept() == before
