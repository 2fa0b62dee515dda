"""The tables of OB 3.0's data model, as far as we issue: an independent check of what our builders write.

Every object must be of a known class, hold its required members and no unknown one, with arrays where the table says
many and never empty.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from badges_server.credentials.json_text import JsonObject, JsonValue

DATE_TIME_Z = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
URI = re.compile(r"(https?://|urn:uuid:|did:web:)\S+")
LANGUAGE = re.compile(r"[a-z]{2,4}")
TARGET_TYPE = re.compile(r"ceasn:Competency|ceterms:Credential|CF\w+|CTDL|ext:[A-Za-z0-9.\-_]+")
TEXT = re.compile(r".+", re.DOTALL)


@dataclass(frozen=True)
class Member:
    """One line of a table: the value's class (or expression), whether it is required, whether it is an array."""

    value: str | re.Pattern[str]
    required: bool = False
    many: bool = False


def required(value: str | re.Pattern[str]) -> Member:
    return Member(value, required=True)


def many(value: str | re.Pattern[str]) -> Member:
    return Member(value, many=True)


TYPES = Member(TEXT, required=True, many=True)
CREDENTIAL = {
    "@context": TYPES,
    "id": required(URI),
    "type": TYPES,
    "description": Member(TEXT),
    "issuer": required("Profile"),
    "validFrom": required(DATE_TIME_Z),
    "validUntil": Member(DATE_TIME_Z),
    "awardedDate": Member(DATE_TIME_Z),
    "evidence": many("Evidence"),
    "credentialStatus": Member("CredentialStatus"),
}
TABLES: dict[str, dict[str, Member]] = {
    "OpenBadgeCredential": {
        **CREDENTIAL,
        "name": Member(TEXT),
        "credentialSubject": required("AchievementSubject"),
    },
    "EndorsementCredential": {
        **CREDENTIAL,
        "name": required(TEXT),
        "credentialSubject": required("EndorsementSubject"),
    },
    "EndorsementSubject": {"id": required(URI), "type": TYPES, "endorsementComment": Member(TEXT)},
    "AchievementSubject": {
        "id": required(URI),
        "type": TYPES,
        "achievement": required("Achievement"),
        "result": many("Result"),
    },
    "Achievement": {
        "id": required(URI),
        "type": TYPES,
        "name": required(TEXT),
        "description": required(TEXT),
        "criteria": required("Criteria"),
        "achievementType": Member(re.compile("Competency|MicroCredential")),
        "alignment": many("Alignment"),
        "creator": Member("Profile"),
        "humanCode": Member(TEXT),
        "image": Member("Image"),
        "inLanguage": Member(LANGUAGE),
        "resultDescription": many("ResultDescription"),
        "tag": many(TEXT),
        "version": Member(TEXT),
    },
    "Profile": {
        "id": required(URI),
        "type": TYPES,
        "name": Member(TEXT),
        "url": Member(URI),
        "description": Member(TEXT),
        "email": Member(TEXT),
    },
    "Criteria": {"id": Member(URI), "narrative": Member(TEXT)},
    "Evidence": {"type": TYPES, "name": Member(TEXT), "narrative": Member(TEXT)},
    "Image": {"id": required(URI), "type": required(re.compile("Image")), "caption": Member(TEXT)},
    "Alignment": {
        "type": TYPES,
        "targetName": required(TEXT),
        "targetUrl": required(URI),
        "targetCode": Member(TEXT),
        "targetDescription": Member(TEXT),
        "targetFramework": Member(TEXT),
        "targetType": Member(TARGET_TYPE),
    },
    "Result": {
        "type": TYPES,
        "resultDescription": Member(URI),
        "achievedLevel": Member(URI),
        "value": Member(TEXT),
    },
    "ResultDescription": {
        "id": required(URI),
        "type": TYPES,
        "name": required(TEXT),
        "resultType": required(re.compile("RubricCriterionLevel")),
        "rubricCriterionLevel": many("RubricCriterionLevel"),
    },
    "RubricCriterionLevel": {
        "id": required(URI),
        "type": TYPES,
        "name": required(TEXT),
        "description": Member(TEXT),
        "level": Member(TEXT),
    },
    "CredentialStatus": {
        "id": required(URI),
        "type": required(re.compile("BitstringStatusListEntry")),
        "statusPurpose": required(re.compile("revocation")),
        "statusListIndex": required(re.compile(r"\d+")),
        "statusListCredential": required(URI),
    },
}
WITHOUT_TYPE = {"Criteria", "CredentialStatus", "Image"}


def faults(value: JsonValue, kind: str | re.Pattern[str], path: str = "$") -> Iterator[str]:
    """Say everything in which `value` is not of `kind`."""
    if isinstance(kind, re.Pattern):
        if not isinstance(value, str) or not kind.fullmatch(value):
            yield f"{path}: {value!r} is not {kind.pattern}"
    elif not isinstance(value, dict):
        yield f"{path}: an object is expected"
    else:
        yield from _faults_of_object(value, kind, path)


def _faults_of_object(value: JsonObject, kind: str, path: str) -> Iterator[str]:
    table = TABLES[kind]
    if kind not in WITHOUT_TYPE and kind not in value.get("type", []):
        yield f"{path}: type lacks {kind}"
    yield from (f"{path}.{name} is missing" for name, member in table.items() if member.required and name not in value)
    for name, content in value.items():
        if name not in table:
            yield f"{path}.{name} is not in the table of {kind}"
        elif table[name].many:
            yield from _faults_of_array(content, table[name].value, f"{path}.{name}")
        else:
            yield from faults(content, table[name].value, f"{path}.{name}")


def _faults_of_array(value: JsonValue, kind: str | re.Pattern[str], path: str) -> Iterator[str]:
    if not isinstance(value, list) or not value:
        yield f"{path}: an array of one or more is expected"
        return
    for index, item in enumerate(value):
        yield from faults(item, kind, f"{path}[{index}]")
