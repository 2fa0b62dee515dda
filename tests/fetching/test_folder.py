import json
from pathlib import Path

import pytest

from badges_server.credentials.errors import ParsingError
from badges_server.fetching.budget import Budgeted
from badges_server.fetching.errors import BudgetExceededError, NotProvidedError, TooLargeError
from badges_server.fetching.fetched import CREDENTIAL
from badges_server.fetching.folder import FolderFetcher

URL = "https://badges.example/a"


def folder(path: Path, index: object) -> FolderFetcher:
    (path / "index.json").write_text(json.dumps(index))
    return FolderFetcher(path)


def test_a_document_comes_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"{}")
    fetcher = folder(tmp_path, {URL: "a.json"})

    assert fetcher.fetch(URL).body == b"{}"
    assert fetcher.fetch(URL).status == 200
    assert fetcher.fetch(f"{URL}#key-1").url == URL


def test_a_status_may_stand_with_or_without_a_file(tmp_path: Path) -> None:
    (tmp_path / "gone.json").write_bytes(b'{"revoked":true}')
    fetcher = folder(tmp_path, {URL: {"file": "gone.json", "status": 410}, f"{URL}b": {"status": 404}})

    assert fetcher.fetch(URL).status == 410
    assert fetcher.fetch(URL).body == b'{"revoked":true}'
    assert fetcher.fetch(f"{URL}b").body == b""


def test_what_is_not_in_the_folder_could_not_be_had(tmp_path: Path) -> None:
    fetcher = folder(tmp_path, {URL: "missing.json"})

    for url in (URL, "https://badges.example/other", "http://[::1", ""):
        with pytest.raises(NotProvidedError):
            fetcher.fetch(url)


def test_a_file_is_as_limited_as_an_answer(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"x" * (1024 * 1024 + 1))

    with pytest.raises(TooLargeError):
        folder(tmp_path, {URL: "a.json"}).fetch(URL)


def test_a_picture_that_was_asked_for_may_be_larger(tmp_path: Path) -> None:
    (tmp_path / "a.PNG").write_bytes(b"x" * (1024 * 1024 + 1))
    (tmp_path / "huge.svg").write_bytes(b"x" * (5 * 1024 * 1024 + 1))
    fetcher = folder(tmp_path, {URL: "a.PNG", f"{URL}b": "huge.svg"})

    assert len(fetcher.fetch(URL, CREDENTIAL).body) == 1024 * 1024 + 1
    for url, accept in ((URL, "application/json"), (f"{URL}b", CREDENTIAL)):
        with pytest.raises(TooLargeError):
            fetcher.fetch(url, accept)


@pytest.mark.parametrize(
    "entry", ["../a", "/etc/passwd", "a/../../b", "", "a\0", 1, None, [], {}, {"file": 1}, {"status": "410"}]
)
def test_an_odd_entry_is_refused_at_once(tmp_path: Path, entry: object) -> None:
    with pytest.raises(ParsingError) as refusal:
        folder(tmp_path, {URL: entry})

    assert refusal.value.path == URL


@pytest.mark.parametrize("entry", [{"status": 99}, {"status": 302.5}, {"status": True}, {"file": "a", "other": 1}])
def test_an_odd_status_is_refused_at_once(tmp_path: Path, entry: object) -> None:
    with pytest.raises(ParsingError):
        folder(tmp_path, {URL: entry})


def test_a_folder_without_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParsingError) as refusal:
        FolderFetcher(tmp_path)

    assert str(tmp_path) in str(refusal.value)


def test_a_budget_asks_each_url_once_and_only_so_many(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"1")
    budget = Budgeted(folder(tmp_path, {URL: "a.json"}), limit=2)

    first = budget.fetch(URL)
    (tmp_path / "a.json").write_bytes(b"2")
    assert budget.fetch(URL) is first
    for _ in range(2):
        with pytest.raises(NotProvidedError):
            budget.fetch("https://badges.example/missing")
    with pytest.raises(BudgetExceededError):
        budget.fetch("https://badges.example/third")
    assert budget.fetch(URL) is first
