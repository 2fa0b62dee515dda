"""What the documents say and how they hold together: read by programs that know nothing of the server."""

import json
from io import BytesIO

import jwt
from flask.testing import FlaskClient
from PIL import Image

from badges_server.credentials.baking import png, svg
from badges_server.credentials.data_integrity import proofs_of, verify, without_proof
from badges_server.credentials.did import did_web_url, methods_of
from badges_server.credentials.forbidden_words import find_forbidden
from badges_server.credentials.json_text import JsonObject, parse_json_object
from badges_server.credentials.recipient import identity_hash
from badges_server.credentials.status_list import StatusEntry, StatusList, is_status_set
from badges_server.credentials.verification_method import rsa_from_pem
from badges_server.services import keys
from badges_server.services.profiles import members
from badges_server.services.revoking import revoke
from tests.web.open_badges.badges import NETWORK_HOST, NEUTRAL_HOST, Badge, badge_of
from tests.web.open_badges.conftest import client_of
from tests.web.sample import Sample


def document_of(reader: FlaskClient, path: str, host: str = NEUTRAL_HOST) -> JsonObject:
    answer = reader.get(path, headers={"Host": host, "Accept": "application/json"})
    assert answer.status_code in (200, 410), path
    return parse_json_object(answer.data)


def path_of(url: str) -> tuple[str, str]:
    host, _, path = url.removeprefix("https://").partition("/")
    return f"/{path}", host


def check_proof(reader: FlaskClient, document: JsonObject) -> None:
    """Verify the embedded proof with the key that its own DID document publishes."""
    proof = proofs_of(document)[0]
    issuer = document["issuer"]
    did = issuer if isinstance(issuer, str) else issuer["id"]
    assert proof["verificationMethod"].startswith(f"{did}#")
    keys = {method.id: method for method in methods_of(document_of(reader, *path_of(did_web_url(did))))}
    verify(document, proof, keys[proof["verificationMethod"]].public_key)


def test_credential_endorsement_and_status_list_verify_with_published_keys(
    reader: FlaskClient, neutral: Badge, named: Badge
) -> None:
    for badge in (neutral, named):
        credential = document_of(reader, f"/credentials/{badge.id}")
        check_proof(reader, credential)
        status = document_of(reader, *path_of(credential["credentialStatus"]["statusListCredential"]))
        check_proof(reader, status)
        issuer = credential["issuer"]["id"]
        assert status["issuer"] == issuer, "verifiers demand the same issuer"


def test_a_named_issuer_shows_its_membership_and_a_neutral_one_nothing(
    reader: FlaskClient, neutral: Badge, named: Badge
) -> None:
    profile = document_of(reader, f"/issuers/{named.issuer}", NETWORK_HOST)
    endorsement = profile["endorsement"][0]
    check_proof(reader, endorsement)
    assert endorsement["credentialSubject"]["id"] == profile["id"]
    served = document_of(reader, *path_of(endorsement["id"]))
    assert served == endorsement

    root = document_of(reader, f"/issuers/{neutral.issuer}")
    assert root.keys().isdisjoint({"endorsement", "parentOrg", "otherIdentifier"})


def test_an_achievement_carries_the_recognition_of_its_creator(reader: FlaskClient, neutral: Badge) -> None:
    achievement = document_of(reader, f"/achievements/{neutral.slug}/1")
    assert achievement["id"] == f"https://{NEUTRAL_HOST}/achievements/{neutral.slug}/1"
    check_proof(reader, achievement["endorsement"][0])
    credential = document_of(reader, f"/credentials/{neutral.id}")
    embedded = credential["credentialSubject"]["achievement"]
    same = embedded.keys() - {"creator"}
    assert {name: achievement[name] for name in same} == {name: embedded[name] for name in same}
    assert achievement["creator"]["id"] == embedded["creator"]["id"]


def test_a_milestone_points_at_what_it_brings_together(reader: FlaskClient) -> None:
    milestone = document_of(reader, "/achievements/par-1/1")
    components = [one["targetUrl"] for one in milestone["alignment"] if one["targetType"] == "ext:Achievement"]
    assert f"https://{NEUTRAL_HOST}/achievements/ms-01/1" in components
    assert len(components) == 8
    for url in components:
        assert document_of(reader, *path_of(url))["type"] == ["Achievement"]


def test_the_jwt_verifies_for_a_client_that_knows_the_key_set_alone(
    reader: FlaskClient, neutral: Badge, named: Badge
) -> None:
    for badge, host in ((neutral, NEUTRAL_HOST), (named, NETWORK_HOST)):
        token = reader.get(f"/credentials/{badge.id}.jwt").get_data(as_text=True)
        key_set = jwt.PyJWKSet.from_dict(document_of(reader, "/.well-known/jwks.json", host))
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(token, key_set[header["kid"]], algorithms=["RS256"])

        credential = document_of(reader, f"/credentials/{badge.id}")
        assert header.keys() == {"alg", "kid", "typ"}
        assert {name: claims[name] for name in credential if name != "proof"} == without_proof(credential)
        assert (claims["iss"], claims["jti"]) == (credential["issuer"]["id"], credential["id"])
        assert claims["sub"] == credential["credentialSubject"]["id"]
        assert "proof" not in claims


def test_the_status_list_comes_as_jwt_too(reader: FlaskClient, neutral: Badge) -> None:
    path = f"/status/{neutral.list_id}"
    token = reader.get(path, headers={"Accept": "application/vc+jwt"}).get_data(as_text=True)
    key_set = jwt.PyJWKSet.from_dict(document_of(reader, "/.well-known/jwks.json"))
    claims = jwt.decode(token, key_set[jwt.get_unverified_header(token)["kid"]], algorithms=["RS256"])
    assert claims["credentialSubject"] == document_of(reader, path)["credentialSubject"]
    again = reader.get(path, headers={"Accept": "application/vc+jwt"}).get_data(as_text=True)
    assert again == token


def test_pictures_carry_the_documents(reader: FlaskClient, neutral: Badge) -> None:
    for path, keyword, version in (
        (f"/credentials/{neutral.id}", png.KEYWORD_3, "3.0"),
        (f"/ob2/assertions/{neutral.id}", png.KEYWORD_2, "2.0"),
    ):
        text = reader.get(f"{path}.json").get_data(as_text=True)
        drawn = reader.get(f"{path}.png")
        assert png.extract(drawn.data) == [(keyword, text)]
        assert svg.extract(reader.get(f"{path}.svg").data) == [(version, text)]
        with Image.open(BytesIO(drawn.data)) as picture:
            assert picture.size == (480, 480)
        assert drawn.headers["Content-Disposition"] == f'inline; filename="badge-{neutral.slug}.png"'


def test_only_the_credentials_picture_shows_a_level(reader: FlaskClient, neutral: Badge) -> None:
    with_level = reader.get(f"/credentials/{neutral.id}.svg").get_data(as_text=True)
    of_class = reader.get(f"/achievements/{neutral.slug}/1.svg").get_data(as_text=True)
    assert "niveau" in with_level
    assert "niveau" not in of_class
    assert '<g id="level"/>' in of_class


def test_the_hosted_assertion_leads_through_class_to_issuer(reader: FlaskClient, neutral: Badge) -> None:
    assertion = document_of(reader, f"/ob2/assertions/{neutral.id}")
    credential = document_of(reader, f"/credentials/{neutral.id}")
    badge_class = document_of(reader, *path_of(assertion["badge"]))
    issuer = document_of(reader, *path_of(badge_class["issuer"]))

    assert assertion["id"].startswith(issuer["verification"]["startsWith"])
    recipient = assertion["recipient"]
    assert recipient["identity"] == identity_hash(credential["credentialSubject"]["id"], recipient["salt"])
    assert assertion["issuedOn"] == credential["awardedDate"]
    assert assertion["evidence"][0]["narrative"] == credential["evidence"][0]["narrative"]
    assert reader.get(path_of(assertion["image"])[0]).mimetype == "image/png"
    assert reader.get(path_of(badge_class["image"])[0]).mimetype == "image/png"


def test_the_signed_assertion_verifies_with_the_issuers_own_key(reader: FlaskClient, neutral: Badge) -> None:
    token = reader.get(f"/ob2/assertions/{neutral.id}.jws").get_data(as_text=True)
    unchecked = jwt.decode_complete(token, options={"verify_signature": False})["payload"]
    key = document_of(reader, *path_of(unchecked["verification"]["creator"]))
    payload = jwt.decode(token, rsa_from_pem(key["publicKeyPem"]), algorithms=["RS256"])

    issuer = document_of(reader, *path_of(key["owner"]))
    assert key["id"] in issuer["publicKey"]
    assert payload["id"].startswith("urn:uuid:")
    assert neutral.id not in json.dumps(payload)
    assert payload["badge"].startswith(f"https://{NEUTRAL_HOST}/ob2/badges/{neutral.issuer}/")


def test_revoking_shows_everywhere_at_once(own_sample: Sample) -> None:
    reader = client_of(own_sample)
    reader.environ_base["HTTP_HOST"] = "localhost"
    badge = badge_of(own_sample, "signed")
    jws = reader.get(f"/ob2/assertions/{badge.id}.jws").get_data(as_text=True)
    uid = jwt.decode_complete(jws, options={"verify_signature": False})["payload"]["id"]
    before = reader.get(f"/status/{badge.list_id}")
    signed = reader.get(f"/credentials/{badge.id}").data

    revoke(own_sample.server, badge.id, reason="error", note="private words", actor="operator")

    status = reader.get(f"/status/{badge.list_id}", headers={"If-None-Match": before.headers["ETag"]})
    subject = status.get_json(force=True)["credentialSubject"]
    entry = StatusEntry("revocation", badge.list_index, "")
    assert is_status_set(entry, StatusList((subject["statusPurpose"],), subject["encodedList"]))
    assert reader.get(f"/ob2/assertions/{badge.id}").status_code == 410
    listed = reader.get(f"/ob2/revocations/{badge.issuer}")
    assert {"id": uid} in listed.get_json(force=True)["revokedAssertions"]
    assert badge.id not in listed.get_data(as_text=True)
    assert reader.get(f"/credentials/{badge.id}").data == signed
    for path in badge.addresses():
        assert b"private words" not in reader.get(path).data


def test_no_neutral_answer_tells(published: Sample, reader: FlaskClient, neutral: Badge) -> None:
    with published.server.database.reading() as session:
        names = [word for member in members(session) for word in (member.name, member.slug)]
    names += ["COORACE Normandie", NETWORK_HOST]
    for path in neutral.addresses():
        answer = reader.get(path)
        told = f"{answer.headers}\n{answer.data.decode('utf-8', 'ignore')}"
        if path.endswith((".jwt", ".jws")):
            told += json.dumps(jwt.decode_complete(answer.data, options={"verify_signature": False})["payload"])
        assert find_forbidden(told.replace('"kty":"RSA"', ""), names) == [], path


def test_the_jwt_is_not_served_when_nobody_can_sign_it(own_sample: Sample) -> None:
    reader = client_of(own_sample)
    badge, other = [badge_of(own_sample, "signed"), badge_of(own_sample, "revoked")]
    assert reader.get(f"/credentials/{other.id}.jwt").status_code == 200
    with own_sample.server.database.transaction() as session:
        keys.compromise(own_sample.server, session, badge.issuer, "jwt-1")

    # What the lost key had signed is not served any more either.
    for path in (f"/credentials/{badge.id}.jwt", f"/ob2/assertions/{badge.id}.jws", f"/credentials/{other.id}.jwt"):
        assert reader.get(path).status_code == 404
    assert reader.get(f"/credentials/{badge.id}").status_code == 200
