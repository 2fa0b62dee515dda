"""A browser, a site on a port of this machine, and visits that notice whatever a page should not do."""

import logging
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright
from werkzeug.serving import make_server

from tests.clock import Clock
from tests.web.conftest import TODAY, make_settings
from tests.web.sample import Sample, build_sample

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
# A camera that shows a test picture, and a reader who says yes to it.
ARGUMENTS = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
NARROW, WIDE = 360, 1280
PATIENCE = 20_000


@dataclass(frozen=True)
class Site:
    """The sample network, served."""

    base_url: str
    sample: Sample


@dataclass
class Visit:
    """One page of a browser, and what was noticed while it was open."""

    page: Page
    base_url: str
    foreign_requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.base_url + path)

    def on_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.base_url}/", "data:", "blob:")):
            self.foreign_requests.append(request.url)

    def on_console(self, message: ConsoleMessage) -> None:
        # A page with a status of 4xx is written to the console by the browser; the page itself is as meant.
        is_own_status = message.text.startswith("Failed to load resource") and message.location["url"] == self.page.url
        if message.type in ("error", "warning") and not is_own_status:
            self.errors.append(message.text)

    def has_been_quiet(self) -> None:
        assert self.foreign_requests == []
        assert self.errors == []


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    listening = make_server("localhost", 0, lambda *_: [], threaded=True)
    base_url = f"http://localhost:{listening.server_port}"
    sample = build_sample(make_settings(tmp_path_factory.mktemp("browser"), base_url), Clock(TODAY))
    listening.app = sample.app
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield Site(base_url, sample)
    listening.shutdown()
    thread.join()
    listening.server_close()
    sample.close()


def chromium_path() -> str:
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        pytest.fail(f"no Chromium (looked for {', '.join(CHROMIUM_NAMES)}): on Debian, apt-get install chromium")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # A sandbox of its own needs rights that root in a container does not have.
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path(), args=arguments)
        yield started
        started.close()


@contextmanager
def visiting(context: BrowserContext, base_url: str) -> Iterator[Visit]:
    """Open a page; at the end it must not have asked anybody else, nor complained."""
    context.set_default_timeout(PATIENCE)
    visit = Visit(context.new_page(), base_url)
    visit.page.on("request", visit.on_request)
    visit.page.on("console", visit.on_console)
    visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
    yield visit
    visit.has_been_quiet()


@pytest.fixture(params=["fr", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """A phone in French."""
    context = browser.new_context(locale="fr-FR", viewport={"width": NARROW, "height": 740})
    with visiting(context, site.base_url) as made:
        yield made
    context.close()


@pytest.fixture
def scriptless(browser: Browser, site: Site) -> Iterator[Visit]:
    """The same phone without scripts."""
    context = browser.new_context(locale="fr-FR", viewport={"width": NARROW, "height": 740}, java_script_enabled=False)
    with visiting(context, site.base_url) as made:
        yield made
    context.close()


def axe_source() -> str:
    """The accessibility checker, as it is installed."""
    file = Path(__file__).resolve().parents[2] / "interop" / "node" / "node_modules" / "axe-core" / "axe.min.js"
    if not file.is_file():
        pytest.fail("axe-core is not installed: run make test, or npm ci in tests/interop/node")
    return file.read_text(encoding="utf-8")
