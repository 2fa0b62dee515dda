"""Why a line of an award file is refused, or is not ready yet: stable codes, and a sentence with the remedy."""

from dataclasses import dataclass
from enum import StrEnum

# A cell's content is echoed only where it is not about a person, and never in full length.
ECHO_LENGTH = 60


class Reason(StrEnum):
    """The stable codes; programs may lean on them."""

    ACCEPTED_BEFORE_OBSERVATION = "accepted_before_observation"
    ACCEPTED_IN_FUTURE = "accepted_in_future"
    ACHIEVEMENT_RETIRED = "achievement_retired"
    ALREADY_EXPIRED = "already_expired"
    BEFORE_PUBLICATION = "before_publication"
    CELL_MISSING = "cell_missing"
    CELL_TOO_LONG = "cell_too_long"
    CONTROL_CHARACTER = "control_character"
    DATE_IN_FUTURE = "date_in_future"
    DUPLICATE_LINE = "duplicate_line"
    HELD = "planned_document_refused"
    INVALID_UTF8 = "not_utf8"
    ISSUER_NOT_MEMBER = "issuer_not_member_at_date"
    LEFT_BEFORE_ACCEPTANCE = "left_before_acceptance"
    LEVEL_MISSING = "level_missing"
    LEVEL_NOT_IN_CLASS = "level_not_in_class"
    LINE_TOO_LONG = "line_too_long"
    MALFORMED_LINE = "malformed_line"
    MILESTONE = "milestone_is_offered_by_its_pathway"
    NO_CONVENTION = "no_active_convention_at_date"
    NUL_BYTE = "nul_byte"
    OBSERVATION_INCOMPLETE = "observation_incomplete"
    OBSERVER_UNKNOWN = "observer_unknown"
    OBSERVER_WITHOUT_MANDATE = "observer_without_mandate"
    OTHER_ORGANISATION = "other_organisation"
    PERSON_ERASED = "person_erased"
    PRESENTATION_UNKNOWN = "presentation_unknown"
    SECOND_OBSERVER_NEEDED = "second_observer_needed"
    SELF_AWARD = "self_award"
    TOO_FEW_OBSERVATIONS = "too_few_observations"
    UNKNOWN_ACHIEVEMENT = "unknown_achievement"
    UNKNOWN_ORGANISATION = "unknown_organisation"
    WRONG_CELL_COUNT = "wrong_cell_count"
    WRONG_DATE_FORM = "wrong_date_form"
    WRONG_EMAIL_FORM = "wrong_email_form"
    WRONG_LEVEL_FORM = "wrong_level_form"


SENTENCES = {
    Reason.ACCEPTED_BEFORE_OBSERVATION: "accepted on {value}, before the last observation",
    Reason.ACCEPTED_IN_FUTURE: "accepted on {value}, which is still to come",
    Reason.ACHIEVEMENT_RETIRED: "{value} is retired: nobody can earn it any more",
    Reason.ALREADY_EXPIRED: "the badge would have expired on {value} already: observe again",
    Reason.BEFORE_PUBLICATION: "{value} lies before the class was published",
    Reason.CELL_MISSING: "this cell must not be empty",
    Reason.CELL_TOO_LONG: "longer than {value} characters",
    Reason.CONTROL_CHARACTER: "holds the character {value}, which no badge may carry: delete it",
    Reason.DATE_IN_FUTURE: "{value} is still to come",
    Reason.DUPLICATE_LINE: "says the same as line {value}: delete one of them",
    Reason.HELD: "{value}",
    Reason.INVALID_UTF8: "not UTF-8; looks like {value}, save as UTF-8",
    Reason.ISSUER_NOT_MEMBER: "the organisation did not belong to the network on {value}",
    Reason.LEFT_BEFORE_ACCEPTANCE: (
        "the organisation could not issue any more on {value}, the day of acceptance: write neutral instead of named"
    ),
    Reason.LEVEL_MISSING: "this class has levels ({value}): name one",
    Reason.LEVEL_NOT_IN_CLASS: "the class has no such level: {value}",
    Reason.LINE_TOO_LONG: "longer than {value} bytes",
    Reason.MALFORMED_LINE: "quotes that do not match: {value}",
    Reason.MILESTONE: "{value} is a milestone: its pathway offers it, no file does",
    Reason.NO_CONVENTION: "the organisation had no active convention on {value}",
    Reason.NUL_BYTE: "holds a NUL byte: is this a text file?",
    Reason.OBSERVATION_INCOMPLETE: "an observation needs its day and its observer",
    Reason.OBSERVER_UNKNOWN: "no member of staff has the reference {value}",
    Reason.OBSERVER_WITHOUT_MANDATE: "the observer had no mandate for this class and organisation on {value}",
    Reason.OTHER_ORGANISATION: "{value} is not the organisation that --issuer names",
    Reason.PERSON_ERASED: "this person was erased: nothing may be kept or signed about them any more",
    Reason.PRESENTATION_UNKNOWN: "{value} is neither neutral nor named",
    Reason.SECOND_OBSERVER_NEEDED: "two different observers are needed from level {value} on",
    Reason.SELF_AWARD: "the observer is the recipient: nobody awards to themselves",
    Reason.TOO_FEW_OBSERVATIONS: "{value} different dated observations are needed",
    Reason.UNKNOWN_ACHIEVEMENT: "no achievement has the slug or code {value}",
    Reason.UNKNOWN_ORGANISATION: "no member has the slug {value}",
    Reason.WRONG_CELL_COUNT: "not as many cells as the header: {value}",
    Reason.WRONG_DATE_FORM: "{value} is not a day written as 2026-01-31",
    Reason.WRONG_EMAIL_FORM: "not an e-mail address: one @, a dot after it, no space",
    Reason.WRONG_LEVEL_FORM: "{value} is not a level: write 1, 2 or 3",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that is wrong with a line.

    Attributes:
        column: where it stands; none when the whole line is meant.
        sentence: what is wrong and what to do, in English.
    """

    code: Reason
    column: str | None
    sentence: str

    def __str__(self) -> str:
        """Column first."""
        return f"{self.column}: {self.sentence}" if self.column else self.sentence


def refusal(code: Reason, column: str | None = None, value: object = "") -> Refusal:
    """Put a reason in words; `value` must never be personal data."""
    shown = str(value)
    if len(shown) > ECHO_LENGTH:
        shown = shown[:ECHO_LENGTH] + "…"
    return Refusal(code, column, SENTENCES[code].format(value=shown))
