import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges_server.credentials.forbidden_words import FORBIDDEN, find_forbidden

OPAQUE = "eyJhbGciOiJFZERTQSJ9-ACI-Zm9yYmlkZGVuIHdvcmRz-IAE-c2lnbmF0dXJl0"
phrases = st.sampled_from(FORBIDDEN)


@given(phrase=phrases, before=st.sampled_from(["", "un ", "(", "«\u00a0", "/", "x-", "1. ", "_"]))
def test_every_word_is_found_whatever_stands_around_it(phrase: str, before: str) -> None:
    for form in (phrase, phrase.upper(), phrase.lower(), phrase.replace("’", "'"), phrase.replace(" ", "\u202f")):
        assert phrase in find_forbidden(f"{before}{form}, mot")
        assert phrase in find_forbidden(f"{before}{form}s.")


@given(phrases)
def test_escapes_hide_nothing(phrase: str) -> None:
    for form in (json.dumps(phrase), quote(f"/a/{phrase}"), phrase.replace("é", "&eacute;"), phrase.replace("ô", "o")):
        assert phrase in find_forbidden(form)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chantier d&#39;insertion", ["insertion", "chantier d’insertion"]),
        ("re\u0301insertion", ["réinsertion"]),
        ("cho\u0302\u00admeur", ["chômeur"]),
        ("https://a.example/chantier-insertion_2024.pdf", ["insertion"]),
        ("LES DEMANDEUSES D’EMPLOI", ["demandeuses d’emploi", "demandeuse d’emploi"]),
        ("une SIAE (ACI ou EI)", ["SIAE", "ACI"]),
        ("pass-iae", ["IAE", "PASS IAE"]),
        ("She was UNEMPLOYED", ["unemployed"]),
        ("Work-integration social enterprise", ["work integration"]),
    ],
)
def test_what_is_found(text: str, expected: list[str]) -> None:
    assert sorted(find_forbidden(text)) == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Tenir un chantier propre et trié",
        "Un parcours de six badges, en un parcours",
        "efficacité, capacité, biais, arsad, liaem, traversai, acier, universal",
        "insertions2, désinsertions",
        "Prêt à l’emploi, emploi, demandeur",
        "integration test at work",
        json.dumps({"kty": "RSA", "n": "abc"}),
        '{"kty":"RSA"}',
        f"proof {OPAQUE}.",
        "-----BEGIN PUBLIC KEY-----\nMIIB/aci/IAE+RSA+\n-----END PUBLIC KEY-----",
        json.dumps("-----BEGIN PUBLIC KEY-----\nMIIB/aci/IAE+\n-----END PUBLIC KEY-----"),
    ],
)
def test_what_is_not_found(text: str) -> None:
    assert find_forbidden(text) == []


def test_the_key_type_is_the_only_place_for_its_word() -> None:
    assert find_forbidden('{"kty": "RSA", "name": "RSA"}') == ["RSA"]


def test_long_names_are_no_opaque_tokens() -> None:
    assert find_forbidden("chantier-insertion-de-la-vallee-de-la-seine-2024") == ["insertion"]
    assert find_forbidden("ASSOCIATION-CHANTIER-INSERTION-DE-LA-VALLEE-2024") == ["insertion"]


def test_more_names_may_be_given() -> None:
    names = ["Ressourcerie du Pont", "", "…"]
    assert find_forbidden("issuers/ressourcerie-du-pont", names) == ["Ressourcerie du Pont"]
    assert find_forbidden("une ressourcerie, du pont", names) == ["Ressourcerie du Pont"]
    assert find_forbidden("une ressourcerie et du pont", names) == []


@given(st.text(max_size=200))
def test_any_text_can_be_searched(text: str) -> None:
    assert set(find_forbidden(text, [text])) <= {*FORBIDDEN, text}
