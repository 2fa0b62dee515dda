"""What people do, by keyboard alone, without scripts, and with the comforts that a script adds."""

import io

import pytest
import qrcode
from PIL import Image
from playwright.sync_api import FileChooser, FilePayload, TimeoutError, expect  # noqa: A004  (the browser's own)

from tests.web import foreign
from tests.web.browser.conftest import Site, Visit

STRANGER = "Signature valable, émetteur non reconnu"
MOST_STEPS = 40
# A reader of QR codes that always sees the same one: this machine's browser brings none.
READER = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect(video) { return video.videoWidth ? [{ rawValue: "%s" }] : []; }
};
"""


def file(content: bytes, name: str = "badge.png", media_type: str = "image/png") -> FilePayload:
    return {"name": name, "mimeType": media_type, "buffer": content}


def badge_file() -> FilePayload:
    return file(foreign.baked(foreign.badge()))


def tab_to(visit: Visit, selector: str) -> None:
    """Go from one thing to the next until there; each of them shows that it has the focus."""
    for _ in range(MOST_STEPS):
        visit.page.keyboard.press("Tab")
        focused = visit.page.locator(":focus")
        assert focused.evaluate("(one) => getComputedStyle(one).outlineStyle") != "none"
        if focused.evaluate("(one, selector) => one.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def heading(visit: Visit) -> str:
    return visit.page.locator("h1").inner_text().replace("\u202f", " ")


def test_a_code_by_keyboard(visit: Visit, site: Site) -> None:
    visit.open("/")
    tab_to(visit, "#code")
    visit.page.keyboard.type(site.sample.code("signed").lower())
    with visit.page.expect_navigation():
        visit.page.keyboard.press("Enter")
    assert heading(visit) == "Badge authentique"


def chooser_by_enter(visit: Visit) -> FileChooser:
    """Open the file chooser; on a busy machine Chromium drops the key that comes before it is listened to."""
    for patience in (8_000, 20_000):
        try:
            with visit.page.expect_file_chooser(timeout=patience) as chooser:
                visit.page.keyboard.press("Enter")
        except TimeoutError:
            continue
        return chooser.value
    raise AssertionError("Enter opens no file chooser")


def test_a_file_by_keyboard(visit: Visit) -> None:
    visit.open("/")
    tab_to(visit, "a[href='/verifier']")
    with visit.page.expect_navigation():
        visit.page.keyboard.press("Enter")
    visit.page.wait_for_load_state("load")
    tab_to(visit, "#file")
    chooser_by_enter(visit).set_files([badge_file()])
    tab_to(visit, "#send")
    with visit.page.expect_navigation():
        visit.page.keyboard.press("Enter")
    assert heading(visit) == STRANGER
    tab_to(visit, "summary")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("details[open]").first).to_be_visible()


def test_a_pasted_text_by_keyboard(visit: Visit) -> None:
    visit.open("/verifier")
    tab_to(visit, "#text")
    visit.page.keyboard.insert_text(foreign.text(foreign.tampered()))
    for key in ("Control+a", "Control+x", "Control+v"):
        visit.page.keyboard.press(key)
    tab_to(visit, "#send")
    with visit.page.expect_navigation():
        visit.page.keyboard.press("Enter")
    assert heading(visit) == "Ce badge n’est pas authentique"


def test_an_offer_is_accepted_by_keyboard(visit: Visit, site: Site) -> None:
    visit.open(f"/mes-badges/offre/{site.sample.new_offer()[1]}")
    tab_to(visit, "form .button")
    with visit.page.expect_navigation():
        visit.page.keyboard.press("Enter")
    assert "/mes-badges/offre/" in visit.page.url
    expect(visit.page.locator("a[href*='/v/']").first).to_be_visible()


def test_everything_works_without_scripts(scriptless: Visit) -> None:
    page = scriptless.page
    scriptless.open("/verifier")
    expect(page.locator("#camera")).to_be_hidden()
    page.set_input_files("#file", [badge_file()])
    page.click("#send")
    expect(page.locator("h1")).to_have_text(STRANGER)
    page.click("text=Vérifier autre chose")
    page.fill("#text", foreign.text(foreign.tampered()))
    page.click("#send")
    expect(page.locator("h1")).to_have_text("Ce badge n’est pas authentique")


def test_an_address_from_a_qr_code_waits_for_a_yes(scriptless: Visit) -> None:
    page = scriptless.page
    scriptless.open("/verifier")
    page.set_input_files("#photo", [file(qr("https://127.0.0.1/1"), "qr.png")])
    page.click("#send")
    expect(page.locator("h1")).to_have_text("Ce QR code mène à une adresse")
    page.click("text=Vérifier cette adresse")
    expect(page.locator("h1")).to_have_text("Nous n’avons pas pu ouvrir cette adresse")


def qr(text: str) -> bytes:
    buffer = io.BytesIO()
    qrcode.make(text).get_image().save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_a_file_is_dropped_or_pasted_anywhere(visit: Visit, kind: str) -> None:
    visit.open("/verifier")
    with visit.page.expect_navigation():
        visit.page.evaluate(
            """([kind, bytes]) => {
              const transfer = new DataTransfer();
              transfer.items.add(new File([new Uint8Array(bytes)], "badge.png", { type: "image/png" }));
              const event = kind === "drop"
                ? new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true })
                : new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true });
              document.body.dispatchEvent(event);
            }""",
            [kind, list(foreign.baked(foreign.badge()))],
        )
    assert heading(visit) == STRANGER


def test_the_camera_reads_a_code(visit: Visit, site: Site) -> None:
    code = site.sample.code("signed")
    visit.page.add_init_script(READER % f"{site.base_url}/v/{code}")
    visit.open("/verifier")
    expect(visit.page.locator("#photo")).to_be_hidden()
    tab_to(visit, "#camera")
    with visit.page.expect_navigation():
        visit.page.keyboard.press("Enter")
    assert visit.page.url.startswith(f"{site.base_url}/v/{code}")
    assert heading(visit) == "Badge authentique"


def test_too_large_a_file_is_said_before_it_is_sent(visit: Visit) -> None:
    visit.open("/verifier")
    visit.page.set_input_files("#file", [file(b"x" * (5 * 1024 * 1024 + 1))])
    expect(visit.page.locator("#progress")).to_have_text("Ce fichier est trop gros\u00a0: 5\u00a0Mo au plus.")
    assert visit.page.evaluate("document.getElementById('file').files.length") == 0


def test_a_large_photo_is_made_smaller_first(visit: Visit) -> None:
    noise = Image.effect_noise((2400, 2000), 100)
    buffer = io.BytesIO()
    noise.save(buffer, "JPEG", quality=100)
    assert len(buffer.getvalue()) > 5 * 1024 * 1024
    visit.open("/verifier")
    visit.page.set_input_files("#photo", [file(buffer.getvalue(), "p.jpg", "image/jpeg")])
    expect(visit.page.locator("#file")).to_have_js_property("value", "C:\\fakepath\\p.jpg")
    assert visit.page.evaluate("document.getElementById('file').files[0].size") < 5 * 1024 * 1024
    with visit.page.expect_navigation():
        visit.page.click("#send")
    assert "Cette image ne contient pas de badge." in visit.page.locator("[role=alert]").inner_text()


def test_checking_says_that_it_takes_time(visit: Visit) -> None:
    visit.open("/verifier")
    visit.page.fill("#text", foreign.text(foreign.badge()))
    # The answer never comes.
    visit.page.evaluate("document.addEventListener('submit', (event) => event.preventDefault())")
    visit.page.click("#send")
    expect(visit.page.locator("#progress")).to_have_text("Vérification en cours…")
    assert visit.page.locator("#check").get_attribute("aria-busy") == "true"
