"""Media types, negotiation, ETags, CORS and caching of every public address."""

import pytest
from flask.testing import FlaskClient

from badges_server.storage.tables import CredentialRow
from tests.web.open_badges.badges import NETWORK_HOST, Badge
from tests.web.sample import Sample

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


def test_every_address_answers_in_its_default_form(reader: FlaskClient, neutral: Badge) -> None:
    for path, media_type in neutral.addresses().items():
        answer = reader.get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_named_badge_answers_at_the_same_addresses(reader: FlaskClient, named: Badge) -> None:
    assert named.issuer != "reconnaissance-normandie"
    for path, media_type in named.addresses().items():
        answer = reader.get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type), path


def test_what_was_signed_is_served_byte_for_byte(published: Sample, reader: FlaskClient, neutral: Badge) -> None:
    with published.server.database.reading() as session:
        stored = session.get_one(CredentialRow, neutral.id).document
    assert stored is not None
    assert reader.get(f"/credentials/{neutral.id}").data == stored.encode()
    assert reader.get(f"/credentials/{neutral.id}.json").data == stored.encode()


def test_whoever_has_the_bytes_is_told_so(reader: FlaskClient, neutral: Badge) -> None:
    for path in neutral.addresses():
        first = reader.get(path)
        again = reader.get(path, headers={"If-None-Match": first.headers["ETag"]})
        other = reader.get(path, headers={"If-None-Match": '"something-else"'})
        assert (again.status_code, again.data) == (304, b""), path
        assert again.headers["ETag"] == first.headers["ETag"]
        assert again.headers["Access-Control-Allow-Origin"] == "*"
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
        assert (other.status_code, other.data) == (200, first.data), path


def test_head_says_what_get_would(reader: FlaskClient, neutral: Badge) -> None:
    for path in neutral.addresses():
        whole, head = reader.get(path), reader.head(path)
        assert head.data == b""
        assert {k: v for k, v in head.headers if k != "Date"} == {k: v for k, v in whole.headers if k != "Date"}, path


def test_any_page_on_the_web_may_read_documents_and_pictures(reader: FlaskClient, neutral: Badge) -> None:
    for path in neutral.addresses():
        answer = reader.get(path, headers={"Origin": "https://wallet.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        asked = reader.options(
            path, headers={"Origin": "https://wallet.example", "Access-Control-Request-Method": "GET"}
        )
        assert asked.status_code == 200
        assert asked.headers["Access-Control-Allow-Origin"] == "*"
        assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_writing_is_refused(reader: FlaskClient, neutral: Badge) -> None:
    for path in neutral.addresses():
        assert reader.post(path).status_code == 405, path


CREDENTIAL_CHOICES = [
    (None, "application/vc+ld+json"),
    ("*/*", "application/vc+ld+json"),
    ("application/vc", "application/vc"),
    ("application/vc+ld+json", "application/vc+ld+json"),
    ("application/ld+json", "application/ld+json"),
    ("application/json", "application/json"),
    ("application/ld+json, application/json, image/png, image/svg+xml", "application/ld+json"),
    ("application/json;q=0.5, application/vc", "application/vc"),
    ("application/vc+jwt", "application/vc+jwt"),
    ("application/jwt", "application/jwt"),
    ("text/plain", "text/plain"),
    ("application/xml", "application/vc+ld+json"),
    ("nonsense", "application/vc+ld+json"),
    (BROWSER, "text/html; charset=utf-8"),
    ("text/html", "text/html; charset=utf-8"),
    ("text/html;q=0.4, application/json;q=0.9", "application/json"),
]


@pytest.mark.parametrize(("accept", "media_type"), CREDENTIAL_CHOICES)
def test_a_credential_comes_in_the_form_asked_for(
    reader: FlaskClient, neutral: Badge, accept: str | None, media_type: str
) -> None:
    answer = reader.get(f"/credentials/{neutral.id}", headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)
    assert "Accept" in answer.headers["Vary"]
    assert "noindex" in answer.headers["X-Robots-Tag"]
    if "jwt" in media_type or media_type == "text/plain":
        assert answer.data == reader.get(f"/credentials/{neutral.id}.jwt").data


@pytest.mark.parametrize(
    ("path", "accept", "media_type"),
    [
        ("/achievements/{slug}/1", BROWSER, "text/html; charset=utf-8"),
        ("/achievements/{slug}/1", "application/json", "application/json"),
        ("/achievements/{slug}/1.json", BROWSER, "application/ld+json"),
        ("/issuers/{issuer}", BROWSER, "text/html; charset=utf-8"),
        ("/issuers/{issuer}", "application/json", "application/json"),
        ("/ob2/assertions/{id}", BROWSER, "text/html; charset=utf-8"),
        ("/ob2/assertions/{id}", "application/json", "application/json"),
        ("/ob2/badges/{issuer}/{slug}/1", BROWSER, "text/html; charset=utf-8"),
        ("/ob2/issuers/{issuer}", BROWSER, "text/html; charset=utf-8"),
        ("/status/{list_id}", BROWSER, "application/vc+ld+json"),
        ("/status/{list_id}", "application/vc+jwt", "application/vc+jwt"),
        ("/status/{list_id}", "application/vc", "application/vc"),
    ],
)
def test_other_addresses_serve_pages_to_browsers_and_json_to_programs(
    reader: FlaskClient, neutral: Badge, path: str, accept: str, media_type: str
) -> None:
    place = {"id": neutral.id, "slug": neutral.slug, "issuer": neutral.issuer, "list_id": neutral.list_id}
    answer = reader.get(path.format(**place), headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)


def test_how_long_a_copy_may_be_kept(reader: FlaskClient, neutral: Badge) -> None:
    kept = {path: reader.get(path).headers["Cache-Control"] for path in neutral.addresses()}
    personal = {path for path in kept if "/credentials/" in path or "/assertions/" in path}
    assert {kept[path] for path in personal} == {"no-cache"}
    assert kept[f"/status/{neutral.list_id}"] == "public, max-age=30"
    assert kept[f"/ob2/revocations/{neutral.issuer}"] == "public, max-age=30"
    assert kept[f"/issuers/{neutral.issuer}/did.json"] == "public, max-age=300"
    assert all("noindex" in reader.get(path).headers["X-Robots-Tag"] for path in personal)


def test_the_key_set_of_a_host_holds_the_issuers_of_that_host_alone(reader: FlaskClient, named: Badge) -> None:
    neutral_host = reader.get("/.well-known/jwks.json").get_json()
    network_host = reader.get("/.well-known/jwks.json", headers={"Host": NETWORK_HOST}).get_json()
    elsewhere = reader.get("/.well-known/jwks.json", headers={"Host": "evil.example"}).get_json()

    assert [key["kid"] for key in neutral_host["keys"]] == [
        "did:web:badges.example:issuers:reconnaissance-normandie#jwt-1"
    ]
    assert elsewhere == neutral_host
    kids = {key["kid"] for key in network_host["keys"]}
    assert f"did:web:reseau.example:issuers:{named.issuer}#jwt-1" in kids
    assert not any("badges.example" in kid for kid in kids)
    assert all(key.keys() == {"kty", "n", "e", "kid", "alg", "use"} for key in network_host["keys"])


def test_the_host_itself_has_a_did_and_no_keys(reader: FlaskClient) -> None:
    assert reader.get("/.well-known/did.json").get_json()["id"] == "did:web:badges.example"
    other = reader.get("/.well-known/did.json", headers={"Host": NETWORK_HOST}).get_json()
    assert other["id"] == "did:web:reseau.example"
    assert other["verificationMethod"] == []
