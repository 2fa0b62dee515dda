"""`/v/<code>`: the employer's page, on really signed badges."""

import re
from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from badges_server.app import create_app
from badges_server.services.revoking import revoke
from badges_server.storage.tables import AwardRow, CredentialRow, StatusListRow
from tests.web.sample import Sample, close

BROWSER = {"Accept": "text/html", "Accept-Language": "fr"}
FORBIDDEN_MARKUP = re.compile(r"<script|javascript:|\son\w+=|\sstyle=|<style|<iframe|<object|@import", re.IGNORECASE)
UNKNOWN = "22222ZZZZZ"


def page(client: FlaskClient, path: str, language: str = "fr") -> str:
    answer = client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
    assert answer.status_code == 200, path
    return answer.text.replace("\u00a0", " ").replace("\u202f", " ")


def verdict(text: str) -> str:
    found = re.search(r'class="verdict (\w+)" role="status"', text)
    assert found
    return found[1]


def test_a_valid_badge_is_authentic_and_says_when_it_was_checked(sample: Sample, client: FlaskClient) -> None:
    text = page(client, f"/v/{sample.code('signed')}")
    assert verdict(text) == "valid"
    assert "<h1>Badge authentique</h1>" in text
    assert "Vérifié le 22 novembre 2026 à 14 h 02" in text
    assert text.count("Contrôle réussi · 14 h 02 min 07 s") == 5


def test_the_order_is_the_employers(sample: Sample, client: FlaskClient) -> None:
    text = page(client, f"/v/{sample.code('signed')}")
    order = [
        "Badge authentique</h1>",
        "Obtenu le",
        "Pourquoi on peut s’y fier",
        "Ce que la personne sait faire",
        "Ce que nous avons vérifié",
        "Ce que ce badge ne prouve pas",
        "Vérifier à nouveau",
        "Rapport technique",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_a_withdrawn_badge_says_so_with_its_day(sample: Sample, client: FlaskClient) -> None:
    text = page(client, f"/v/{sample.code('revoked')}")
    assert verdict(text) == "revoked"
    assert "Ce badge n’est plus valable" in text
    assert "Retiré le 22 novembre 2026." in text
    assert "Le badge a été retiré" in text
    assert "Badge authentique" not in text


def test_an_expired_badge_is_authentic_but_expired(sample: Sample, client: FlaskClient) -> None:
    text = page(client, f"/v/{sample.code('expired')}")
    assert verdict(text) == "expired"
    assert "Badge authentique, mais expiré" in text
    assert re.search(r"Expiré le \d{1,2}(er)? \w+ 20\d\d\.", text)


def test_a_changed_document_is_not_authentic(own_sample: Sample) -> None:
    code = own_sample.code("signed")
    with own_sample.server.database.transaction() as session:
        for row in session.scalars(select(CredentialRow)):
            row.document = (row.document or "").replace('"awardedDate":"2026', '"awardedDate":"2025')
    text = page(own_sample.app.test_client(), f"/v/{code}")
    assert verdict(text) == "not_authentic"
    assert "Ne vous y fiez pas" in text
    assert "La signature ne correspond pas au contenu" in text


def test_a_status_list_that_cannot_be_had_is_not_called_valid(own_sample: Sample) -> None:
    code = own_sample.code("signed")
    # The list has changed and the key that must sign it anew is gone from the disk.
    revoke(own_sample.server, own_sample.code("signed", achievement="se-01"), reason="error", actor="operator")
    own_sample.settings.keys_dir.joinpath("reconnaissance-normandie", "key-1.pem").unlink()
    restarted = create_app(own_sample.settings, own_sample.clock)
    text = page(restarted.test_client(), f"/v/{code}")
    close(restarted)
    assert verdict(text) == "incomplete"
    assert "La liste des badges retirés n’a pas pu être contrôlée" in text
    assert "Badge authentique" not in text


def test_a_status_list_that_is_not_valid_is_no_withdrawal(own_sample: Sample) -> None:
    client, code = own_sample.app.test_client(), own_sample.code("signed")
    assert verdict(page(client, f"/v/{code}")) == "valid"
    with own_sample.server.database.transaction() as session:
        for row in session.scalars(select(StatusListRow)):
            row.signed_document = (row.signed_document or "").replace('"ttl":60000', '"ttl":60001')
    text = page(client, f"/v/{code}")
    assert verdict(text) == "incomplete"
    assert "Le badge a été retiré" not in text


def test_revocation_shows_at_once(own_sample: Sample) -> None:
    code, client = own_sample.code("signed"), own_sample.app.test_client()
    assert verdict(page(client, f"/v/{code}")) == "valid"
    revoke(own_sample.server, code, reason="error", actor="operator")
    assert verdict(page(client, f"/v/{code}")) == "revoked"


def test_neutral_names_the_recognition_profile_alone(sample: Sample, client: FlaskClient) -> None:
    text = page(client, f"/v/{sample.code('signed')}")
    assert "Réseau normand de reconnaissance des compétences" in text
    assert "Observateur habilité ce jour" in text
    assert "COORACE" not in text


def test_named_shows_network_member_and_mandate(sample: Sample, client: FlaskClient) -> None:
    text = page(client, f"/v/{sample.code('signed', 'named')}")
    places = [text.index(words) for words in ("COORACE Normandie", "Membre du réseau ce jour", "Observateur habilité")]
    assert places == sorted(places)


def test_a_code_may_be_typed_in_any_way(sample: Sample, client: FlaskClient) -> None:
    code = sample.code("signed")
    for typed in (code.lower(), f"{code[:4]}-{code[4:8]}-{code[8:]}", f" {code} ", f"{code[:5]}%20{code[5:]}"):
        assert code in page(client, f"/v/{typed}")


def test_the_field_leads_to_the_page(sample: Sample, client: FlaskClient) -> None:
    code = sample.code("signed")
    answer = client.get("/v", query_string={"code": f" {code.lower()[:5]}-{code[5:]}", "lang": "en"}, headers=BROWSER)
    assert (answer.status_code, answer.location) == (303, f"/v/{code}?lang=en")


def test_the_field_says_what_a_code_looks_like(client: FlaskClient) -> None:
    answer = client.get("/v", query_string={"code": "<O0>"}, headers=BROWSER)
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.text
    assert 'value="&lt;O0&gt;"' in answer.text


def test_unknown_offered_declined_malformed_and_erased_are_one_answer(own_sample: Sample) -> None:
    server, client = own_sample.server, own_sample.app.test_client()
    erased = own_sample.code("signed")
    with server.database.transaction() as session:
        award = session.scalars(select(AwardRow).where(AwardRow.code == erased)).one()
        award.state = "erased"
        offered = session.scalars(select(AwardRow).where(AwardRow.state == "offered")).first()
        assert offered is not None
        offered.code = offered.code or "33333YYYYY"
        not_accepted = offered.code
    answers = [client.get(f"/v/{code}", headers=BROWSER) for code in (UNKNOWN, erased, not_accepted, "no-code", "é")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


def test_first_view_is_light(sample: Sample, client: FlaskClient) -> None:
    answer = client.get(f"/v/{sample.code('signed')}", headers=BROWSER)
    asked = re.findall(r'<link rel="stylesheet" href="([^"]+)"|<img [^>]*src="([^"]+)"', answer.text)
    sheets, pictures = [one for one, _ in asked if one], [one for _, one in asked if one]
    assert (len(sheets), len(pictures)) == (1, 1)
    assert len(answer.data) + len(client.get(sheets[0]).data) < 50_000


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_carry_no_script_and_no_inline_style(sample: Sample, client: FlaskClient, language: str) -> None:
    code = sample.code("signed")
    paths = ["/", "/mentions-legales", f"/v/{code}", f"/v/{code}/qr", "/achievements/ev-02/1"]
    for path in (*paths, "/issuers/reconnaissance-normandie"):
        text = page(client, path, language)
        assert not FORBIDDEN_MARKUP.findall(text), path
        assert f'<html lang="{language}">' in text
        assert len(re.findall(r"<h1[ >]", text)) == 1
        assert "<main" in text


def test_language_by_browser_and_by_choice(sample: Sample, client: FlaskClient) -> None:
    path = f"/v/{sample.code('signed')}"
    assert "<h1>Authentic badge</h1>" in page(client, path, "en-GB,en;q=0.9")
    assert "<h1>Badge authentique</h1>" in page(client, f"{path}?lang=fr", "en")
    assert "<h1>Badge authentique</h1>" in page(client, path, "de")
    # The words of the catalogue are French, and say so.
    assert re.search(r'<h2 lang="fr">', page(client, f"{path}?lang=en"))


def test_headings_never_skip_a_step(sample: Sample, client: FlaskClient) -> None:
    for path in ("/", f"/v/{sample.code('signed')}", "/achievements/ev-02/1", "/issuers/reconnaissance-normandie"):
        steps = [int(step) for step in re.findall(r"<h([1-6])[ >]", page(client, path))]
        assert steps[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(steps)), path


def test_qr_page_and_pictures(sample: Sample, client: FlaskClient) -> None:
    code = sample.code("signed")
    assert f"/v/{code}/qr.svg" in page(client, f"/v/{code}/qr")
    for ending, kind in (("png", "image/png"), ("svg", "image/svg+xml")):
        answer = client.get(f"/v/{code}/qr.{ending}")
        assert (answer.status_code, answer.mimetype) == (200, kind)
        assert client.get(f"/v/{UNKNOWN}/qr.{ending}").status_code == 404
    assert client.get(f"/v/{UNKNOWN}/qr", headers=BROWSER).status_code == 404


def test_class_page_says_what_is_asked_and_where_it_comes_from(client: FlaskClient) -> None:
    text = page(client, "/achievements/ms-01/1")
    for words in (
        "Entretenir la chambre d’un résident",
        "En mots simples",
        "Ce qu’il faut savoir faire",
        "Les niveaux",
        "Aucun acte de soin",
        "Ce service utilise la classification ESCO de la Commission européenne.",
        "Qui le reconnaît",
        "publiée le",
    ):
        assert words in text
    assert client.get("/achievements/ms-01/99", headers=BROWSER).status_code == 404


def test_issuer_page_shows_its_keys(client: FlaskClient) -> None:
    text = page(client, "/issuers/reconnaissance-normandie")
    assert "Ed25519" in text
    assert "RS256" in text
    assert "En service depuis le 22 novembre 2026" in text
    assert client.get("/issuers/nobody", headers=BROWSER).status_code == 404


def test_legal_notice_names_the_publisher(client: FlaskClient) -> None:
    assert "COORACE Normandie" in page(client, "/mentions-legales")


def test_no_address_breaks_a_page(client: FlaskClient) -> None:
    for path in ("/credentials/a%00b", "/achievements/a%00/1", "/issuers/%00", "/v/%00", "/v/%FF%FE", "/v/a%00/qr"):
        answer = client.get(path, headers=BROWSER)
        assert (answer.status_code, "Nous ne trouvons rien ici" in answer.text) == (404, True), path
