"""The sample network with its badges, opened once; and every document that it answers, by URL."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from badges_server.fetching.errors import FetchError
from badges_server.fetching.fetched import JSON, Fetched, Retriever
from tests.clock import Clock
from tests.web.conftest import make_settings
from tests.web.sample import Sample, build_sample

TODAY = datetime(2026, 11, 22, 13, 2, 7, tzinfo=UTC)


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    sample = build_sample(make_settings(tmp_path_factory.mktemp("verifying")), Clock(TODAY))
    yield sample
    sample.close()


class Recorder:
    """Passes every question on, and can write down what was answered as a folder for working offline."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever
        self.answers: dict[str, Fetched | None] = {}

    def fetch(self, url: str, accept: str = JSON) -> Fetched:
        self.answers[url] = None
        answer = self._retriever.fetch(url, accept)
        self.answers[url] = answer
        return answer

    def write(self, folder: Path) -> Path:
        index: dict[str, object] = {}
        for number, (url, answer) in enumerate(self.answers.items()):
            if answer is not None:
                (folder / f"{number}.bin").write_bytes(answer.body)
                index[url] = {"file": f"{number}.bin", "status": answer.status}
        (folder / "index.json").write_text(json.dumps(index))
        return folder


class Refusing:
    """Answers nothing, and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def fetch(self, url: str, accept: str = JSON) -> Fetched:  # noqa: ARG002
        self.asked.append(url)
        raise FetchError("nothing is answered here", value=url)
