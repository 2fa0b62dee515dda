"""Moments in proofs and controller documents, read strictly: XML Schema's dateTimeStamp, time zone included.

(What credentials themselves carry is read more leniently, where it is read.)
"""

import re
from datetime import datetime

from badges_server.credentials.errors import MalformedValueError
from badges_server.credentials.json_text import JsonValue

_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


def read_date_time_stamp(text: JsonValue, path: str) -> datetime:
    """Read the dateTimeStamp that stands at `path`.

    Raises:
        MalformedValueError: it is none.
    """
    try:
        if isinstance(text, str) and _FORM.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError as error:
        raise MalformedValueError("no such date-time", value=text, path=path) from error
    raise MalformedValueError("not a date-time with a time zone", value=text, path=path)
