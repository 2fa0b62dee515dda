"""Award files as bytes: what is read, what is refused, at which line, and at what cost."""

import io
import time
import tracemalloc
from collections.abc import Iterator

import pytest

from badges_server.services.awarding.csv_file.header import AwardHeaderError, Header, read_header
from badges_server.services.awarding.csv_file.lines import AwardLine, read_line
from badges_server.services.awarding.csv_file.records import BadRecord, Record, read_records
from badges_server.services.awarding.reasons import Reason, Refusal

HEADER = "recipient_ref,achievement,level,observed_on,observer,evidence,presentation,accepted_on"


def records(data: bytes) -> list[Record | BadRecord]:
    return list(read_records(io.BytesIO(data)))


def header(text: str, issuer: str | None = "org") -> Header:
    return read_header(records(text.encode())[0], issuer=issuer)


def line(text: str, columns: str = HEADER, issuer: str | None = "org") -> AwardLine | list[Refusal]:
    return read_line(Record(2, text), header(columns, issuer), issuer=issuer)


def codes(found: AwardLine | list[Refusal]) -> list[tuple[Reason, str | None]]:
    assert isinstance(found, list)
    return [(refusal.code, refusal.column) for refusal in found]


def test_lines_keep_their_numbers_through_blank_lines_and_every_line_end() -> None:
    found = records(b"\xef\xbb\xbfa,b\r\n\r\n1,2\n\n3,4")

    assert found == [Record(1, "a,b"), Record(3, "1,2"), Record(5, "3,4")]


def test_a_quoted_cell_may_hold_line_ends() -> None:
    assert records(b'a\n"1\r\n2",3\n4\n') == [Record(1, "a"), Record(2, '"1\n2",3'), Record(4, "4")]


def test_a_stray_quote_costs_its_own_line_only() -> None:
    first, *rest = records(b'a,"b\n' + b"1,2\n" * 3)

    assert isinstance(first, BadRecord)
    assert (first.number, first.refusal.code) == (1, Reason.MALFORMED_LINE)
    assert rest == [Record(2, "1,2"), Record(3, "1,2"), Record(4, "1,2")]


@pytest.mark.parametrize(
    ("data", "code", "word"),
    [
        ("é".encode("cp1252"), Reason.INVALID_UTF8, "Windows-1252"),
        ("a".encode("utf-16"), Reason.INVALID_UTF8, "UTF-16"),
        (b"a\x00b", Reason.NUL_BYTE, "NUL"),
        (b"a\x07b", Reason.CONTROL_CHARACTER, "U+0007"),
        (b"a\tb", Reason.CONTROL_CHARACTER, "U+0009"),
        ("a\u0085b".encode(), Reason.CONTROL_CHARACTER, "U+0085"),
        ("a\ufffeb".encode(), Reason.CONTROL_CHARACTER, "U+FFFE"),
        *(
            (f"a{chr(code)}b".encode(), Reason.CONTROL_CHARACTER, f"U+{code:04X}")
            for code in (0x2028, 0x2029, 0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
        ),
        ("a\uffffb".encode(), Reason.CONTROL_CHARACTER, "U+FFFF"),
        (b"a\rb", Reason.CONTROL_CHARACTER, "U+000D"),
        (b"x" * 65_537, Reason.LINE_TOO_LONG, "65536"),
    ],
)
def test_bytes_that_are_no_text_are_refused_alone(data: bytes, code: Reason, word: str) -> None:
    found = records(b"ok\n" + data + b"\nok\n")

    assert [found[0], found[2]] == [Record(1, "ok"), Record(3, "ok")]
    bad = found[1]
    assert isinstance(bad, BadRecord)
    assert (bad.number, bad.refusal.code) == (2, code)
    assert word in bad.refusal.sentence


def test_the_longest_line_allowed_is_read() -> None:
    assert records(b"x" * 65_535 + b"\n") == [Record(1, "x" * 65_535)]


class Endless(io.RawIOBase):
    """A stream of one letter, as long as it is asked to be."""

    def __init__(self, size: int, letter: bytes) -> None:
        self._left = size
        self._letter = letter

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        assert isinstance(buffer, memoryview)
        count = min(len(buffer), self._left)
        buffer[:count] = self._letter * count
        self._left -= count
        return count


@pytest.mark.parametrize("letter", [b"x", b'"', b",", b"\x00"])
def test_a_line_of_ten_megabytes_costs_little_memory_and_time(letter: bytes) -> None:
    source = io.BufferedReader(Endless(10_000_000, letter))
    started = time.process_time()
    tracemalloc.start()
    found = sum(1 for _ in read_records(source))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found == 1
    assert peak < 2_000_000
    assert time.process_time() - started < 2


def test_a_megabyte_of_empty_lines_is_passed_over_quickly() -> None:
    started = time.process_time()

    assert records(b"\n" * 1_000_000 + b"a,b") == [Record(1_000_001, "a,b")]
    assert time.process_time() - started < 5


def stray_quotes() -> Iterator[bytes]:
    yield b"a\n"
    for number in range(20_000):
        yield b'"open\n' if number % 50 == 0 else b"1,2\n"


def test_many_stray_quotes_do_not_cost_the_square_of_the_file() -> None:
    started = time.process_time()
    found = records(b"".join(stray_quotes()))

    assert found
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("recipient_ref,achievement,level,observed_on", "column 'observer' is missing"),
        (HEADER + ",nom", "unknown column 'nom'"),
        (HEADER + ",level", "column 'level' is there twice"),
        (HEADER + ",observed_on_2", "column 'observer_2' is missing"),
        (HEADER + ",observed_on_10", "unknown column 'observed_on_10'"),
        (HEADER.upper(), "unknown column 'RECIPIENT_REF'"),
        ("\x00", "NUL byte"),
    ],
)
def test_a_wrong_header_is_refused_with_what_is_wrong(text: str, message: str) -> None:
    first = next(iter(records(text.encode())), None)
    with pytest.raises(AwardHeaderError) as caught:
        read_header(first, issuer="org")

    assert message in str(caught.value)
    assert str(caught.value).startswith("line 1: ")


def test_the_organisation_column_may_be_left_out_only_when_the_issuer_is_named() -> None:
    assert header(HEADER, issuer="org").observations == 1
    with pytest.raises(AwardHeaderError, match="column 'organisation' is missing"):
        header(HEADER, issuer=None)


def test_every_problem_of_a_header_is_named_at_once() -> None:
    with pytest.raises(AwardHeaderError, match=r"unknown column 'x'; column 'achievement' is missing; .*'level'"):
        header("recipient_ref,x,observed_on,observer")


def test_semicolons_are_recognised() -> None:
    found = header(HEADER.replace(",", ";"))

    assert (found.delimiter, len(found.columns)) == (";", 8)


def test_a_good_line_becomes_values() -> None:
    found = line(' R-1 ,ev-02,2,2026-05-04,mvp-01,"droite, nette",named,2026-05-20')

    assert isinstance(found, AwardLine)
    assert (found.recipient_ref, found.level, found.presentation) == ("R-1", 2, "named")
    assert found.organisation == "org"
    assert found.observations[0].evidence == "droite, nette"
    assert str(found.last_observed_on) == "2026-05-04"


def test_accents_composed_or_not_are_the_same_text() -> None:
    composed, decomposed = line("Rene\u0301,a,,,,,,"), line("Ren\u00e9,a,,,,,,")

    assert isinstance(composed, AwardLine)
    assert composed == decomposed


def test_a_formula_is_only_text() -> None:
    found = line('"=cmd|\' /C calc\'!A0",ev-02,2,2026-05-04,mvp-01,"=1+1",,')

    assert isinstance(found, AwardLine)
    assert found.observations[0].evidence == "=1+1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (",ev-02,2,2026-05-04,m,,,", [(Reason.CELL_MISSING, "recipient_ref")]),
        ("R,,2,2026-05-04,m,,,", [(Reason.CELL_MISSING, "achievement")]),
        ("R,e,deux,2026-05-04,m,,,", [(Reason.WRONG_LEVEL_FORM, "level")]),
        ("R,e,02,2026-05-04,m,,,", [(Reason.WRONG_LEVEL_FORM, "level")]),
        ("R,e,2,04/05/2026,m,,,", [(Reason.WRONG_DATE_FORM, "observed_on")]),
        ("R,e,2,20260504,m,,,", [(Reason.WRONG_DATE_FORM, "observed_on")]),
        ("R,e,2,2026-02-30,m,,,", [(Reason.WRONG_DATE_FORM, "observed_on")]),
        ("R,e,2,2026-W19-1,m,,,", [(Reason.WRONG_DATE_FORM, "observed_on")]),
        ("R,e,2,2026-05-04,,,,", [(Reason.OBSERVATION_INCOMPLETE, "observer")]),
        ("R,e,2,,m,,,", [(Reason.OBSERVATION_INCOMPLETE, "observed_on")]),
        ("R,e,2,,,vu,,", [(Reason.OBSERVATION_INCOMPLETE, "observed_on")]),
        ("R,e,2,2026-05-04,m,,publique,", [(Reason.PRESENTATION_UNKNOWN, "presentation")]),
        ("R,e,2,2026-05-04,m,,,hier", [(Reason.WRONG_DATE_FORM, "accepted_on")]),
        ("R,e,2,2026-05-04,m,,", [(Reason.WRONG_CELL_COUNT, None)]),
        ("R,e,2,2026-05-04,m,,,,", [(Reason.WRONG_CELL_COUNT, None)]),
        ('"R"x,e,2,2026-05-04,m,,,', [(Reason.MALFORMED_LINE, None)]),
        ("R" * 201 + ",e,2,2026-05-04,m,,,", [(Reason.CELL_TOO_LONG, "recipient_ref")]),
        (f"R,e,2,2026-05-04,m,{'v' * 4001},,", [(Reason.CELL_TOO_LONG, "evidence")]),
        (",e,x,hier,m,,,", [
            (Reason.CELL_MISSING, "recipient_ref"),
            (Reason.WRONG_LEVEL_FORM, "level"),
            (Reason.WRONG_DATE_FORM, "observed_on"),
        ]),
    ],
)  # fmt: skip
def test_every_wrong_cell_is_named_with_its_column(text: str, expected: list[tuple[Reason, str | None]]) -> None:
    assert sorted(codes(line(text)), key=str) == sorted(expected, key=str)


def test_a_line_of_another_organisation_than_the_issuer_is_refused() -> None:
    found = line("autre,R,e,2,2026-05-04,m,,,", columns="organisation," + HEADER)

    assert codes(found) == [(Reason.OTHER_ORGANISATION, "organisation")]


def test_no_personal_data_is_echoed() -> None:
    found = line("CANARY-REF,e,2,hier,CANARY-OBS,CANARY-TEXT,,")

    assert isinstance(found, list)
    assert "CANARY" not in str([str(refusal) for refusal in found])
