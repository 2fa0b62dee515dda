"""An independent verifier: openvc-core (Python, LGPL, pyld underneath), as a program like `node/verify.mjs`.

Standard input, one JSON value a line: first {"documents": {url: document}, "now"} (contexts and status lists by URL,
DID documents by DID; the moment to judge at, if not this one), then credentials: JSON objects, or strings with a
VC-JWT. Whatever is not in that map is fetched over HTTP, from loopback only. Standard output, one line a credential:
{"verified", "revoked", "error"}.

    python -m tests.interop.openvc_core

openvc-core 1.37 reads `proof` as one object only, where Data Integrity also allows a set, and Open Badges JSON asks for
one (every [0..*] property is an array): a set of one proof is handed over as that proof.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import unquote, urlsplit
from urllib.request import Request, urlopen  # noqa: TID251  (a stranger to the server: it asks over HTTP)

from openvc import VerificationPolicy, verify_many
from openvc.did.did_web import DidWebResolver
from openvc.resolvers import default_status_list_resolver

from badges_server.credentials.json_text import JsonValue

ACCEPT = "application/vc+ld+json, application/did+json, application/json"


class Loader:
    """Gives what the first line held, or what this machine serves."""

    def __init__(self, documents: Mapping[str, JsonValue]) -> None:
        self.documents = {did_url(name) if name.startswith("did:web:") else name: documents[name] for name in documents}

    def __call__(self, url: str) -> JsonValue:
        if url not in self.documents:
            self.documents[url] = fetch(url)
        return self.documents[url]


def did_url(did: str) -> str:
    host, *path = did.removeprefix("did:web:").split(":")
    return f"https://{unquote(host)}/{'/'.join(path)}/did.json"


def fetch(url: str) -> JsonValue:
    """Fetch from this machine, where did:web's https is http."""
    parts = urlsplit(url)
    if parts.hostname != "localhost":
        raise LookupError(f"not fetched: {url}")
    request = Request(parts._replace(scheme="http").geturl(), headers={"Accept": ACCEPT})  # noqa: S310  (http only)
    with urlopen(request, timeout=20) as response:  # noqa: S310
        return json.load(response)


def one_proof(credential: JsonValue) -> JsonValue:
    proofs = credential.get("proof") if isinstance(credential, dict) else None
    return {**credential, "proof": proofs[0]} if isinstance(proofs, list) and len(proofs) == 1 else credential


def judge(facts: Mapping[str, JsonValue], credentials: list[JsonValue]) -> Iterator[dict[str, object]]:
    load = Loader(facts["documents"])
    contexts = {url: document for url, document in load.documents.items() if document.keys() == {"@context"}}
    resolver = DidWebResolver(load)
    results = verify_many(
        [one_proof(credential) for credential in credentials],
        policy=VerificationPolicy(
            now=datetime.fromisoformat(facts["now"]) if facts.get("now") else None,
            require_not_revoked=False,
            require_status_issuer_binding=True,
        ),
        resolver=resolver,
        resolve_status_list=default_status_list_resolver(
            resolver=resolver, fetch=lambda url: json.dumps(one_proof(load(url))), extra_contexts=contexts
        ),
        extra_contexts=contexts,
    )
    for outcome in results:
        status = outcome.result.status if outcome.result else None
        error = None if outcome.ok else f"{type(outcome.error).__name__}: {outcome.error}"
        yield {"verified": outcome.ok, "revoked": status.revoked if status else False, "error": error}


def main() -> None:
    facts, *credentials = (json.loads(line) for line in sys.stdin)
    for answer in judge(facts, credentials):
        print(json.dumps(answer))  # noqa: T201  (that is the protocol)


if __name__ == "__main__":
    main()
