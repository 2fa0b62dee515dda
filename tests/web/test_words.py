"""The words of the pages: French is the source, English is complete, and what runs is what is written."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import badges_server.web

WEB = Path(badges_server.web.__file__).parent
TRANSLATIONS = WEB / "translations"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def written_in_the_source() -> set[str]:
    found = extract_from_dir(WEB, METHODS, keywords=KEYWORDS)
    return {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found}


def catalogue(language: str) -> Catalog:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def texts(message_part: object) -> tuple[str, ...]:
    return tuple(message_part) if isinstance(message_part, tuple | list) else (str(message_part),)


def set_in_type(text: str) -> str:
    """French typography: no line may begin with a sign that stands after a space."""
    text = re.sub(r" (?=:)", "\u00a0", text)
    return re.sub(r" (?=[?!;])", "\u202f", text)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_catalogue_holds_exactly_the_words_of_the_source(language: str) -> None:
    held = {texts(message.id)[0] for message in catalogue(language) if message.id}
    assert held == written_in_the_source()
    assert len(held) > 100


@pytest.mark.parametrize("language", ["fr", "en"])
def test_catalogue_is_complete_and_keeps_the_placeholders(language: str) -> None:
    for message in catalogue(language):
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        for text in texts(message.string):
            assert text, f"not translated: {message.id}"
            assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(texts(message.id)[-1])), message.id


@pytest.mark.parametrize("language", ["fr", "en"])
def test_compiled_catalogue_is_the_written_one(language: str) -> None:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        compiled = read_mo(file)
    assert words(compiled) == words(catalogue(language))


def words(of: Catalog) -> dict[str, tuple[str, ...]]:
    return {texts(message.id)[0]: texts(message.string) for message in of if message.id}


def test_french_is_the_source_set_in_type() -> None:
    for message in catalogue("fr"):
        if message.id:
            assert texts(message.string) == tuple(set_in_type(text) for text in texts(message.id))


def test_nobody_is_called_tu() -> None:
    familiar = re.compile(r"\b(tu|toi|ton|tes)\b", re.IGNORECASE)
    assert not [text for text in written_in_the_source() if familiar.search(text)]
