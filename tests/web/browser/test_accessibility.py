"""Every page of the site, in both languages, on a phone and on a screen: axe-core finds nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload

from tests.web import foreign
from tests.web.browser.conftest import NARROW, WIDE, Site, Visit, axe_source, visiting

Opens = Callable[[Visit, Site, str], None]


def at(path: Callable[[Site], str]) -> Opens:
    return lambda visit, site, lang: visit.open(f"{path(site)}?lang={lang}")


def handed_in(**fields: bytes | str) -> Opens:
    """The answer of /verifier to what was handed in."""

    def opens(visit: Visit, _site: Site, lang: str) -> None:
        visit.open(f"/verifier?lang={lang}")
        for name, value in fields.items():
            if isinstance(value, bytes):
                file: FilePayload = {"name": "badge.png", "mimeType": "image/png", "buffer": value}
                visit.page.set_input_files(f"#{name}", [file])
            else:
                visit.page.evaluate("([id, value]) => { document.getElementById(id).value = value }", [name, value])
        with visit.page.expect_navigation():
            visit.page.click("#send")

    return opens


def code(state: str, presentation: str = "neutral") -> Callable[[Site], str]:
    return lambda site: f"/v/{site.sample.code(state, presentation)}"


def milestone(site: Site) -> str:
    return f"/v/{site.sample.code('signed', achievement='par-2')}"


PAGES: dict[str, Opens] = {
    "home": at(lambda _: "/"),
    "home, wrong code": lambda visit, _, lang: visit.open(f"/v?code=abc&lang={lang}"),
    "valid": at(code("signed")),
    "named": at(code("signed", "named")),
    "withdrawn": at(code("revoked")),
    "expired": at(code("expired")),
    "QR code": at(lambda site: f"{code('signed')(site)}/qr"),
    "unknown": at(lambda _: "/v/K7RMX4PQ2T"),
    "class": at(lambda _: "/achievements/ms-01/1"),
    "issuer": at(lambda _: "/issuers/reconnaissance-normandie"),
    "legal": at(lambda _: "/mentions-legales"),
    "offer": at(lambda site: f"/mes-badges/offre/{site.sample.new_offer()[1]}"),
    "offer gone": at(lambda _: "/mes-badges/offre/none"),
    "checker": at(lambda _: "/verifier"),
    "checker, nothing": handed_in(),
    "checker, stranger": handed_in(file=foreign.baked(foreign.badge())),
    "checker, false": handed_in(text=foreign.text(foreign.tampered())),
    "checker, incomplete": handed_in(text=foreign.text(foreign.unbound())),
    "checker, expired": handed_in(text=foreign.text(foreign.badge(validUntil="2026-05-01T00:00:00Z"))),
    "checker, no badge": handed_in(text="bonjour"),
    "checker, picture": handed_in(file=foreign.picture()),
    "checker, address in a QR code": handed_in(scanned="https://badges.example/1"),
}


@pytest.fixture(scope="session")
def axe() -> str:
    return axe_source()


def faults(visit: Visit) -> list[str]:
    found: dict[str, Any] = visit.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser: Browser, site: Site, axe: str, lang: str, name: str) -> None:
    context = browser.new_context(locale="fr-FR", viewport={"width": NARROW, "height": 740})
    with visiting(context, site.base_url) as visit:
        PAGES[name](visit, site, lang)
        assert visit.page.locator("html").get_attribute("lang") == lang
        # What is folded is looked at too.
        visit.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        visit.page.evaluate(axe)
        for width in (NARROW, WIDE):
            visit.page.set_viewport_size({"width": width, "height": 740})
            assert faults(visit) == [], width
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_axe_would_find_something(visit: Visit, axe: str) -> None:
    visit.open("/verifier")
    visit.page.evaluate("document.querySelector('label[for=text]').remove()")
    visit.page.evaluate(axe)
    assert "label" in [fault.partition(":")[0] for fault in faults(visit)]
