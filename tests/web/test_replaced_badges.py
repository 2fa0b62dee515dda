"""A badge that was replaced keeps its code; the document that it had says so, or is gone if it named somebody."""

from badges_server.services.reissuing import replace
from tests.web.sample import Sample

BROWSER = {"Accept": "text/html", "Accept-Language": "fr"}


def credential_path(sample: Sample, code: str) -> str:
    found = next(a for state in ("neutral", "named") for a in sample.awards("signed", state) if a.code == code)
    return (found.id or "").removeprefix("http://localhost")


def test_a_neutral_document_that_was_replaced_says_so(own_sample: Sample) -> None:
    client, code = own_sample.app.test_client(), own_sample.code("signed")
    before = credential_path(own_sample, code)
    replace(own_sample.server, code, presentation="named", actor="operator")
    assert "COORACE Normandie" in client.get(f"/v/{code}", headers=BROWSER).text
    old = client.get(before, headers=BROWSER)
    assert old.status_code == 200
    assert "Ce badge n’est plus valable" in old.text
    assert "COORACE" not in old.text
    # The code leads to the badge that names now: whoever holds the old one is not led there.
    assert code not in old.text


def test_a_named_document_that_was_replaced_answers_as_unknown(own_sample: Sample) -> None:
    client, code = own_sample.app.test_client(), own_sample.code("signed", "named")
    before = credential_path(own_sample, code)
    replace(own_sample.server, code, presentation="neutral", actor="operator")
    assert "COORACE" not in client.get(f"/v/{code}", headers=BROWSER).text
    unknown = "/credentials/00000000-0000-4000-8000-000000000000"
    old, never = client.get(before, headers=BROWSER), client.get(unknown, headers=BROWSER)
    assert (old.status_code, old.data, dict(old.headers)) == (404, never.data, dict(never.headers))
