"""The main job by commands alone, from an empty database to a badge that was taken back; on SQLite and PostgreSQL."""

from tests.cli.running import BASE_URL, Deployment
from tests.services.awarding.files import csv_of

NEUTRAL = "reconnaissance-normandie"


def test_from_the_file_to_the_revocation(anywhere: Deployment) -> None:
    file = anywhere.file("equipe.csv", csv_of({}, {"recipient_ref": "B", "accepted_on": ""}))
    assert anywhere.run("award", file).out == "1 signed, 1 offered\n"

    offered = anywhere.run("offers", "list", "--json").json[0]["award_id"]
    page = anywhere.run("offers", "link", offered).out.strip()
    with anywhere.visited() as client:
        assert client.post(page.removeprefix(BASE_URL), data={"answer": "accept"}).status_code == 200
    assert anywhere.run("offers", "list").out == ""

    query = "SELECT credential_id FROM awards ORDER BY accepted_on"
    on_paper, by_link = (row[0] for row in anywhere.query(query))
    url = f"{BASE_URL}/credentials/"
    assert anywhere.run("verify", url + on_paper, url + by_link).code == 0
    assert anywhere.run("keys", "rotate", NEUTRAL, "--now").code == 0
    assert anywhere.run("reissue", on_paper).code == 0
    replaced = anywhere.run("reissue", on_paper, "--replace").out.split()[0]
    assert anywhere.run("revoke", by_link, "--reason", "error", "--note", "autre personne").code == 0

    assert [anywhere.run("verify", url + one).code for one in (on_paper, by_link, replaced)] == [1, 1, 0]
    assert anywhere.run("lint", "--all").out == "3 checked, 0 failures\n"
    assert anywhere.run("check").code == 0
    assert anywhere.run("award", file).out == "2 unchanged\n"
