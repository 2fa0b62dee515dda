"""Our Open Badges 2.0 before 1EdTech's own validator (`openbadges` 1.1.2), over HTTP.

Of hosted assertions it knows no revocation: what is gone (410) and says `revoked` is no valid assertion to it, and it
says which members it misses. Of signed ones it reads the RevocationList.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from badges_server.credentials.json_text import JsonObject
from tests.interop.oracles import HERE
from tests.interop.running_server import ENVIRONMENT, RunningServer

PYTHON = Path(sys.prefix) / "open-badges-2" / "bin" / "python"


def validate(source: str) -> JsonObject:
    """The validator's report on a URL, a JWS, or a picture's path."""
    done = subprocess.run(
        [PYTHON, HERE / "open_badges_2" / "validate.py", source],
        env=ENVIRONMENT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    report: JsonObject = json.loads(done.stdout)
    return report


def words(report: JsonObject) -> str:
    return " | ".join(message["result"] for message in report["messages"])


@pytest.mark.parametrize("presentation", ["neutral", "named"])
def test_a_hosted_assertion_is_valid(demo: RunningServer, presentation: str) -> None:
    report = validate(f"{demo.base_url}/ob2/assertions/{demo.one('signed', presentation).uuid}")
    assert (report["valid"], report["openBadgesVersion"], words(report)) == (True, "2.0", "")


@pytest.mark.parametrize("presentation", ["neutral", "named"])
def test_a_signed_assertion_is_valid(demo: RunningServer, presentation: str) -> None:
    jws = demo.get(f"/ob2/assertions/{demo.one('signed', presentation).uuid}.jws").data.decode()
    report = validate(jws)
    assert (report["valid"], report["validationSubject"].partition(":")[0], words(report)) == (True, "urn", "")


def test_a_baked_picture_is_valid(demo: RunningServer, tmp_path: Path) -> None:
    issued = demo.one("signed")
    picture = tmp_path / "badge.png"
    picture.write_bytes(demo.get(f"/ob2/assertions/{issued.uuid}.png").data)
    report = validate(str(picture))
    assert (report["valid"], words(report)) == (True, "")
    assert report["validationSubject"] == f"{demo.base_url}/ob2/assertions/{issued.uuid}"


def test_a_changed_signed_assertion_is_not_valid(demo: RunningServer) -> None:
    jws = demo.get(f"/ob2/assertions/{demo.one('signed').uuid}.jws").data.decode()
    report = validate(f"{jws[:-12]}AAAAAAAAAAAA")
    assert not report["valid"]
    assert "failed verification" in words(report)


def test_an_expired_assertion_is_not_valid(demo: RunningServer) -> None:
    report = validate(f"{demo.base_url}/ob2/assertions/{demo.one('expired').uuid}")
    assert not report["valid"]
    assert "expired" in words(report)


def test_a_revoked_signed_assertion_is_reported_as_revoked(demo: RunningServer) -> None:
    jws = demo.get(f"/ob2/assertions/{demo.one('revoked').uuid}.jws").data.decode()
    report = validate(jws)
    assert not report["valid"]
    assert "has been revoked in RevocationList" in words(report)


def test_a_revoked_hosted_assertion_is_not_valid(demo: RunningServer, tmp_path: Path) -> None:
    url = f"{demo.base_url}/ob2/assertions/{demo.one('revoked').uuid}"
    answer = demo.get(url, accept="application/json")
    assert (answer.status, json.loads(answer.data)["revoked"]) == (410, True)
    assert not validate(url)["valid"]
    picture = tmp_path / "badge.png"
    picture.write_bytes(demo.get(f"{url}.png").data)
    assert not validate(str(picture))["valid"]


def test_the_only_revocation_of_an_issuer_is_reported(demo: RunningServer) -> None:
    """The validator reads a list of one as no list (JSON-LD compaction leaves the bare entry), and finds nothing."""
    issued = demo.spare("named")
    jws = demo.get(f"/ob2/assertions/{issued.uuid}.jws").data.decode()
    assert validate(jws)["valid"]
    demo.revoke(issued, "fraud")
    report = validate(jws)
    assert not report["valid"]
    assert "has been revoked in RevocationList" in words(report)
