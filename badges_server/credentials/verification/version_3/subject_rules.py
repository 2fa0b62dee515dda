"""The rules about an AchievementSubject that no table can say (OB 3.0, appendix B.1.2 to B.1.24)."""

from collections.abc import Iterator

from badges_server.credentials.json_text import JsonObject, JsonValue
from badges_server.credentials.verification.facts import shown
from badges_server.credentials.verification.model.checker import Defect, Steps

_ROOT: Steps = ("credentialSubject",)


def subject_defects(subject: JsonObject) -> Iterator[Defect]:
    """Find what is wrong between the properties of `subject`."""
    if not subject.get("id") and not subject.get("identifier"):
        yield Defect("missing", (*_ROOT, "id"), "the subject has neither an id nor an identifier")
    achievement = subject.get("achievement")
    if not isinstance(achievement, dict):
        return
    yield from _criteria_defects(achievement)
    yield from _result_defects(subject, achievement)


def _criteria_defects(achievement: JsonObject) -> Iterator[Defect]:
    criteria = achievement.get("criteria")
    if isinstance(criteria, dict) and not criteria.get("id") and not criteria.get("narrative"):
        steps = (*_ROOT, "achievement", "criteria", "narrative")
        yield Defect("missing", steps, "criteria have neither an id nor a narrative")


def _result_defects(subject: JsonObject, achievement: JsonObject) -> Iterator[Defect]:
    """A result refers to a description of this very achievement, and says what that kind of result needs."""
    described = {item["id"]: item for item in _objects(achievement.get("resultDescription")) if _has_id(item)}
    for index, result in _numbered(subject.get("result")):
        steps: Steps = (*_ROOT, "result", index)
        reference = result.get("resultDescription")
        if isinstance(reference, str) and reference not in described:
            message = f"no resultDescription of this achievement has the id {shown(reference)}"
            yield Defect("value", (*steps, "resultDescription"), message)
        elif isinstance(reference, str):
            yield from _described_result_defects(result, described[reference], steps)


def _described_result_defects(result: JsonObject, description: JsonObject, steps: Steps) -> Iterator[Defect]:
    if description.get("resultType") == "Status" and "status" not in result:
        yield Defect("missing", (*steps, "status"), "a result of type Status needs its status")
    levels = {level["id"] for level in _objects(description.get("rubricCriterionLevel")) if _has_id(level)}
    achieved = result.get("achievedLevel")
    if isinstance(achieved, str) and levels and achieved not in levels:
        message = f"the result's description has no level {shown(achieved)}"
        yield Defect("value", (*steps, "achievedLevel"), message)
    allowed = description.get("allowedValue")
    value = result.get("value")
    if isinstance(allowed, list) and isinstance(value, str) and value not in allowed:
        yield Defect("value", (*steps, "value"), f"{shown(value)} is none of the allowed values")


def _numbered(value: JsonValue) -> Iterator[tuple[int, JsonObject]]:
    for index, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, dict):
            yield index, item


def _objects(value: JsonValue) -> list[JsonObject]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]


def _has_id(item: JsonObject) -> bool:
    return isinstance(item.get("id"), str)
