"""The demo, fetched over HTTP by strangers: other people's verifiers, caches, a camera, our own command line."""

import io
import json
import time
from collections import Counter
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from badges_server.credentials.json_text import JsonObject
from tests.interop.oracles import DIGITAL_BAZAAR, OPENVC, Judgement, ask
from tests.interop.running_server import Issued, RunningServer, run

JSON_LD = "application/vc+ld+json"
# Two centimetres at 300 dots an inch.
PRINTED = 236
DOCUMENTS = ("/credentials/{uuid}", "/ob2/assertions/{uuid}", "/credentials/{uuid}.jwt", "/credentials/{uuid}.png")


@pytest.fixture(scope="module")
def documents(demo: RunningServer) -> dict[Issued, JsonObject]:
    """Every credential of the demo as it is served."""
    return {issued: demo.json(issued.id, JSON_LD) for issued in demo.issued if issued.id not in demo.spent}


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory, demo: RunningServer) -> Path:
    """The settings of another installation, which knows nothing of the demo but that its port may be asked."""
    folder = tmp_path_factory.mktemp("stranger")
    passphrase = folder / "passphrase"
    passphrase.write_text("what the stranger's keys are locked with")
    passphrase.chmod(0o600)
    settings = {
        "base_url": "http://localhost:1",
        "secret_key": "the key of a stranger, who issues nothing",
        "key_passphrase_file": str(passphrase),
        "database_url": f"sqlite:///{folder / 'badges.sqlite3'}",
        "person_keys_url": f"sqlite:///{folder / 'person-keys.sqlite3'}",
        "keys_dir": str(folder / "keys"),
        "loopback_peers": demo.base_url.rpartition(":")[2],
    }
    file = folder / "settings.toml"
    file.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items()))
    return file


@pytest.mark.parametrize("verifier", [DIGITAL_BAZAAR, OPENVC], ids=["digital bazaar", "openvc-core"])
def test_another_verifier_fetches_keys_and_status_and_agrees(
    verifier: tuple[str, ...], documents: dict[Issued, JsonObject]
) -> None:
    judgements = dict(zip(documents, ask(verifier, list(documents.values())), strict=True))
    assert {issued.state for issued in judgements} == {"signed", "revoked", "expired"}
    assert {issued.presentation for issued in judgements} == {"neutral", "named"}
    for issued, judgement in judgements.items():
        assert judgement.verified == (issued.state != "expired"), judgement.error
        assert judgement.revoked == (issued.state == "revoked")
    (expired,) = [judgement for issued, judgement in judgements.items() if issued.state == "expired"]
    assert "validUntil" in str(expired.error) or "expired" in str(expired.error)


@pytest.mark.parametrize("verifier", [DIGITAL_BAZAAR, OPENVC], ids=["digital bazaar", "openvc-core"])
def test_another_verifier_refuses_a_changed_level(
    demo: RunningServer, verifier: tuple[str, ...], documents: dict[Issued, JsonObject]
) -> None:
    document = json.loads(json.dumps(documents[demo.one("signed")]))
    document["credentialSubject"]["result"][0]["value"] = "Niveau 3 : transmet"
    (judgement,) = ask(verifier, [document])
    assert not judgement.verified
    assert "nvalid signature" in str(judgement.error) or "SignatureInvalid" in str(judgement.error)


def test_a_revocation_reaches_other_verifiers_within_a_minute(demo: RunningServer) -> None:
    """The list is served anew at once; a verifier that keeps copies may see it up to `ttl` later."""
    issued = demo.spare()
    document = demo.json(issued.id, JSON_LD)
    before = [ask(verifier, [document])[0] for verifier in (DIGITAL_BAZAAR, OPENVC)]
    assert before == [Judgement(verified=True, revoked=False, error=None)] * 2
    start = time.monotonic()
    demo.revoke(issued, "error")
    after = [ask(verifier, [document])[0] for verifier in (DIGITAL_BAZAAR, OPENVC)]
    assert after == [Judgement(verified=True, revoked=True, error=None)] * 2
    assert demo.get(f"/ob2/assertions/{issued.uuid}", accept="application/json").status == 410
    assert time.monotonic() - start < 60
    status_list = demo.json(document["credentialStatus"]["statusListCredential"], JSON_LD)
    assert status_list["credentialSubject"]["ttl"] <= 60_000


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_cache_that_has_the_bytes_gets_304(demo: RunningServer, path: str) -> None:
    url = path.format(uuid=demo.one("signed").uuid)
    first = demo.get(url, accept="application/json")
    again = demo.get(url, accept="application/json", if_none_match=first.headers["ETag"])
    assert (first.status, again.status, again.data) == (200, 304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    other = demo.get(url, accept="application/json", if_none_match='"another"')
    assert (other.status, other.data) == (200, first.data)


def test_a_status_list_changes_its_etag_when_a_bit_is_set(demo: RunningServer) -> None:
    issued = demo.spare()
    url = demo.json(issued.id, JSON_LD)["credentialStatus"]["statusListCredential"]
    before = demo.get(url, accept=JSON_LD).headers["ETag"]
    demo.revoke(issued, "holder_request")
    after = demo.get(url, accept=JSON_LD, if_none_match=before)
    assert after.status == 200
    assert after.headers["ETag"] != before


@pytest.mark.parametrize("harm", ["none", "blurred", "creased", "faded", "turned"])
def test_the_printed_qr_is_read_by_a_reader_of_others(demo: RunningServer, harm: str) -> None:
    issued = demo.one("signed")
    response = demo.get(f"/v/{issued.code}/qr.png")
    assert response.headers["Content-Type"] == "image/png"
    printed = Image.open(io.BytesIO(response.data)).convert("L").resize((PRINTED, PRINTED), Image.Resampling.LANCZOS)
    (found,) = zxingcpp.read_barcodes(_harmed(printed, harm))
    assert found.text == f"{demo.base_url}/v/{issued.code}"


def test_a_qr_as_svg_and_as_png_are_the_same_code(demo: RunningServer) -> None:
    code = demo.one("signed").code
    svg = demo.get(f"/v/{code}/qr.svg")
    assert svg.headers["Content-Type"].startswith("image/svg+xml")
    assert demo.get(f"/v/{code.lower()}/qr.svg").data == svg.data


def test_our_command_line_as_a_stranger(demo: RunningServer, stranger: Path) -> None:
    """Exit codes 0, 1 and the report, on a URL: everything fetched from the demo's port."""
    verdicts = {}
    for state in ("signed", "revoked", "expired"):
        done = run(["verify", demo.one(state).id, "--json"], stranger.parent, settings=stranger)
        report = json.loads(done.stdout)
        verdicts[state] = (done.returncode, report["verdict"])
        assert (report["flags"]["revoked"], report["flags"]["expired"]) == (state == "revoked", state == "expired")
        assert report["flags"]["issuer_confirmed"], done.stdout
    assert verdicts == {"signed": (0, "verified"), "revoked": (1, "not_verified"), "expired": (1, "not_verified")}


@pytest.mark.parametrize(
    ("path", "container"),
    [
        ("/credentials/{uuid}.json", "json"),
        ("/credentials/{uuid}.jwt", "jwt"),
        ("/credentials/{uuid}.png", "png"),
        ("/credentials/{uuid}.svg", "svg"),
        ("/ob2/assertions/{uuid}.jws", "jwt"),
        ("/ob2/assertions/{uuid}.png", "png"),
        ("/ob2/assertions/{uuid}.svg", "svg"),
    ],
)
def test_every_downloaded_form_verifies_as_a_file_of_any_name(
    demo: RunningServer, stranger: Path, path: str, container: str
) -> None:
    file = stranger.parent / "telecharge"
    file.write_bytes(demo.get(path.format(uuid=demo.one("signed").uuid)).data)
    done = run(["verify", str(file), "--json"], stranger.parent, settings=stranger)
    report = json.loads(done.stdout)
    assert (report["verdict"], report["container"], done.returncode) == ("verified", container, 0), done.stdout
    assert report["version"] == ("2.0" if "ob2" in path else "3.0")


def test_what_cannot_be_fetched_is_undetermined_and_what_is_changed_is_refused(
    demo: RunningServer, stranger: Path
) -> None:
    document = demo.json(demo.one("signed").id, JSON_LD)
    offline = stranger.parent / "offline"
    offline.mkdir()
    (offline / "index.json").write_text("{}")
    good, bad = stranger.parent / "good.json", stranger.parent / "bad.json"
    good.write_text(json.dumps(document))
    bad.write_text(json.dumps({**document, "name": "Autre chose"}))
    arguments = ["--documents", str(offline), "--json"]
    unreachable = run(["verify", str(good), *arguments], stranger.parent, settings=stranger)
    assert (unreachable.returncode, json.loads(unreachable.stdout)["verdict"]) == (3, "incomplete")
    changed = run(["verify", str(good), str(bad), "--json"], stranger.parent, settings=stranger)
    reports = [json.loads(line) for line in changed.stdout.splitlines()]
    assert (changed.returncode, [report["verdict"] for report in reports]) == (1, ["verified", "not_verified"])
    proof = [finding for finding in reports[1]["findings"] if finding["check"] == "proof"]
    assert Counter(finding["code"] for finding in proof) == {"PROOF_VERIFICATION_ERROR": 1}


def _harmed(image: Image.Image, harm: str) -> Image.Image:
    if harm == "blurred":
        return image.filter(ImageFilter.GaussianBlur(1.2))
    if harm == "creased":
        return _creased(image)
    if harm == "faded":
        return image.point(lambda value: 90 + value * 110 // 255)
    if harm == "turned":
        return image.rotate(9, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    return image


def _creased(image: Image.Image) -> Image.Image:
    """A fold across the card: the ink is gone along it, and the lower half lies a little to the side."""
    half = image.height * 3 // 5
    folded = image.copy()
    folded.paste(ImageChops.offset(image, 2, 0).crop((0, half, image.width, image.height)), (0, half))
    ImageDraw.Draw(folded).line((0, half - 8, image.width, half + 8), fill=255, width=3)
    return folded.filter(ImageFilter.GaussianBlur(0.6))
