"""The shape of a class and of a pathway: required fields, types and forms; unknown fields are refused."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

SECTORS = (
    "transversal",
    "securite",
    "espaces_verts",
    "batiment_second_oeuvre",
    "nettoyage",
    "medico_social",
    "logistique",
    "restauration",
    "recyclage_ressourcerie",
    "mobilite",
    "numerique",
    "tutorat",
)
# Those of OB 3.0 (Achievement, achievementType) that promise no diploma, degree, licence or State certificate.
ACHIEVEMENT_TYPES = (
    "Achievement",
    "Assessment",
    "Award",
    "Badge",
    "CoCurricular",
    "CommunityService",
    "Competency",
    "Course",
    "Fieldwork",
    "LearningProgram",
    "Membership",
    "MicroCredential",
)
SLUG = validate.And(
    validate.Regexp(r"[a-z0-9]+(-[a-z0-9]+)*\Z", error="Only a-z, 0-9 and single hyphens inside."),
    validate.Length(max=80),
)
_CODE = validate.And(
    validate.Regexp(r"[A-Z0-9]+(-[A-Z0-9]+)*\Z", error="Only A-Z, 0-9 and single hyphens inside, like MS-01."),
    validate.Length(max=40),
)
_VERSION = validate.And(
    validate.Regexp(r"[0-9]+(\.[0-9]+)*\Z", error='Only numbers and dots, in quotes: "1" or "1.2".'),
    validate.Length(max=20),
)
_ROME = r"[A-N]\d{4}\Z"
_ALIGNMENT_CODES = {
    "ROME": validate.Regexp(_ROME, error="A ROME code is a letter A-N and four digits, like K2204."),
    "ESCO": validate.Regexp(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", error="The UUID at the end of its URI."),
    "CLEA": validate.Regexp(r"[1-7]\Z", error="A CléA domain is a number from 1 to 7."),
}


class DayField(fields.Field[date]):
    """A day, written bare in TOML: 2026-01-31."""

    def _deserialize(self, value: object, *_: object, **__: object) -> date:
        if isinstance(value, datetime) or not isinstance(value, date):
            raise ValidationError(f"Not a day: write it like 2026-01-31, without quotes. Got {value!r}.")
        return value


class WholeField(fields.Field[int]):
    """A whole number, not in quotes."""

    def _deserialize(self, value: object, *_: object, **__: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError(f"Not a whole number: {value!r}.")
        return value


class FlagField(fields.Field[bool]):
    """True or false, not in quotes."""

    def _deserialize(self, value: object, *_: object, **__: object) -> bool:
        if not isinstance(value, bool):
            raise ValidationError(f"Not true or false: {value!r}.")
        return value


def _text(limit: int = 2000, **more: Any) -> fields.String:
    check = [validate.Length(max=limit), validate.Regexp(r"\s*\S", error="Must not be empty.")]
    return fields.String(**{"required": True, "validate": check, **more})


def _level(**more: Any) -> WholeField:
    return WholeField(validate=validate.OneOf((1, 2, 3), error="A level is 1, 2 or 3."), **more)


class EvidenceRuleSchema(Schema):
    """`[evidence_rule]`."""

    min_observations = WholeField(validate=validate.Range(min=1, max=9))
    second_observer_from_level = _level()


class AlignmentSchema(Schema):
    """`[[alignments]]`."""

    target_type = fields.String(required=True, validate=validate.OneOf(tuple(_ALIGNMENT_CODES)))
    code = _text(80)
    name = _text(300)
    url = fields.Url(required=True, schemes={"https", "http"}, validate=validate.Length(max=2000))
    is_partial = FlagField(data_key="partial", attribute="partial", load_default=False)

    @validates_schema
    def check_code(self, data: Mapping[str, Any], **_: object) -> None:
        """Hold the code against the form of its framework."""
        try:
            _ALIGNMENT_CODES[data["target_type"]](data["code"])
        except ValidationError as error:
            raise ValidationError(error.messages, "code") from error


class ClassSchema(Schema):
    """One class: `ms-01.toml`."""

    code = fields.String(required=True, validate=_CODE)
    version = fields.String(required=True, validate=_VERSION)
    name = _text(200)
    description = _text()
    easy_read = _text()
    sector = fields.String(required=True, validate=validate.OneOf(SECTORS, error="Unknown sector {input!r}."))
    levels = fields.List(_level(), required=True)
    criteria = fields.List(_text(500), required=True, validate=validate.Length(min=1, error="At least one is needed."))
    evidence = _text()
    evidence_rule = fields.Nested(EvidenceRuleSchema, load_default=dict)
    validity_months = WholeField(load_default=None, validate=validate.Range(min=1, max=1200))
    achievement_type = fields.String(required=True, validate=validate.OneOf(ACHIEVEMENT_TYPES))
    alignments = fields.List(fields.Nested(AlignmentSchema), load_default=list)
    caution = _text(required=False, load_default=None)
    tags = fields.List(_text(80), load_default=list)
    language = fields.String(required=True, validate=validate.Regexp(r"[a-z]{2}(-[A-Z]{2})?\Z", error="Like fr."))
    published_on = DayField(required=True)
    acceptance = fields.String(load_default="worker", validate=validate.OneOf(("worker", "none")))
    milestone = FlagField(load_default=False)
    retired = FlagField(load_default=False)

    @validates_schema(skip_on_field_errors=True)
    def check_levels(self, data: Mapping[str, Any], **_: object) -> None:
        """Levels rise, each once; only a milestone goes without."""
        levels = data["levels"]
        if levels != sorted(set(levels)):
            raise ValidationError("Write each level once, the lowest first.", "levels")
        if not levels and not data["milestone"]:
            raise ValidationError("At least one level is needed; only a milestone has none.", "levels")


class ComponentSchema(Schema):
    """`[[required]]`: without level, any level counts."""

    achievement = fields.String(required=True, validate=SLUG)
    level = _level(load_default=None)


class ChoiceSchema(Schema):
    """`[[choices]]`: `count` of those in `from`, or of all technical classes."""

    count = WholeField(required=True, validate=validate.Range(min=1))
    among = fields.List(fields.String(validate=SLUG), data_key="from", load_default=list)
    technical = FlagField(load_default=False)
    same_sector = FlagField(load_default=False)
    level = _level(load_default=None)

    @validates_schema(skip_on_field_errors=True)
    def check_among(self, data: Mapping[str, Any], **_: object) -> None:
        """Say from what to choose, once; and never more than there is."""
        among = data["among"]
        if bool(among) == data["technical"]:
            raise ValidationError("Write either from = […] or technical = true.", "from")
        if among and data["count"] > len(set(among)):
            raise ValidationError(f"More than the {len(set(among))} to choose from.", "count")


class ConditionSchema(Schema):
    """`[[conditions]]`."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(("observation_in_establishment", "minimum_span", "company_endorsement")),
    )
    text = _text(500)
    months = WholeField(load_default=None, validate=validate.Range(min=1, max=120))

    @validates_schema(skip_on_field_errors=True)
    def check_months(self, data: Mapping[str, Any], **_: object) -> None:
        """Months belong to a span, and a span has them."""
        if (data["kind"] == "minimum_span") != (data["months"] is not None):
            raise ValidationError("A minimum_span needs months; no other condition has them.", "months")


class PathwaySchema(Schema):
    """One pathway: `pathways/par-1.toml`."""

    code = fields.String(required=True, validate=_CODE)
    version = fields.String(required=True, validate=_VERSION)
    name = _text(200)
    description = _text()
    easy_read = _text()
    milestone = fields.String(required=True, validate=SLUG)
    rome_target = fields.List(fields.String(validate=_ALIGNMENT_CODES["ROME"]), load_default=list)
    components = fields.List(
        fields.Nested(ComponentSchema),
        data_key="required",
        attribute="required",
        required=True,
        validate=validate.Length(min=1, error="At least one is needed."),
    )
    choices = fields.List(fields.Nested(ChoiceSchema), load_default=list)
    conditions = fields.List(fields.Nested(ConditionSchema), load_default=list)
