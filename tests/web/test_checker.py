"""`/verifier`: anybody's badge in any form, and an honest answer in easy words; nothing of it is kept."""

import base64
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import qrcode
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from badges_server.storage.recognised_issuers import RecognisedIssuer
from tests.web import foreign
from tests.web.sample import Sample

FRENCH = {"Accept": "text/html", "Accept-Language": "fr"}
LISTED = RecognisedIssuer(foreign.ISSUER_ID, "Le nom de la liste", date(2026, 1, 15))
ENDED = foreign.badge(validUntil="2026-05-01T00:00:00Z")


def hand_in(
    client: FlaskClient, *, lang: str = "fr", headers: dict[str, str] | None = None, **fields: object
) -> TestResponse:
    data = {name: (io.BytesIO(value), "badge") if isinstance(value, bytes) else value for name, value in fields.items()}
    return client.post(
        "/verifier",
        data=data,
        headers=FRENCH | (headers or {}),
        query_string={"lang": lang},
        content_type="multipart/form-data",
    )


def verdict(answer: TestResponse) -> str:
    found = re.search(r"<h1>(.*?)</h1>", answer.text)
    assert found, answer.text
    return found[1]


def seen(answer: TestResponse) -> str:
    """The page's words, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)).replace("\u202f", " ")


def qr_photo(text: str, side: int = 900) -> bytes:
    """A QR code, small, turned and off the middle of a grey JPEG."""
    code = (
        qrcode.make(text).get_image().convert("L").resize((side // 2, side // 2)).rotate(7, expand=True, fillcolor=200)
    )
    photo = Image.new("L", (side, side), 200)
    photo.paste(code, (side // 5, side // 4))
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


@pytest.fixture
def trusting(sample: Sample) -> Iterator[FlaskClient]:
    """The site of an operator who recognises the stranger."""
    app = sample.app
    kept = app.extensions["badges_server"]
    app.extensions["badges_server"] = replace(kept, recognised=(LISTED,))
    yield app.test_client(use_cookies=False)
    app.extensions["badges_server"] = kept


def test_the_form_is_complete_without_a_script(client: FlaskClient) -> None:
    page = client.get("/verifier", headers=FRENCH)
    assert page.status_code == 200
    assert 'method="post" enctype="multipart/form-data"' in page.text
    assert all(f'name="{name}"' in page.text for name in ("file", "photo", "text"))


def test_one_own_script_and_the_camera_on_this_page_only(client: FlaskClient) -> None:
    here, there = client.get("/verifier", headers=FRENCH), client.get("/", headers=FRENCH)
    assert here.headers["Content-Security-Policy"].endswith("; script-src 'self'")
    assert "unsafe" not in here.headers["Content-Security-Policy"]
    assert "camera=(self)" in here.headers["Permissions-Policy"]
    assert "script-src" not in there.headers["Content-Security-Policy"]
    assert "camera=()" in there.headers["Permissions-Policy"]
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", here.text)
    assert scripts == [""]


def test_not_for_search_engines_nor_caches(client: FlaskClient) -> None:
    page = client.get("/verifier", headers=FRENCH)
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("path", ["/", "/v/K7RMX4PQ2T"])
def test_it_is_linked_from_where_people_look(client: FlaskClient, path: str) -> None:
    assert 'href="/verifier"' in client.get(path, headers=FRENCH).text


def test_a_stranger_is_valid_but_not_green(client: FlaskClient) -> None:
    answer = hand_in(client, file=foreign.baked(foreign.badge()))
    assert (answer.status_code, verdict(answer)) == (200, "Signature valable, émetteur non reconnu")
    assert 'class="verdict unrecognised"' in answer.text
    assert 'class="verdict valid"' not in answer.text
    assert f'Le badge dit\u00a0:</span><bdi class="said">« {foreign.ISSUER_NAME} »' in answer.text


def test_a_recognised_issuer_is_green_under_the_name_of_the_list(trusting: FlaskClient) -> None:
    answer = hand_in(trusting, file=foreign.baked(foreign.badge()))
    assert verdict(answer) == "Badge authentique"
    assert "Le nom de la liste" in answer.text
    assert foreign.ISSUER_NAME not in answer.text
    assert "depuis le 15\u00a0janvier\u00a02026" in answer.text


@pytest.mark.parametrize(
    ("document", "said", "because"),
    [
        (foreign.tampered(), "Ce badge n’est pas authentique", "La signature ne correspond pas au contenu. Ne vous"),
        (foreign.unbound(), "Nous n’avons pas pu tout vérifier", "n’a pas pu être confirmé. Ne vous y fiez pas sans"),
        (ENDED, "Badge expiré, émetteur non reconnu", "Expiré le 1er mai 2026."),
        (foreign.badge(validFrom="2027-05-01T00:00:00Z"), "Ce badge n’est pas encore valable", "1er mai 2027"),
        (foreign.badge(type=["VerifiableCredential"]), "Ce badge n’est pas authentique", "Ne vous y fiez pas."),
    ],
)
def test_each_verdict_says_why(client: FlaskClient, document: dict[str, object], said: str, because: str) -> None:
    answer = hand_in(client, text=foreign.text(document))
    assert (answer.status_code, verdict(answer)) == (200, said)
    assert because in seen(answer)
    assert 'class="verdict valid"' not in answer.text


def test_expired_at_a_recognised_issuer(trusting: FlaskClient) -> None:
    answer = hand_in(trusting, text=foreign.text(ENDED))
    assert verdict(answer) == "Badge authentique, mais expiré"


def test_what_cannot_be_reached_may_be_tried_again(client: FlaskClient) -> None:
    entry = {
        "id": "https://127.0.0.1/status#1",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "1",
        "statusListCredential": "https://127.0.0.1/status",
    }
    answer = hand_in(client, text=foreign.text(foreign.badge(credentialStatus=entry)))
    assert verdict(answer) == "Nous n’avons pas pu tout vérifier"
    assert "La liste des badges retirés n’a pas pu être contrôlée. Vérifiez à nouveau" in seen(answer)


@pytest.mark.parametrize(
    "form", ["credentials/{}.png", "credentials/{}.svg", "credentials/{}.jwt", "ob2/assertions/{}.json"]
)
def test_our_own_badge_is_authentic_and_leads_to_its_page(client: FlaskClient, sample: Sample, form: str) -> None:
    uuid = str(sample.awards("signed")[0].id).rpartition("/")[2]
    answer = hand_in(client, file=client.get("/" + form.format(uuid)).data)
    assert verdict(answer) == "Badge authentique"
    assert ("ob2" in form) or f'href="/credentials/{uuid}?lang=fr"' in answer.text


def test_our_own_withdrawn_badge(client: FlaskClient, sample: Sample) -> None:
    uuid = str(sample.awards("revoked")[0].id).rpartition("/")[2]
    answer = hand_in(client, file=client.get(f"/credentials/{uuid}.json").data)
    assert verdict(answer) == "Ce badge n’est plus valable"
    assert "Son émetteur l’a retiré." in answer.text


def test_a_definition_is_no_badge_of_a_person(client: FlaskClient, sample: Sample) -> None:
    uuid = str(sample.awards("signed")[0].id).rpartition("/")[2]
    url = str(client.get(f"/ob2/assertions/{uuid}.json").get_json(force=True)["badge"])
    answer = hand_in(client, text=url)
    assert verdict(answer) == "Ce n’est pas un badge remis à une personne"
    assert "C’est la définition d’un badge" in answer.text


@pytest.mark.parametrize(
    "typed", ["{}", "https://localhost/v/{}", "localhost/v/{}/qr", " http://LOCALHOST/v/{}?lang=en "]
)
def test_a_code_or_our_own_address_leads_to_the_page(client: FlaskClient, sample: Sample, typed: str) -> None:
    code = sample.code("signed")
    answer = hand_in(client, text=typed.format(code.lower()))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/v/{code}?lang=fr")


def test_a_photo_of_our_qr_code_leads_to_the_page(client: FlaskClient, sample: Sample) -> None:
    code = sample.code("signed")
    answer = hand_in(client, photo=qr_photo(f"http://localhost/v/{code}"))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/v/{code}?lang=fr")


@pytest.mark.parametrize("host", ["localhost.evil.example", "evil.example/localhost", "localhost:8000"])
def test_a_host_that_looks_like_ours_is_offered_not_opened(client: FlaskClient, host: str) -> None:
    answer = hand_in(client, photo=qr_photo(f"https://{host}/v/K7RMX4PQ2T"))
    assert verdict(answer) == "Ce QR code mène à une adresse"
    assert f'name="text" value="https://{host}/v/K7RMX4PQ2T"' in answer.text


def test_what_a_camera_read_is_offered_too(client: FlaskClient) -> None:
    answer = hand_in(client, scanned="https://badges.example/1")
    assert verdict(answer) == "Ce QR code mène à une adresse"


def test_a_qr_code_may_be_the_badge_itself(client: FlaskClient) -> None:
    answer = hand_in(client, scanned=foreign.text(foreign.badge()))
    assert verdict(answer) == "Signature valable, émetteur non reconnu"


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/badge", "https://[::1]/", "http://badges.example/1", "https://a.invalid/1"]
)
def test_an_address_that_may_not_be_asked_is_not_had(client: FlaskClient, url: str) -> None:
    answer = hand_in(client, text=url)
    assert (answer.status_code, verdict(answer)) == (200, "Nous n’avons pas pu ouvrir cette adresse")


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({}, 400, "Il n’y a rien à vérifier."),
        ({"text": " \n"}, 400, "Il n’y a rien à vérifier."),
        ({"file": b""}, 400, "Il n’y a rien à vérifier."),
        ({"file": foreign.picture()}, 422, "Cette image ne contient pas de badge."),
        ({"text": "bonjour"}, 422, "Ce n’est pas un badge numérique"),
        ({"file": foreign.baked(foreign.badge())[:-30]}, 422, "ou il est abîmé"),
        ({"file": b"[" * 100_000}, 422, "Nous ne trouvons pas de badge ici"),
        ({"scanned": "WIFI:S:atelier;;"}, 422, "« WIFI:S:atelier;; »"),
    ],
)  # fmt: skip
def test_what_is_no_badge_gets_kind_words(client: FlaskClient, fields: dict[str, Any], status: int, words: str) -> None:
    answer = hand_in(client, **fields)
    assert answer.status_code == status
    assert words in answer.text
    assert "vérifi" in answer.text.casefold()


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"x" * (5 * 1024 * 1024 + 70_000), "multipart/form-data; boundary=x"),
        (
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + b"x" * 1_600_000 + b"\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_too_much_is_refused_with_the_limit(client: FlaskClient, data: bytes, content_type: str) -> None:
    answer = client.post("/verifier", data=data, content_type=content_type, headers=FRENCH)
    assert answer.status_code == 413
    assert "Ce fichier est trop gros." in answer.text
    assert "Nous lisons jusqu’à 5\u00a0Mo." in answer.text


def test_a_form_of_another_site_is_refused(client: FlaskClient) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert hand_in(client, headers=headers, text="x").status_code == 403
    assert hand_in(client, headers={"Sec-Fetch-Site": "same-origin"}, text="x").status_code == 422


def test_foreign_words_are_escaped_cut_and_kept_in_line(client: FlaskClient) -> None:
    name = "<img src=x onerror=alert(1)>\u202e" + "a" * 5000
    document = foreign.badge(name=name, issuer={"id": foreign.ISSUER_ID, "type": ["Profile"], "name": "</bdi><script>"})
    answer = hand_in(client, text=foreign.text(document))
    assert "&lt;img src=x onerror=alert(1)&gt;" in answer.text
    assert "<img src=x" not in answer.text
    assert "\u202e" not in answer.text
    assert "a" * 200 not in answer.text
    assert "&lt;/bdi&gt;&lt;script&gt;" in answer.text


def shown_pictures(answer: TestResponse) -> list[bytes]:
    return [
        base64.b64decode(found)
        for found in re.findall(r'<img class="picture" src="data:image/png;base64,([^"]+)"', answer.text)
    ]


def test_a_foreign_picture_is_drawn_again(client: FlaskClient) -> None:
    baked = foreign.baked(foreign.badge())
    (shown,) = shown_pictures(hand_in(client, file=baked))
    assert b"openbadge" not in shown
    assert shown not in baked
    assert max(Image.open(io.BytesIO(shown)).size) <= 304


def with_picture(url: str) -> str:
    document = foreign.badge()
    subject = document["credentialSubject"]
    subject["achievement"]["image"] = {"id": url, "type": "Image"}
    return foreign.text(foreign.badge(credentialSubject=subject))


def test_a_picture_written_into_the_badge_is_drawn_again(client: FlaskClient) -> None:
    answer = hand_in(client, text=with_picture(foreign.data_url(foreign.picture(900))))
    (shown,) = shown_pictures(answer)
    assert max(Image.open(io.BytesIO(shown)).size) == 304


@pytest.mark.parametrize(
    "url",
    [
        foreign.data_url(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml"),
        foreign.data_url(b"<svg/>"),
        "data:text/html,alert(1)",
        "https://tracker.example/pixel.png",
        "javascript:alert(1)",
    ],
)
def test_no_other_picture_is_shown_or_asked_for(client: FlaskClient, url: str) -> None:
    answer = hand_in(client, text=with_picture(url))
    assert '<img class="picture"' not in answer.text
    assert "tracker.example" not in answer.text
    assert "alert(1)" not in answer.text


def test_a_decompression_bomb_is_not_drawn(client: FlaskClient) -> None:
    buffer = io.BytesIO()
    Image.new("L", (12_000, 12_000)).save(buffer, "PNG")
    assert hand_in(client, file=buffer.getvalue()).status_code == 422
    answer = hand_in(client, text=with_picture(foreign.data_url(buffer.getvalue())))
    assert '<img class="picture"' not in answer.text


def test_every_question_is_shown_with_its_answer(client: FlaskClient) -> None:
    answer = hand_in(client, text=foreign.text(foreign.badge()))
    assert "Toutes les questions posées (17)" in answer.text
    assert answer.text.count(" ?</strong>".replace(" ", "\u202f")) == 17
    assert "Ce que ce contrôle ne prouve pas" in answer.text


def test_the_report_can_be_kept(client: FlaskClient) -> None:
    answer = hand_in(client, file=foreign.baked(foreign.badge()))
    found = re.search(r'href="data:application/json;base64,([^"]+)" download', answer.text)
    assert found
    report = json.loads(base64.b64decode(found[1]))
    assert (report["source"], report["container"], report["verdict"]) == ("badge", "png", "verified")


def test_a_hosted_badge_is_not_called_signed(client: FlaskClient, sample: Sample) -> None:
    uuid = str(sample.awards("signed")[0].id).rpartition("/")[2]
    answer = hand_in(client, file=client.get(f"/ob2/assertions/{uuid}.json").data)
    assert "Le badge est bien publié chez son émetteur" in answer.text
    changed = client.get(f"/ob2/assertions/{uuid}.json").get_json(force=True) | {"narrative": "autre chose"}
    answer = hand_in(client, text=json.dumps(changed))
    assert "Nous montrons ce que dit l’émetteur." in answer.text


def test_in_english(client: FlaskClient) -> None:
    answer = hand_in(client, lang="en", file=foreign.baked(foreign.badge()))
    assert verdict(answer) == "Valid signature, issuer not recognised"


def test_the_page_is_light(client: FlaskClient) -> None:
    page = client.get("/verifier", headers=FRENCH)
    report = hand_in(client, text=foreign.text(foreign.badge()))
    assert len(page.data) < 12_000
    assert len(report.data) < 50_000


@pytest.mark.parametrize("day", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2026-03-01", "demain"])
def test_no_date_of_a_stranger_breaks_the_page(client: FlaskClient, day: str) -> None:
    for dated in (foreign.badge(validUntil=day), foreign.badge(validFrom=day)):
        answer = hand_in(client, text=foreign.text(dated))
        assert answer.status_code == 200
        assert verdict(answer) != "Badge authentique"


@pytest.mark.parametrize("part", range(8))
def test_mutated_files_get_an_answer(client: FlaskClient, part: int) -> None:
    """One byte changed, at places spread over the whole file."""
    whole = foreign.baked(foreign.badge()) if part % 2 else foreign.text(foreign.badge()).encode()
    for place in range(part, len(whole), len(whole) // 12):
        changed = whole[:place] + bytes([whole[place] ^ (1 << part)]) + whole[place + 1 :]
        answer = hand_in(client, file=changed)
        assert answer.status_code in (200, 422), place
        assert 'class="verdict valid"' not in answer.text
