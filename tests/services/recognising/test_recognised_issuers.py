"""The operator's list: read strictly, each fault with its line and field; and who is recognised by it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from badges_server.services.profiles import issuer
from badges_server.services.recognising import Recognition, recognise
from badges_server.services.verifying import verify_bytes
from badges_server.storage.recognised_issuers import (
    RecognisedIssuer,
    RecognisedIssuersError,
    read_recognised_issuers,
)
from tests.web import foreign
from tests.web.sample import ROOT, Sample

GOOD = '[[issuers]]\nid = "did:web:a.example"\nname = "A"\nsince = 2026-01-01\n'


def problems(folder: Path, text: str) -> list[str]:
    path = folder / "list.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecognisedIssuersError) as refused:
        read_recognised_issuers(path)
    return [str(problem).removeprefix(f"{path}:") for problem in refused.value.problems]


def test_the_example_is_good() -> None:
    first, second = read_recognised_issuers(ROOT / "examples" / "recognised-issuers.toml")
    assert first == RecognisedIssuer(
        "did:web:badges.ecole-du-paysage.example", "École du paysage", date(2026, 1, 15), None
    )
    assert second.until == date(2027, 8, 31)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace('name = "A"\n', ""), "1: issuers.1.name: Missing"),
        (GOOD + "until = 2025-12-31\n", "5: issuers.1.until: 2025-12-31 is before since 2026-01-01"),
        (GOOD + 'url = "https://a.example"\n', "5: issuers.1.url: Unknown field."),
        (GOOD.replace("2026-01-01", '"2026-01-01"'), "4: issuers.1.since: Not a day"),
        (GOOD.replace("did:web:a.example", "http://a.example"), "2: issuers.1.id: Not did:web:… or https://…"),
        (GOOD.replace("did:web:a.example", "a.example"), "2: issuers.1.id: Not did:web:… or https://…"),
        (GOOD + "\n" + GOOD, "7: issuers.2.id: 'did:web:a.example' is already used above"),
        (GOOD + "[[issuer]]\n", "1: issuer: Unknown field."),
        ("[[issuers]\n", "1:10: not TOML: Expected ']]' at the end of an array declaration"),
    ],
)
def test_a_fault_is_said_with_line_and_field(tmp_path: Path, text: str, said: str) -> None:
    found = problems(tmp_path, text)
    assert len(found) == 1
    assert found[0].startswith(said)


def test_every_fault_is_said_at_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path, '[[issuers]]\nid = "x"\nsince = 1\n')) == 3


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(RecognisedIssuersError, match="cannot be read: No such file"):
        read_recognised_issuers(tmp_path / "none.toml")


def recognised(sample: Sample, data: bytes, *entries: RecognisedIssuer) -> Recognition | None:
    server = replace(sample.server, recognised=entries)
    with server.database.reading() as session:
        return recognise(server, session, verify_bytes(server, data), server.now().date())


LISTED = RecognisedIssuer(foreign.ISSUER_ID, "Le nom de la liste", date(2026, 11, 22), date(2026, 11, 22))


def test_a_listed_issuer_is_recognised_under_the_name_of_the_list(network: Sample) -> None:
    found = recognised(network, foreign.text(foreign.badge()).encode(), LISTED)
    assert found == Recognition(foreign.ISSUER_ID, "Le nom de la liste", date(2026, 11, 22))
    assert not found.is_ours


@pytest.mark.parametrize(
    "entry",
    [
        replace(LISTED, id=LISTED.id + "x"),
        replace(LISTED, since=date(2026, 11, 23), until=None),
        replace(LISTED, since=date(2026, 1, 1), until=date(2026, 11, 21)),
    ],
)
def test_another_id_or_day_is_not_recognised(network: Sample, entry: RecognisedIssuer) -> None:
    assert recognised(network, foreign.text(foreign.badge()).encode(), entry) is None


def test_a_name_on_the_list_is_nothing_without_the_signature(network: Sample) -> None:
    assert recognised(network, foreign.text(foreign.tampered()).encode(), LISTED) is None
    unbound = foreign.unbound()
    listed = replace(LISTED, id=unbound["issuer"]["id"])
    assert recognised(network, foreign.text(unbound).encode(), listed) is None


@pytest.mark.parametrize("presentation", ["neutral", "named"])
@pytest.mark.parametrize("form", ["credentials/{}.json", "credentials/{}.jwt", "ob2/assertions/{}.jws"])
def test_our_own_issuers_are_recognised_by_themselves(network: Sample, presentation: str, form: str) -> None:
    award = network.awards("signed", presentation)[0]
    path = "/" + form.format(str(award.id).rpartition("/")[2])
    found = recognised(network, network.app.test_client().get(path).data)
    assert found is not None
    assert found.is_ours
    with network.server.database.reading() as session:
        assert found.name == issuer(session, str(award.issuer)).name
