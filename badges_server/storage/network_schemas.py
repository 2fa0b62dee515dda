"""The shape of `network.toml`, table by table: required fields, types and forms; unknown fields are refused."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate
from stdnum.exceptions import ValidationError as InvalidNumberError
from stdnum.fr import siret

from badges_server.network.members import CONVENTION_KINDS, KINDS_WITHOUT_CONVENTION
from badges_server.storage.catalogue.schemas import SECTORS, SLUG, DayField, WholeField

KINDS = sorted(CONVENTION_KINDS | KINDS_WITHOUT_CONVENTION)

_REFERENCE = validate.And(
    validate.Regexp(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z", error="Only letters, digits, dot, hyphen and underscore."),
    validate.Length(max=80),
)
_WORD = validate.Regexp(r"[a-z][a-z_]*\Z", error="Only a-z and underscore.")


class SiretField(fields.String):
    """A SIRET: 14 digits with two check digits, given as they are or in groups; kept without spaces."""

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        try:
            return str(siret.validate(text))
        except InvalidNumberError as error:
            raise ValidationError(f"Not a SIRET: {text!r}. {error}") from error


def _text(limit: int) -> fields.String:
    return fields.String(required=True, validate=validate.Length(min=1, max=limit))


class ProfileSchema(Schema):
    """`[network]` and what every profile has."""

    slug = fields.String(required=True, validate=SLUG)
    name = _text(200)
    email = fields.Email(required=True, validate=validate.Length(max=254))
    url = fields.Url(required=True, schemes={"https", "http"}, validate=validate.Length(max=2000))
    description = _text(2000)


class RecognitionSchema(ProfileSchema):
    """`[recognition]`: the neutral profile; a page of its own on another site would say too much, so `url` is free."""

    url = fields.Url(load_default=None, schemes={"https", "http"}, validate=validate.Length(max=2000))


class ConventionSchema(Schema):
    """`[[members.conventions]]`."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    starts_on = DayField(required=True)
    ends_on = DayField(load_default=None)


class MemberSchema(ProfileSchema):
    """`[[members]]`."""

    siret = SiretField(required=True)
    joined_on = DayField(required=True)
    left_on = DayField(load_default=None)
    people = WholeField(load_default=None, validate=validate.Range(min=0))
    sectors = fields.List(
        fields.String(validate=validate.OneOf(SECTORS, error="Unknown sector {input!r}.")), load_default=list
    )
    conventions = fields.List(
        fields.Nested(ConventionSchema), required=True, validate=validate.Length(min=1, error="At least one is needed.")
    )


class MandateSchema(Schema):
    """`[[staff.mandates]]`."""

    achievement = fields.String(load_default=None, validate=SLUG)
    valid_from = DayField(required=True)
    valid_until = DayField(load_default=None)


class StaffSchema(Schema):
    """`[[staff]]`: a reference, never a name."""

    reference = fields.String(required=True, validate=_REFERENCE)
    organisation = fields.String(required=True, validate=SLUG)
    role = fields.String(required=True, validate=validate.And(_WORD, validate.Length(max=40)))
    left_on = DayField(load_default=None)
    mandates = fields.List(fields.Nested(MandateSchema), load_default=list)


class NetworkSchema(Schema):
    """The whole file."""

    network = fields.Nested(ProfileSchema, required=True)
    recognition = fields.Nested(RecognitionSchema, required=True)
    members = fields.List(fields.Nested(MemberSchema), required=True)
    staff = fields.List(fields.Nested(StaffSchema), load_default=list)
