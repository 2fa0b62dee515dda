"""The front door without a database: health, headers, errors, our own origins, the log."""

import json
from pathlib import Path

import pytest
from flask import Flask

from badges_server.app import OwnOrigins, create_app
from badges_server.storage.keyring import KeyFileModeError
from badges_server.web.request_log import ALLOWED, only_allowed
from tests.web.conftest import make_settings

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "fr"}


def test_health_asks_nothing_of_the_database(bare_app: Flask) -> None:
    answer = bare_app.test_client().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_not_ready_before_the_database_is_made(bare_app: Flask) -> None:
    client = bare_app.test_client()
    before = client.get("/readyz")
    assert (before.status_code, before.text) == (503, "SCHEMA_OUTDATED\n")
    assert before.headers["Retry-After"] == "5"
    bare_app.extensions["badges_server"].database.upgrade()
    assert client.get("/readyz").status_code == 200


def test_not_ready_while_others_can_read_a_key(bare_app: Flask, tmp_path: Path) -> None:
    bare_app.extensions["badges_server"].database.upgrade()
    bare_app.extensions["badges_server"].keyring.create("somebody", "key-1", "EdDSA")
    next(tmp_path.rglob("*.pem")).chmod(0o644)
    answer = bare_app.test_client().get("/readyz")
    assert (answer.status_code, answer.text) == (503, "KEY_FILE_MODE\n")


def test_does_not_start_while_others_can_read_a_key(bare_app: Flask, tmp_path: Path) -> None:
    bare_app.extensions["badges_server"].keyring.create("somebody", "key-1", "EdDSA")
    next(tmp_path.rglob("*.pem")).chmod(0o644)
    with pytest.raises(KeyFileModeError):
        create_app(make_settings(tmp_path))


def test_a_database_that_cannot_be_used_is_a_busy_page(bare_app: Flask) -> None:
    answer = bare_app.test_client().get("/mentions-legales", headers=BROWSER)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Le service est occupé" in answer.text
    assert "sqlite" not in answer.text.casefold()


def test_programs_get_a_problem_document(bare_app: Flask) -> None:
    answer = bare_app.test_client().get("/nothing", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json(force=True) == {"type": "about:blank", "title": "Not found", "status": 404}


def test_wrong_method_says_which_ones_are_right(bare_app: Flask) -> None:
    answer = bare_app.test_client().post("/", headers=BROWSER)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_pages_run_nothing_and_load_nothing_foreign(bare_app: Flask) -> None:
    headers = bare_app.test_client().get("/", headers=BROWSER).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; ")
    assert "script-src" not in policy
    assert "unsafe-inline" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Set-Cookie" not in headers
    assert "Strict-Transport-Security" not in headers


def test_https_is_told_to_stay_https(tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path, "https://badges.example"))
    headers = app.test_client().get("/", base_url="https://badges.example").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("path", ["/v/K7RMX4PQ2T", "/mes-badges/offre/x", "/credentials/x"])
def test_personal_paths_are_not_for_search_engines(bare_app: Flask, path: str) -> None:
    assert "noindex" in bare_app.test_client().get(path, headers=BROWSER).headers["X-Robots-Tag"]


def test_the_front_page_is_for_search_engines(bare_app: Flask) -> None:
    assert "X-Robots-Tag" not in bare_app.test_client().get("/", headers=BROWSER).headers


def test_stylesheet_is_kept_for_ever_under_its_digest(bare_app: Flask) -> None:
    url = bare_app.jinja_env.from_string("{{ static_url('site.css') }}").render()
    client = bare_app.test_client()
    assert "immutable" in client.get(url).headers["Cache-Control"]
    assert client.get("/static/000000000000/site.css").status_code == 404
    assert client.get("/static/000000000000/..%2fsite.py").status_code == 404


def test_own_origin_is_answered_in_process(bare_app: Flask) -> None:
    ours = OwnOrigins(bare_app, ("http://localhost", "https://network.example/badges"))
    for url in ("http://localhost/healthz", "http://LOCALHOST:80/healthz", "https://network.example/badges/healthz"):
        found = ours(url, "*/*")
        assert found is not None
        assert (found.status, found.body) == (200, b"ok\n")


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8080/healthz",
        "https://localhost/healthz",
        "http://localhost.evil.example/healthz",
        "https://network.example/healthz",
        "http://localhost:port/healthz",
        "healthz",
    ],
)
def test_another_origin_is_not_ours(bare_app: Flask, url: str) -> None:
    ours = OwnOrigins(bare_app, ("http://localhost", "https://network.example/badges"))
    assert ours(url, "*/*") is None


def test_the_log_knows_no_paths_and_no_addresses(bare_app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    bare_app.test_client().get(
        "/mes-badges/offre/a-secret-token?lang=fr",
        headers={"User-Agent": "canary"},
        environ_base={"REMOTE_ADDR": "203.0.113.9"},
    )
    line = capsys.readouterr().err
    entry = json.loads(line.splitlines()[-1])
    assert entry["rule"] == "/mes-badges/offre/<token>"
    assert set(entry) <= ALLOWED
    assert not [word for word in ("a-secret-token", "203.0.113.9", "canary") if word in line]


def test_fields_that_are_not_allowed_are_dropped() -> None:
    assert only_allowed(None, "info", {"event": "request", "email": "a@b.example"}) == {"event": "request"}


def test_a_bug_is_an_honest_page_and_a_log_line_without_its_message(
    bare_app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> str:
        raise ValueError("canary: what somebody sent")

    bare_app.add_url_rule("/broken", view_func=broken)
    answer = bare_app.test_client().get("/broken", headers=BROWSER)
    assert answer.status_code == 500
    assert "Une erreur est arrivée chez nous" in answer.text
    logged = capsys.readouterr().err
    entry = json.loads(logged.splitlines()[0])
    assert entry["error"] == "ValueError"
    assert entry["place"].startswith("test_front_door.py:")
    assert "canary" not in answer.text + logged


def test_what_is_too_large_is_refused_before_it_is_read(bare_app: Flask) -> None:
    answer = bare_app.test_client().post("/mes-badges/offre/x", data={"answer": "x" * 2_100_000}, headers=BROWSER)
    assert answer.status_code == 413
    assert "C’est trop gros pour nous" in answer.text
