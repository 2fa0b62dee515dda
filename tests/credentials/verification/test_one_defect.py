"""One defect changes one finding: each sample is a good credential with a single fault, signed anew where it can be."""

import pytest

from badges_server.credentials import jwt_proof
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.verification import Report
from tests.credentials.verification.world import (
    ASSERTION_URL,
    BADGE_URL,
    ISSUER_URL,
    REMOVED,
    badge_class,
    changed,
    differences,
    hosted_assertion,
    issuer_profile,
    jws,
    jwt_signer,
    open_badge,
    signed,
    signed_assertion,
    world,
    world_2,
)

SUBJECT = "credentialSubject"
ACHIEVEMENT = f"{SUBJECT}/achievement"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
V2 = "https://www.w3.org/ns/credentials/v2"

# place, value, check that must fail, path of its finding. The signature is made anew, so it holds.
Defect = tuple[str, object, str, str]
DEFECTS: list[Defect] = [
    ("id", REMOVED, "model", "$.id"),
    ("name", ["a"], "model", "$.name"),
    ("name", 7, "model", "$.name"),
    ("awardedDate", "2026-02-27T10:00:00", "model", "$.awardedDate"),
    ("awardedDate", "27/02/2026", "model", "$.awardedDate"),
    ("awardedDate", "2026-02-30T10:00:00Z", "model", "$.awardedDate"),
    ("evidence/0/narrative", 7, "model", "$.evidence[0].narrative"),
    ("issuer/email", "nobody", "model", "$.issuer.email"),
    ("issuer/url", "somewhere", "model", "$.issuer.url"),
    ("issuer/address/geo/latitude", "north", "model", "$.issuer.address.geo.latitude"),
    ("issuer/address/geo/latitude", REMOVED, "model", "$.issuer.address.geo.latitude"),
    ("issuer/dateOfBirth", "yesterday", "model", "$.issuer.dateOfBirth"),
    (f"{SUBJECT}/activityStartDate", "soon", "model", "$.credentialSubject.activityStartDate"),
    (f"{SUBJECT}/narrative", ["a", "b"], "model", "$.credentialSubject.narrative"),
    (f"{SUBJECT}/identifier/0/hashed", REMOVED, "model", "$.credentialSubject.identifier[0].hashed"),
    (f"{SUBJECT}/identifier/0/identityHash", REMOVED, "model", "$.credentialSubject.identifier[0].identityHash"),
    (f"{SUBJECT}/identifier/0/identityType", "email", "model", "$.credentialSubject.identifier[0].identityType"),
    (f"{SUBJECT}/identifier/0/identityType", "ext:", "model", "$.credentialSubject.identifier[0].identityType"),
    (f"{SUBJECT}/identifier/0/name", "x", "model", "$.credentialSubject.identifier[0].name"),
    (f"{SUBJECT}/result/0/status", "Done", "model", "$.credentialSubject.result[0].status"),
    (f"{SUBJECT}/result/0/resultDescription", "urn:x:1", "model", "$.credentialSubject.result[0].resultDescription"),
    (f"{SUBJECT}/result/0/achievedLevel", "urn:x:1", "model", "$.credentialSubject.result[0].achievedLevel"),
    (f"{SUBJECT}/result/0/value", "9", "model", "$.credentialSubject.result[0].value"),
    (f"{ACHIEVEMENT}/id", REMOVED, "model", "$.credentialSubject.achievement.id"),
    (f"{ACHIEVEMENT}/name", REMOVED, "model", "$.credentialSubject.achievement.name"),
    (f"{ACHIEVEMENT}/description", REMOVED, "model", "$.credentialSubject.achievement.description"),
    (f"{ACHIEVEMENT}/achievementType", "Skill", "model", "$.credentialSubject.achievement.achievementType"),
    (f"{ACHIEVEMENT}/inLanguage", "French", "model", "$.credentialSubject.achievement.inLanguage"),
    (f"{ACHIEVEMENT}/tag", [1], "model", "$.credentialSubject.achievement.tag[0]"),
    (f"{ACHIEVEMENT}/image/id", REMOVED, "model", "$.credentialSubject.achievement.image.id"),
    (f"{ACHIEVEMENT}/creator/id", REMOVED, "model", "$.credentialSubject.achievement.creator.id"),
    (
        f"{ACHIEVEMENT}/alignment/0/targetName",
        REMOVED,
        "model",
        "$.credentialSubject.achievement.alignment[0].targetName",
    ),
    (
        f"{ACHIEVEMENT}/alignment/0/targetUrl",
        REMOVED,
        "model",
        "$.credentialSubject.achievement.alignment[0].targetUrl",
    ),
    (
        f"{ACHIEVEMENT}/alignment/0/targetType",
        "ROME",
        "model",
        "$.credentialSubject.achievement.alignment[0].targetType",
    ),
    (
        f"{ACHIEVEMENT}/resultDescription/0/resultType",
        "Level",
        "model",
        "$.credentialSubject.achievement.resultDescription[0].resultType",
    ),
    (
        f"{ACHIEVEMENT}/resultDescription/0/name",
        REMOVED,
        "model",
        "$.credentialSubject.achievement.resultDescription[0].name",
    ),
    (
        f"{ACHIEVEMENT}/resultDescription/0/rubricCriterionLevel/0/name",
        REMOVED,
        "model",
        "$.credentialSubject.achievement.resultDescription[0].rubricCriterionLevel[0].name",
    ),
    (f"{ACHIEVEMENT}/criteria", REMOVED, "subject", "$.credentialSubject.achievement.criteria"),
    (
        f"{ACHIEVEMENT}/criteria",
        {"type": ["Criteria"]},
        "subject",
        "$.credentialSubject.achievement.criteria.narrative",
    ),
    (f"{SUBJECT}/achievement", REMOVED, "subject", "$.credentialSubject.achievement"),
    ("type", ["VerifiableCredential"], "type", "$.type"),
    ("credentialStatus/statusListIndex", "-1", "status", "$.credentialStatus.statusListIndex"),
    ("credentialStatus/statusListIndex", REMOVED, "status", "$.credentialStatus"),
    ("credentialStatus/statusListIndex", "131072", "status", "$.credentialStatus"),
    ("credentialStatus/statusPurpose", "suspension", "status", "$.credentialStatus"),
    ("credentialStatus/statusSize", 0, "status", "$.credentialStatus.statusSize"),
    ("validFrom", "2026-06-01T12:00:01Z", "validity", "$.validFrom"),
    ("validUntil", "2026-06-01T11:59:59Z", "validity", "$.validUntil"),
]
# The same, where the fault is one of JSON-LD too: nothing can be canonicalized, so an embedded proof cannot be made.
JSON_LD_DEFECTS: list[Defect] = [
    ("id", "no uri", "model", "$.id"),
    ("id", 7, "model", "$.id"),
    ("issuer/name", {"en": 1}, "model", "$.issuer.name"),
    ("issuer/address/type", ["Place"], "issuer", "$.issuer.address.type"),
    (f"{SUBJECT}/creditsEarned", "2.5", "model", "$.credentialSubject.creditsEarned"),
    (f"{SUBJECT}/identifier/0/hashed", "true", "model", "$.credentialSubject.identifier[0].hashed"),
    (f"{ACHIEVEMENT}/type", ["Badge"], "subject", "$.credentialSubject.achievement.type"),
    (f"{ACHIEVEMENT}/creator/type", ["Person"], "subject", "$.credentialSubject.achievement.creator.type"),
    (f"{ACHIEVEMENT}/image/type", "Picture", "subject", "$.credentialSubject.achievement.image.type"),
    (f"{SUBJECT}/type", ["Person"], "subject", "$.credentialSubject.type"),
    (f"{SUBJECT}/type", REMOVED, "subject", "$.credentialSubject.type"),
    (f"{SUBJECT}/result/0/type", ["Score"], "subject", "$.credentialSubject.result[0].type"),
    (f"{SUBJECT}/identifier/0/type", "Identity", "subject", "$.credentialSubject.identifier[0].type"),
    ("evidence/0/type", ["Proof"], "evidence", "$.evidence[0].type"),
    ("issuer/type", ["Organisation"], "issuer", "$.issuer.type"),
    ("type", ["OpenBadgeCredential"], "type", "$.type"),
    ("@context", [V2, OB], "context", "$.credentialSchema[0].type"),
    (
        "credentialSubject/achievement/favouriteColour",
        "blue",
        "json_ld",
        "$.credentialSubject.achievement.favouriteColour",
    ),
    ("colour", "blue", "json_ld", "$.colour"),
    ("@id", "urn:x:1", "json_ld", "$['@id']"),
    ("@included", [{"id": "urn:x:1"}], "json_ld", "$['@included']"),
    (f"{SUBJECT}/type", ["AchievementSubject", "Hero"], "json_ld", "$.credentialSubject.type[1]"),
    ("issuer/@context", {"name": "https://schema.org/name"}, "json_ld", "$.issuer['@context']"),
    ("@context", [V2, OB, EXTENSIONS, {"name": "https://schema.org/name"}], "json_ld", "$['@context'][3]"),
]
# In Open Badges 2.0: the document that is changed, place, value, check, path.
ASSERTION_DEFECTS: list[Defect] = [
    ("@context", "https://example.org/context", "context", "$['@context']"),
    ("type", "Badge", "type", "$.type"),
    ("recipient", REMOVED, "subject", "$.recipient"),
    ("recipient/hashed", REMOVED, "subject", "$.recipient.hashed"),
    ("recipient/hashed", "true", "subject", "$.recipient.hashed"),
    ("recipient/hashed", False, "subject", "$.recipient.identity"),
    ("recipient/identity", "nobody@example.org", "subject", "$.recipient.identityHash"),
    ("recipient/identity", REMOVED, "subject", "$.recipient.identity"),
    ("recipient/type", REMOVED, "subject", "$.recipient.type"),
    ("image", 7, "model", "$.image"),
    ("narrative", ["a"], "model", "$.narrative"),
    ("revocationReason", 7, "model", "$.revocationReason"),
    ("evidence", ["no url"], "evidence", "$.evidence[0]"),
    ("evidence", [{"narrative": 7}], "evidence", "$.evidence[0].narrative"),
    ("issuedOn", "2026-06-01T12:00:01Z", "validity", "$.issuedOn"),
    ("expires", "2026-06-01T11:59:59Z", "validity", "$.expires"),
    ("verification/type", "hosted-somewhere", "issuer", "$.verification.type"),
]
BADGE_CLASS_DEFECTS: list[Defect] = [
    ("type", "Achievement", "model", "$.badge.type"),
    ("name", REMOVED, "model", "$.badge.name"),
    ("description", REMOVED, "model", "$.badge.description"),
    ("image", REMOVED, "model", "$.badge.image"),
    ("image", "picture.png", "model", "$.badge.image"),
    ("criteria", REMOVED, "model", "$.badge.criteria"),
    ("criteria", 7, "model", "$.badge.criteria"),
    ("alignment/0/targetName", REMOVED, "model", "$.badge.alignment[0].targetName"),
    ("alignment/0/targetUrl", "here", "model", "$.badge.alignment[0].targetUrl"),
    ("tags", [7], "model", "$.badge.tags[0]"),
]
PROFILE_DEFECTS: list[Defect] = [
    ("type", "Person", "model", "$.badge.issuer.type"),
    ("name", REMOVED, "model", "$.badge.issuer.name"),
    ("url", REMOVED, "model", "$.badge.issuer.url"),
    ("email", REMOVED, "model", "$.badge.issuer.email"),
    ("email", "nobody", "model", "$.badge.issuer.email"),
    ("id", "https://other.example/issuer", "issuer", "$.badge.issuer"),
]


def resigned(document: JsonObject) -> JsonObject:
    """Sign; what cannot be canonicalized keeps the proof of the good one."""
    try:
        return signed(document)
    except BadgeError:
        return {**document, "proof": signed(open_badge())["proof"]}


def failed_paths(report: Report, check: str) -> list[str | None]:
    return [finding.path for finding in report.of(check) if finding.outcome == "failed"]


@pytest.mark.parametrize(("place", "value", "check", "path"), DEFECTS)
def test_a_defect_of_an_embedded_credential(place: str, value: object, check: str, path: str) -> None:
    good = world().report(signed(open_badge()))
    report = world().report(signed(changed(open_badge(), place, value)))

    assert differences(report, good) == {check: "failed"}
    assert failed_paths(report, check) == [path]
    assert report.verdict == "not_verified"


@pytest.mark.parametrize(("place", "value", "check", "path"), JSON_LD_DEFECTS)
def test_a_defect_that_json_ld_cannot_hold(place: str, value: object, check: str, path: str) -> None:
    good = world().report(signed(open_badge()))
    report = world().report(resigned(changed(open_badge(), place, value)))

    assert differences(report, good) == {check: "failed", "json_ld": "failed", "proof": "unknown"}
    assert failed_paths(report, check) == [path]
    assert report.verdict == "not_verified"


@pytest.mark.parametrize(("place", "value", "check", "path"), [*DEFECTS, *JSON_LD_DEFECTS])
def test_a_defect_of_a_vc_jwt(place: str, value: object, check: str, path: str) -> None:
    """The signature is over the bytes, so it holds whatever they say; claims are left out where nothing fills them."""
    document = changed(open_badge(), place, value)
    is_json_ld = (place, value, check, path) in JSON_LD_DEFECTS
    good = world().report(token_of(open_badge()))
    report = world().report(token_of(document))

    expected = {check: "failed", **({"json_ld": "failed"} if is_json_ld else {})}
    if place == "id" and value != "no uri":
        expected["proof"] = "failed"  # a claim then repeats what is not there
    assert differences(report, good) == expected
    assert failed_paths(report, check) == [path]


def token_of(document: JsonObject) -> str:
    good = jwt_proof.claims_of(open_badge())
    try:
        payload = jwt_proof.claims_of(document)
    except BadgeError:
        payload = {**document, **{name: good[name] for name in ("iss", "jti", "nbf", "sub", "exp")}}
    return jwt_proof.sign_compact(payload, jwt_signer(), {"kid": jwt_signer().verification_method, "typ": "JWT"})


@pytest.mark.parametrize(("place", "value", "check", "path"), ASSERTION_DEFECTS)
def test_a_defect_of_a_hosted_assertion(place: str, value: object, check: str, path: str) -> None:
    good = world_2().report(hosted_assertion())
    document = changed(hosted_assertion(), place, value)
    pages = world_2()
    pages.puts(ASSERTION_URL, document)
    report = pages.report(document)

    assert differences(report, good) == {check: "failed"}
    assert failed_paths(report, check) == [path]
    assert report.verdict == "not_verified"


@pytest.mark.parametrize(("place", "value", "check", "path"), ASSERTION_DEFECTS)
def test_a_defect_of_a_signed_assertion(place: str, value: object, check: str, path: str) -> None:
    good = world_2().report(jws(signed_assertion()))
    report = world_2().report(jws(changed(signed_assertion(), place, value)))

    assert differences(report, good) == {check: "failed"}
    assert failed_paths(report, check) == [path]


@pytest.mark.parametrize(
    ("url", "place", "value", "check", "path"),
    [(BADGE_URL, *defect) for defect in BADGE_CLASS_DEFECTS] + [(ISSUER_URL, *defect) for defect in PROFILE_DEFECTS],
)
def test_a_defect_of_what_an_assertion_leads_to(url: str, place: str, value: object, check: str, path: str) -> None:
    good = world_2().report(hosted_assertion())
    pages = world_2()
    pages.puts(url, changed(badge_class() if url == BADGE_URL else issuer_profile(), place, value))
    report = pages.report(hosted_assertion())

    assert differences(report, good) == {check: "failed"}
    assert failed_paths(report, check) == [path]
