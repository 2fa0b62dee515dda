"""Taking a badge back and issuing it again: what the command says, and what everybody sees from then on."""

import base64
import gzip
from datetime import timedelta

import pytest

from badges_server.app import current_moment
from tests.cli.running import BASE_URL, Deployment
from tests.services.awarding.files import ORGANISATION

SIGNED = (
    "SELECT a.id, a.code, a.credential_id FROM awards a WHERE a.state = 'signed' AND a.presentation = '{}' ORDER BY 1"
)
REASONS = ["error", "fraud", "superseded", "holder_request", "key_compromise"]


def signed(deployment: Deployment, presentation: str = "neutral") -> tuple[str, str, str]:
    """Award, code and credential of a badge that is valid."""
    award, code, credential = deployment.query(SIGNED.format(presentation))[0]
    return award, code, credential


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_kept_private_with_its_note(awarded: Deployment, reason: str) -> None:
    _, _, credential = signed(awarded)

    ran = awarded.run("revoke", credential, "--reason", reason, "--note", "Confondue avec sa cousine")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"{credential} is revoked\n"
    query = f"SELECT state, revocation_reason FROM credentials WHERE id = '{credential}'"  # noqa: S608
    assert awarded.query(query) == [("revoked", reason)]
    assert not [table for table, rows in awarded.kept().items() if "cousine" in str(rows)]
    with awarded.visited() as client:
        for page in (f"/v/{signed_code(awarded, credential)}", f"/credentials/{credential}.json"):
            text = client.get(page).text
            assert "cousine" not in text
            assert reason not in text


def signed_code(deployment: Deployment, credential: str) -> str:
    query = f"SELECT code FROM awards WHERE credential_id = '{credential}'"  # noqa: S608
    return str(deployment.query(query)[0][0])


def test_a_badge_may_be_named_in_many_ways(awarded: Deployment) -> None:
    award, code, credential = signed(awarded)
    first = awarded.run("revoke", f"{BASE_URL}/credentials/{credential}", "--reason", "error")
    assert (first.code, first.out) == (0, f"{credential} is revoked\n")
    after = awarded.kept()
    ways = [
        credential, credential.upper(), f"{BASE_URL}/credentials/{credential}.json", code, code.lower(),
        f"{code[:5]}-{code[5:]}", f"{BASE_URL}/v/{code}", award, f"{BASE_URL}/ob2/assertions/{credential}",
    ]  # fmt: skip
    for way in ways:
        again = awarded.run("revoke", way, "--reason", "fraud")
        assert (again.code, again.out) == (0, f"{credential} was revoked before; nothing has changed\n"), way
    assert awarded.kept() == after


@pytest.mark.parametrize("command", [["revoke", "--reason", "error"], ["reissue"], ["reissue", "--replace"]])
@pytest.mark.parametrize("name", ["00000000-0000-4000-8000-000000000000", "AAAAAAAAAA", "https://x.example/y", "é"])
def test_a_badge_that_does_not_exist(awarded: Deployment, command: list[str], name: str) -> None:
    before = awarded.kept()

    ran = awarded.run(*command, name)

    assert (ran.code, ran.out) == (2, "")
    assert ran.error == f"badges-server: no such badge ({name})"
    assert awarded.kept() == before


def test_everything_public_says_that_it_is_revoked(awarded: Deployment) -> None:
    _, code, credential = signed(awarded)
    with awarded.visited() as client:
        document = client.get(f"/credentials/{credential}.json")
        entry = document.get_json()["credentialStatus"]
        assert not bit(client.get(path_of(entry)).get_json(), entry)

        assert awarded.run("revoke", credential, "--reason", "error").code == 0

        after = client.get(f"/credentials/{credential}.json")
        assert (after.status_code, after.data) == (200, document.data)
        assert bit(client.get(path_of(entry)).get_json(), entry)
        assertion = client.get(f"/ob2/assertions/{credential}", headers={"Accept": "application/json"})
        assert assertion.status_code == 410
        assert assertion.get_json()["revoked"] is True
        assert assertion.get_json()["id"] == f"{BASE_URL}/ob2/assertions/{credential}"
        page = client.get(f"/v/{code}", headers={"Accept-Language": "fr"})
        assert page.status_code == 200
        assert "retiré" in page.text
    assert awarded.run("verify", f"{BASE_URL}/credentials/{credential}").code == 1
    assert awarded.run("lint", "--all").code == 0


def path_of(entry: dict[str, str]) -> str:
    return entry["statusListCredential"].removeprefix(BASE_URL)


def bit(document: dict[str, dict[str, str]], entry: dict[str, str]) -> bool:
    """Read the list by hand: multibase base64url of a gzip; index 0 is the leftmost bit."""
    encoded = document["credentialSubject"]["encodedList"]
    assert encoded[0] == "u"
    bits = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))
    byte, offset = divmod(int(entry["statusListIndex"]), 8)
    return bool(bits[byte] & (0x80 >> offset))


COMPONENTS = ["se-02", "se-04", "sec-01", "rec-01", "log-01", "rec-02"]


def pathway_file() -> str:
    """Everything that the third pathway asks for, well observed."""
    days = [(current_moment() - timedelta(days=ago)).date().isoformat() for ago in range(40, 30, -1)]
    columns = ["organisation", "recipient_ref", "achievement", "level", "accepted_on"]
    numbers = ["", *(f"_{number}" for number in range(2, 10))]
    columns += [f"{name}{number}" for number in numbers for name in ("observed_on", "observer")]
    seen = [cell for day, observer in zip(days, ["mvp-01", "mvp-02"] * 5, strict=True) for cell in (day, observer)]
    lines = [[ORGANISATION, "P-1", achievement, "2", days[-1], *seen[:18]] for achievement in COMPONENTS]
    return "".join(",".join(line) + "\n" for line in [columns, *lines])


def test_a_milestone_that_leaned_on_it_goes_to_review(deployment: Deployment) -> None:
    ran = deployment.run("award", deployment.file("parcours.csv", pathway_file()))
    assert (ran.code, ran.out) == (0, "6 signed\n")
    offered = deployment.run("offers", "list", "--json").json
    assert [(one["achievement"], one["recipient_ref"]) for one in offered] == [("par-3", "P-1")]
    component = deployment.query("SELECT credential_id FROM awards WHERE achievement_slug = 'rec-01'")[0][0]

    ran = deployment.run("revoke", component, "--reason", "error")

    assert ran.code == 0
    assert ran.out == f"{component} is revoked; 1 milestone(s) to look at again\n"
    query = "SELECT state, review_since IS NULL FROM awards WHERE achievement_slug = 'par-3'"
    assert deployment.query(query) == [("offered", 0)]
    award_id = offered[0]["award_id"]
    assert deployment.run("offers", "list").out == ""
    assert deployment.run("offers", "link", award_id).code == 2
    assert deployment.run("pathways", "reviews").out == f"{award_id}  {ORGANISATION}  P-1  par-3  offered\n"
    assert [one["award_id"] for one in deployment.run("pathways", "reviews", "--json").json] == [award_id]
    no = deployment.run("pathways", "review", award_id, "--uphold", "--by", "cdm-04")
    assert (no.code, "only a mandate for this milestone" in no.error) == (2, True)
    assert deployment.run("pathways", "review", award_id, "--by", "mvp-01").code == 2
    done = deployment.run("pathways", "review", award_id, "--withdraw", "--by", "mvp-01")
    assert (done.code, done.out) == (0, f"{award_id} is withdrawn: revoked\n")
    assert deployment.run("pathways", "reviews").out == ""


def test_signed_again_it_keeps_its_names(awarded: Deployment) -> None:
    _, code, credential = signed(awarded)
    assert awarded.run("keys", "rotate", "reconnaissance-normandie", "--now").code == 0
    query = f"SELECT signing_key_id, document FROM credentials WHERE id = '{credential}'"  # noqa: S608
    before = awarded.query(query)[0]

    ran = awarded.run("reissue", credential)

    assert (ran.code, ran.out) == (0, f"{credential} is signed again (page {code})\n")
    after = awarded.query(query)[0]
    assert (before[0], after[0]) == ("key-1", "key-2")
    assert after[1] != before[1]
    assert awarded.run("lint", "--all").out == "47 checked, 0 failures\n"


def test_a_replacement_takes_over_the_page(awarded: Deployment) -> None:
    _, code, old = signed(awarded)

    ran = awarded.run("reissue", code, "--replace", "--presentation", "named")

    assert ran.code == 0
    new = ran.out.split()[0]
    assert ran.out == f"{new} replaces {old} (page {code})\n"
    state = "SELECT state, replaced_by, issuer_slug FROM credentials WHERE id = '{}'"
    assert awarded.query(state.format(old)) == [("superseded", new, "reconnaissance-normandie")]
    assert awarded.query(state.format(new))[0][:2] == ("valid", None)
    assert awarded.query(state.format(new))[0][2] != "reconnaissance-normandie"
    with awarded.visited() as client:
        assert client.get(f"/credentials/{new}.json").get_json()["id"] == f"{BASE_URL}/credentials/{new}"
        assert client.get(f"/credentials/{old}.json").status_code == 200
        assert client.get(f"/v/{code}").status_code == 200
    assert awarded.run("verify", f"{BASE_URL}/credentials/{new}", "--json").json["verdict"] == "verified"
    assert awarded.run("verify", f"{BASE_URL}/credentials/{old}", "--json").json["flags"]["revoked"] is True
    assert awarded.run("lint", "--all").out == "48 checked, 0 failures\n"


def test_what_was_taken_back_is_not_replaced(awarded: Deployment) -> None:
    _, _, credential = signed(awarded)
    assert awarded.run("revoke", credential, "--reason", "error").code == 0
    before = awarded.kept()

    ran = awarded.run("reissue", credential, "--replace")

    assert ran.code == 2
    assert ran.error == f"badges-server: is revoked: nothing to issue again ({credential})"
    assert awarded.kept() == before
