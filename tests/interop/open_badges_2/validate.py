"""Run 1EdTech's validator of Open Badges 2.0 (`openbadges` 1.1.2) on one badge; print its report as JSON.

Started with the interpreter of an environment of its own (requirements.txt beside this file). The validator is from
2020: it looks for names that Python moved in the meantime, it meets a newer python-jose, and it fetches the Open Badges
context, which is served here from its own bundled copy. Everything else is fetched over HTTP, from this machine only.

    python validate.py SOURCE      SOURCE: URL, compact JWS, or the path of a baked picture (….png)
"""
# mypy: ignore-errors
# (what it imports is installed in that other environment only)

import collections
import collections.abc
import json
import sys
from pathlib import Path

for name in ("Callable", "Iterable", "Mapping", "MutableMapping", "MutableSequence", "MutableSet", "Sequence"):
    setattr(collections, name, getattr(collections.abc, name))

import requests  # noqa: E402
from requests.adapters import BaseAdapter  # noqa: E402


class Bundled(BaseAdapter):
    """Answers the context's URL from the validator's own copy, and nothing else outside of this machine."""

    def send(self, request: requests.PreparedRequest, **_options: object) -> requests.Response:
        from openbadges.verifier.openbadges_context import OPENBADGES_CONTEXT_V2_DICT

        response = requests.Response()
        response.request, response.url = request, request.url
        known = request.url.rstrip("/") == "https://w3id.org/openbadges/v2"
        response.status_code = 200 if known else 404
        response._content = json.dumps(OPENBADGES_CONTEXT_V2_DICT if known else {}).encode()
        response.headers["Content-Type"] = "application/ld+json"
        return response

    def close(self) -> None:
        """Nothing is open."""


_own_adapter = requests.Session.get_adapter
requests.Session.get_adapter = lambda session, url: (
    Bundled() if url.startswith("https://") else _own_adapter(session, url)
)

from Crypto.PublicKey import RSA  # noqa: E402
from jose import jwk  # noqa: E402
from openbadges import verifier  # noqa: E402

# The validator hands over an RSA key as an object of pycryptodome, which today's python-jose takes as PEM only.
_construct = jwk.construct
jwk.construct = lambda key, algorithm: _construct(
    key.export_key().decode() if isinstance(key, RSA.RsaKey) else key, algorithm
)


def main() -> None:
    source = sys.argv[1]
    if source.endswith(".png"):
        with Path(source).open("rb") as picture:
            report = verifier.verify(picture, use_cache=False)
    else:
        report = verifier.verify(source, use_cache=False)
    print(json.dumps(report["report"]))  # noqa: T201  (that is what it is for)


main()
