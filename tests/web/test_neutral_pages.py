"""Neutral closure: nothing that can be reached from a neutral badge tells what must not be told."""

import re
from collections import deque
from urllib.parse import urldefrag, urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from badges_server.credentials.forbidden_words import find_forbidden
from badges_server.services.profiles import members
from tests.web.sample import Sample

HOST = "localhost"
EXEMPT = {"/mentions-legales"}
IN_PAGES = re.compile(r'(?:href|src|action)="([^"]+)"')
IN_DOCUMENTS = re.compile(r'http://localhost[^"\s<>\\]*')
DID = re.compile(r"did:web:localhost((?::[A-Za-z0-9._-]+)*)")
REACHED = ("/achievements/", "/issuers/", "/status/", "/ob2/assertions/", "/ob2/badges/", "/static/", "/endorsements/")
FORMS = ("text/html", "application/json")


def links(answer: TestResponse, url: str) -> set[str]:
    text = answer.get_data(as_text=True) if answer.mimetype != "image/png" else ""
    found = set(IN_DOCUMENTS.findall(text))
    if answer.mimetype == "text/html":
        found |= {urljoin(url, one.replace("&amp;", "&")) for one in IN_PAGES.findall(text)}
    found |= {f"http://{HOST}/{'/'.join(path.split(':')[1:])}/did.json" for path in DID.findall(text) if path}
    return {clean for one in found if urlsplit(clean := urldefrag(one)[0]).hostname == HOST}


def readable(answer: TestResponse) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    # A PNG's text chunks hold the document as it is; the rest of its bytes are no words.
    return headers + "\n" + answer.get_data().decode("utf-8", "replace" if answer.mimetype != "image/png" else "ignore")


def test_nothing_reachable_from_a_neutral_badge_tells(sample: Sample, client: FlaskClient) -> None:
    with sample.server.database.reading() as session:
        names = [word for member in members(session) for word in (member.name, member.slug)]
    award = next(a for a in sample.awards("signed") if a.code and a.id)
    waiting = deque([f"http://{HOST}/v/{award.code}", award.id or "", f"http://{HOST}/v/{award.code}?lang=en"])
    seen: set[str] = set()
    pages = 0
    while waiting:
        url = waiting.popleft()
        parts = urlsplit(url)
        if url in seen or parts.path in EXEMPT:
            continue
        seen.add(url)
        assert not find_forbidden(url, names), url
        for form in FORMS:
            answer = client.get(parts.path, query_string=parts.query, headers={"Accept": form})
            assert answer.status_code in (200, 303, 404), url
            assert not find_forbidden(readable(answer), names), (url, form)
            waiting.extend(links(answer, url) - seen)
            pages += 1
    paths = {urlsplit(url).path for url in seen}
    assert urlsplit(award.id or "?").path in paths
    for start in REACHED:
        assert any(path.startswith(start) for path in paths), start
    assert any(path.endswith("/did.json") for path in paths)


def test_the_legal_notice_links_to_nothing_that_names(client: FlaskClient) -> None:
    answer = client.get("/mentions-legales", headers={"Accept": "text/html"})
    paths = {urlsplit(url).path for url in links(answer, "http://localhost/mentions-legales")}
    assert all(path in {"/", "/mentions-legales"} or path.startswith("/static/") for path in paths)
