"""One line of an award file as typed values; what it asks for is not judged here."""

import csv
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from badges_server.credentials.model import Presentation
from badges_server.services.awarding.csv_file.header import Header, column_name
from badges_server.services.awarding.csv_file.records import Record
from badges_server.services.awarding.reasons import Reason, Refusal, refusal

# Characters: a reference or a name fits an encrypted column, an evidence text a page.
CELL_LENGTHS = {"evidence": 4000, "email": 254, "phone": 40}
CELL_LENGTH = 200
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LEVEL = re.compile(r"[1-9]")
# Only what no address can do without; whether it works shows when somebody writes to it.
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


@dataclass(frozen=True, slots=True)
class LineObservation:
    """Who saw what, when; `evidence` is the person's own data.

    Attributes:
        position: 1 to 9, as the columns are numbered.
    """

    position: int
    observed_on: date
    observer: str
    evidence: str


@dataclass(frozen=True, slots=True)
class AwardLine:
    """What one line asks for. Names, reference, e-mail, phone, evidence are personal: never shown, never logged.

    Attributes:
        organisation: slug of the awarding organisation.
        achievement: slug or code, as written.
    """

    number: int
    organisation: str
    recipient_ref: str
    first_name: str
    last_name: str
    email: str
    phone: str
    achievement: str
    level: int | None
    observations: tuple[LineObservation, ...]
    presentation: Presentation
    accepted_on: date | None

    @property
    def last_observed_on(self) -> date | None:
        """The day of the latest observation."""
        return max((o.observed_on for o in self.observations), default=None)


def read_line(record: Record, header: Header, *, issuer: str | None) -> AwardLine | list[Refusal]:
    """Read one record; every cell that is wrong gives its own refusal."""
    try:
        values = next(csv.reader([record.text], delimiter=header.delimiter, strict=True), [])
    except csv.Error as error:
        return [refusal(Reason.MALFORMED_LINE, value=error)]
    if len(values) != len(header.columns):
        return [refusal(Reason.WRONG_CELL_COUNT, value=f"{len(values)} instead of {len(header.columns)}")]
    cells = _Cells({c: unicodedata.normalize("NFC", v).strip() for c, v in zip(header.columns, values, strict=True)})
    line = cells.line(record.number, header, issuer)
    return cells.refusals or line


def is_blank(record: Record, header: Header) -> bool:
    """Tell whether a spreadsheet left an empty row: separators only."""
    return not record.text.replace(header.delimiter, "").strip(' "\n')


class _Cells:
    """The cells of one line, and what was found wrong while reading them."""

    def __init__(self, cells: dict[str, str]) -> None:
        self._cells = cells
        self.refusals: list[Refusal] = []
        for column, value in cells.items():
            longest = CELL_LENGTHS.get(column.rstrip("_23456789"), CELL_LENGTH)
            if len(value) > longest:
                self._refuse(Reason.CELL_TOO_LONG, column, longest)

    def line(self, number: int, header: Header, issuer: str | None) -> AwardLine:
        """Read every cell; the result counts only when nothing was refused."""
        observations = (self._observation(position) for position in range(1, header.observations + 1))
        return AwardLine(
            number=number,
            organisation=self._organisation(issuer),
            recipient_ref=self._filled("recipient_ref"),
            first_name=self._text("first_name"),
            last_name=self._text("last_name"),
            email=self._email(),
            phone=self._text("phone"),
            achievement=self._filled("achievement"),
            level=self._level(),
            observations=tuple(o for o in observations if o is not None),
            presentation=self._presentation(),
            accepted_on=self._day("accepted_on"),
        )

    def _refuse(self, code: Reason, column: str, value: object = "") -> None:
        self.refusals.append(refusal(code, column, value))

    def _text(self, column: str) -> str:
        return self._cells.get(column, "")

    def _filled(self, column: str) -> str:
        value = self._text(column)
        if not value:
            self._refuse(Reason.CELL_MISSING, column)
        return value

    def _organisation(self, issuer: str | None) -> str:
        written = self._text("organisation")
        if issuer is None:
            return self._filled("organisation")
        if written and written != issuer:
            self._refuse(Reason.OTHER_ORGANISATION, "organisation", written)
        return issuer

    def _day(self, column: str) -> date | None:
        value = self._text(column)
        if not value:
            return None
        try:
            if DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            # Well formed, yet no day of the calendar; refused below like any other form.
            pass
        self._refuse(Reason.WRONG_DATE_FORM, column, value)
        return None

    def _email(self) -> str:
        value = self._text("email")
        if value and not EMAIL.fullmatch(value):
            self._refuse(Reason.WRONG_EMAIL_FORM, "email")
        return value

    def _level(self) -> int | None:
        value = self._text("level")
        if not value:
            return None
        if not LEVEL.fullmatch(value):
            self._refuse(Reason.WRONG_LEVEL_FORM, "level", value)
            return None
        return int(value)

    def _presentation(self) -> Presentation:
        value = self._text("presentation") or "neutral"
        if value == "named":
            return "named"
        if value != "neutral":
            self._refuse(Reason.PRESENTATION_UNKNOWN, "presentation", value)
        return "neutral"

    def _observation(self, position: int) -> LineObservation | None:
        day_column, observer_column = column_name("observed_on", position), column_name("observer", position)
        written, observer = self._text(day_column), self._text(observer_column)
        evidence = self._text(column_name("evidence", position))
        if not (written or observer or evidence):
            return None
        if not (written and observer):
            self._refuse(Reason.OBSERVATION_INCOMPLETE, observer_column if written else day_column)
            return None
        day = self._day(day_column)
        return None if day is None else LineObservation(position, day, observer, evidence)
