"""`verify` on every form of our own badges, on strangers' bytes, offline, at another moment; and its exit codes."""

import json
from pathlib import Path

import pytest

from badges_server.app import create_app, current_moment
from badges_server.credentials.json_text import parse_json_object
from badges_server.services.verifying import verify_url
from tests.cli.running import BASE_URL, EXAMPLES, Deployment
from tests.clock import Clock

CHECKS = [
    "parse", "structure", "context", "json_ld", "type", "model", "schema", "subject", "evidence", "issuer", "proof",
    "refresh", "status", "validity", "recipient", "extensions", "endorsements",
]  # fmt: skip
FORMS = {
    "3.0.json": ("/credentials/{}.json", "json", "3.0", "OpenBadgeCredential"),
    "3.0.jwt": ("/credentials/{}.jwt", "jwt", "3.0", "OpenBadgeCredential"),
    "3.0.png": ("/credentials/{}.png", "png", "3.0", "OpenBadgeCredential"),
    "3.0.svg": ("/credentials/{}.svg", "svg", "3.0", "OpenBadgeCredential"),
    "2.0.json": ("/ob2/assertions/{}.json", "json", "2.0", "Assertion"),
    "2.0.jws": ("/ob2/assertions/{}.jws", "jwt", "2.0", "Assertion"),
    "2.0.png": ("/ob2/assertions/{}.png", "png", "2.0", "Assertion"),
    "2.0.svg": ("/ob2/assertions/{}.svg", "svg", "2.0", "Assertion"),
}


def badge(deployment: Deployment, presentation: str = "neutral") -> str:
    query = f"SELECT credential_id FROM awards WHERE state = 'signed' AND presentation = '{presentation}'"  # noqa: S608
    query += " AND (SELECT valid_until FROM credentials WHERE id = credential_id) IS NULL ORDER BY 1"
    return str(deployment.query(query)[0][0])


def fetch(deployment: Deployment, path: str) -> bytes:
    with deployment.visited() as client:
        answer = client.get(path)
        assert answer.status_code == 200, path
        return bytes(answer.data)


@pytest.fixture
def document(awarded: Deployment) -> Path:
    """A file with a good badge."""
    return awarded.file("badge.json", fetch(awarded, f"/credentials/{badge(awarded)}.json"))


def test_every_form_is_known_by_its_content(awarded: Deployment) -> None:
    credential = badge(awarded)
    with awarded.visited() as client:
        for name, (path, *_) in FORMS.items():
            # The wrong ending on purpose: only the bytes count.
            awarded.file(f"{name}.txt", client.get(path.format(credential)).data)

    ran = awarded.run("verify", *[f"{name}.txt" for name in FORMS], "--json")

    assert (ran.code, ran.err) == (0, "")
    reports = [json.loads(line) for line in ran.out.splitlines()]
    assert len(reports) == len(FORMS)
    for report, (name, (_, container, version, kind)) in zip(reports, FORMS.items(), strict=True):
        assert report["source"] == f"{name}.txt"
        found = report["container"], report["version"], report["kind"], report["verdict"]
        assert found == (container, version, kind, "verified")
        assert [finding["check"] for finding in report["findings"]] == CHECKS


@pytest.mark.parametrize("presentation", ["neutral", "named"])
@pytest.mark.parametrize("path", ["/credentials/{}", "/ob2/assertions/{}"])
def test_a_url_of_ours_is_answered_without_the_network(awarded: Deployment, presentation: str, path: str) -> None:
    url = BASE_URL + path.format(badge(awarded, presentation))

    ran = awarded.run("verify", url)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == f"{url}: verified"


def test_the_report_has_the_shape_of_the_interface(awarded: Deployment, document: Path) -> None:
    report = awarded.run("verify", document, "--json").json

    assert list(report) == [
        "source", "container", "kind", "version", "verdict", "findings", "warnings", "flags", "credential"
    ]  # fmt: skip
    assert all(list(one) == ["check", "outcome", "code", "detail", "path"] for one in report["findings"])
    assert report["warnings"] == []
    assert report["flags"] == {
        "expired": False,
        "not_yet_valid": False,
        "revoked": False,
        "suspended": False,
        "issuer_confirmed": True,
        "recipient": "not_asked",
    }
    assert list(report["credential"]) == ["id", "name", "issuer", "valid_from", "valid_until"]
    assert list(report["credential"]["issuer"]) == ["id", "name"]
    assert report["credential"]["id"] == f"{BASE_URL}/credentials/{badge(awarded)}"


def test_people_read_one_line_for_each_check(awarded: Deployment, document: Path) -> None:
    lines = awarded.run("verify", document).out.splitlines()

    assert lines[0] == "badge.json: verified"
    assert lines[1].startswith("  OpenBadgeCredential: ")
    assert [line[6:18].strip() for line in lines[2:]] == CHECKS
    assert {line[2:4].strip() for line in lines[2:]} == {"ok", "-"}


def test_standard_input(awarded: Deployment, document: Path) -> None:
    data = (awarded.folder / document).read_bytes()

    ran = awarded.run("verify", "-", stdin=data)

    assert (ran.code, ran.out.splitlines()[0]) == (0, "-: verified")


def test_the_worst_of_several_counts(awarded: Deployment, document: Path) -> None:
    changed = parse_json_object((awarded.folder / document).read_bytes())
    changed["name"] = "Un autre nom"
    forged = awarded.file("forged.json", json.dumps(changed))
    away = f"{BASE_URL}/credentials/00000000-0000-4000-8000-000000000000"

    def verdicts(*sources: str | Path) -> tuple[int, list[str]]:
        ran = awarded.run("verify", *sources, "--json")
        return ran.code, [json.loads(line)["verdict"] for line in ran.out.splitlines()]

    assert verdicts(forged) == (1, ["not_verified"])
    assert verdicts(away) == (3, ["incomplete"])
    assert verdicts(document, away) == (3, ["verified", "incomplete"])
    assert verdicts(away, forged, document) == (1, ["incomplete", "not_verified", "verified"])


def test_a_forgery_fails_in_its_proof_only(awarded: Deployment, document: Path) -> None:
    changed = parse_json_object((awarded.folder / document).read_bytes())
    changed["name"] = "Un autre nom"

    report = awarded.run("verify", awarded.file("forged.json", json.dumps(changed)), "--json").json

    failed = [(one["check"], one["code"]) for one in report["findings"] if one["outcome"] == "failed"]
    assert failed == [("proof", "PROOF_VERIFICATION_ERROR")]


@pytest.mark.parametrize(
    ("data", "check"),
    [
        (b"", "parse"),
        (b"# un texte\n", "parse"),
        (b"\x89PNG\r\n\x1a\n", "parse"),
        (b"{}", "type"),
        (b'{"a": ' * 100_000, "parse"),
        (b"\xff\xfe{\x00}\x00", "parse"),
    ],
)
def test_what_is_no_badge_is_no_badge(awarded: Deployment, data: bytes, check: str) -> None:
    ran = awarded.run("verify", awarded.file("input", data), "--json")

    assert (ran.code, ran.err) == (1, "")
    failed = [one["check"] for one in ran.json["findings"] if one["outcome"] == "failed"]
    assert failed == [check]


def test_a_stranger_cannot_write_on_the_terminal(awarded: Deployment, document: Path) -> None:
    changed = parse_json_object((awarded.folder / document).read_bytes())
    changed["name"] = "Badge\nbadge.json: verified\x1b[2J\r"

    ran = awarded.run("verify", awarded.file("forged.json", json.dumps(changed)))

    assert ran.code == 1
    assert "\x1b" not in ran.out
    assert "\r" not in ran.out
    assert "badge.json: verified" not in ran.out.splitlines()


def test_at_another_moment(awarded: Deployment, document: Path) -> None:
    before = awarded.run("verify", document, "--at", "2020-01-01T00:00:00Z", "--json")
    later = awarded.run("verify", document, "--at", "2027-06-01T12:00:00+02:00", "--json")

    assert (before.code, before.json["flags"]["not_yet_valid"]) == (1, True)
    assert (later.code, later.json["flags"]["not_yet_valid"]) == (0, False)


def test_an_expired_badge(awarded: Deployment) -> None:
    query = "SELECT id FROM credentials WHERE valid_until < '2026-11-01'"
    expired = awarded.query(query)[0][0]

    ran = awarded.run("verify", f"{BASE_URL}/credentials/{expired}", "--json")

    assert ran.code == 1
    assert ran.json["flags"]["expired"] is True
    assert [one["check"] for one in ran.json["findings"] if one["outcome"] == "failed"] == ["validity"]


def test_whose_badge_it_is(awarded: Deployment, document: Path) -> None:
    ran = awarded.run("verify", document, "--recipient", "emailAddress:quelqu.un@example.com", "--json")

    assert ran.code == 1
    assert ran.json["flags"]["recipient"] == "not_matched"


def offline(awarded: Deployment) -> Path:
    """A folder with everything that the badge leads to."""
    credential = parse_json_object(fetch(awarded, f"/credentials/{badge(awarded)}.json"))
    status, issuer = credential["credentialStatus"], credential["issuer"]
    assert isinstance(status, dict)
    assert isinstance(issuer, dict)
    slug = str(issuer["id"]).rpartition(":")[2]
    urls = {str(status["statusListCredential"]): "status.json", f"{BASE_URL}/issuers/{slug}/did.json": "did.json"}
    for url, name in urls.items():
        awarded.file(f"documents/{name}", fetch(awarded, url.removeprefix(BASE_URL)))
    return awarded.file("documents/index.json", json.dumps(urls)).parent


def test_offline_from_a_folder(awarded: Deployment, document: Path) -> None:
    folder = offline(awarded)

    ran = awarded.run("verify", document, "--documents", folder, "--json")

    assert (ran.code, ran.json["verdict"]) == (0, "verified")


def test_offline_what_is_not_there_is_unknown(awarded: Deployment, document: Path) -> None:
    folder = offline(awarded)
    index = json.loads((awarded.folder / folder / "index.json").read_text())
    awarded.file("documents/index.json", json.dumps({u: f for u, f in index.items() if f != "status.json"}))

    ran = awarded.run("verify", document, "--documents", folder, "--json")

    assert (ran.code, ran.json["verdict"]) == (3, "incomplete")
    assert [one["check"] for one in ran.json["findings"] if one["outcome"] == "unknown"] == ["status"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["absent.json"], "absent.json: No such file or directory (see badges-server verify --help)"),
        (["keys"], "keys: Is a directory (see badges-server verify --help)"),
        (["-", "--at", "hier"], "Invalid value for '--at': 'hier' is not a moment such as 2026-05-12T09:00:00Z"),
        (["-", "--at", "2026-05-12T09:00:00"], "Invalid value for '--at': '2026-05-12T09:00:00' has no time zone:"),
        (["-", "--recipient", "moi"], "Invalid value for '--recipient': 'moi' is not TYPE:VALUE"),
        (["-", "--documents", "absent"], "Invalid value for '--documents': Directory 'absent' does not exist."),
        (["-", "--documents", "keys"], "keys/index.json: cannot be read: No such file or directory"),
    ],
)
def test_wrong_use(deployment: Deployment, words: list[str], message: str) -> None:
    ran = deployment.run("verify", *words)

    assert (ran.code, ran.out) == (2, "")
    assert ran.error.startswith(f"badges-server: {message}")


def test_a_list_signed_in_the_course_of_it_is_valid(awarded: Deployment) -> None:
    """Each look at this clock finds the next second: the list is signed later than the asking."""
    clock = Clock(current_moment())
    app = create_app(awarded.settings, now=lambda: clock.advance(seconds=1))
    server = app.extensions["badges_server"]

    report = verify_url(server, f"{BASE_URL}/credentials/{badge(awarded)}")

    assert report.verdict == "verified", report
    server.database.close()
    server.person_keys.close()


def test_nothing_is_written(awarded: Deployment, document: Path) -> None:
    # The first to ask for a status list has it signed.
    assert awarded.run("verify", document).code == 0
    before = awarded.kept()

    awarded.run("verify", document, EXAMPLES / "team.csv")

    assert awarded.kept() == before
