"""Whatever a file was damaged into, its reader reads it or refuses it (`make proof` tries many more)."""

from collections.abc import Mapping

import pytest

from badges_server.credentials.errors import BadgeError
from tests.hostile.fuzzing import fuzz, mutated
from tests.hostile.parsers import Parser, parsers

MUTATIONS = 5_000
# A whole verification takes as long as fifty readings.
VERIFICATIONS = 400
NAMES = [
    "JSON text", "compact JWS", "PNG", "SVG", "status list", "did.json", "key set", "badge 3.0, verified",
    "status list, verified", "did.json, verified", "documents 2.0, verified", "award file", "catalogue", "network file",
    "index of documents",
]  # fmt: skip


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Parser]:
    return parsers(tmp_path_factory.mktemp("readers"))


def test_every_reader_has_its_turn(readers: Mapping[str, Parser]) -> None:
    assert list(readers) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_file_is_read_or_refused(readers: Mapping[str, Parser], name: str) -> None:
    outcome = fuzz(name, readers[name], VERIFICATIONS if name.endswith("verified") else MUTATIONS)

    assert outcome.faults == []
    if not name.endswith("verified"):
        # Both happen: the damage is neither harmless nor beyond recognition.
        assert 0 < outcome.refused.total() < outcome.count


@pytest.mark.parametrize("name", NAMES)
def test_the_samples_themselves_are_read(readers: Mapping[str, Parser], name: str) -> None:
    refused = [sample for sample in readers[name].samples if _refusal(readers[name], sample)]

    assert refused == []


def test_damage_is_the_same_at_every_run(readers: Mapping[str, Parser]) -> None:
    parser = readers["JSON text"]

    assert [mutated("a", parser, n) for n in range(50)] == [mutated("a", parser, n) for n in range(50)]
    assert len({mutated("a", parser, n) for n in range(50)}) > 40


def _refusal(parser: Parser, sample: bytes) -> str:
    try:
        parser.read(sample)
    except BadgeError as error:
        return error.code
    return ""
