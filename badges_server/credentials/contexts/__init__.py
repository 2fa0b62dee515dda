"""The JSON-LD contexts that this server knows: bundled, pinned by digest, never fetched.

Their content is the standards' own (see SOURCE.md beside this file). A context that is not here is unknown, and a
document that names it cannot be judged.
"""

import hashlib
import json
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from badges_server.credentials.errors import UnknownContextError
from badges_server.credentials.json_text import JsonObject, JsonValue

CREDENTIALS_V2: Final = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS_V1: Final = "https://www.w3.org/2018/credentials/v1"
DATA_INTEGRITY_V2: Final = "https://w3id.org/security/data-integrity/v2"
DATA_INTEGRITY_V1: Final = "https://w3id.org/security/data-integrity/v1"
ED25519_2020_V1: Final = "https://w3id.org/security/suites/ed25519-2020/v1"
MULTIKEY_V1: Final = "https://w3id.org/security/multikey/v1"
JWK_V1: Final = "https://w3id.org/security/jwk/v1"
DID_V1: Final = "https://www.w3.org/ns/did/v1"
STATUS_V1: Final = "https://www.w3.org/ns/credentials/status/v1"
STATUS_LIST_2021_V1: Final = "https://w3id.org/vc/status-list/2021/v1"
OPEN_BADGES_3: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OPEN_BADGES_3_EXTENSIONS: Final = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
OPEN_BADGES_2: Final = "https://w3id.org/openbadges/v2"

_FILES = MappingProxyType(
    {
        CREDENTIALS_V2: "credentials-v2.json",
        CREDENTIALS_V1: "credentials-v1.json",
        DATA_INTEGRITY_V2: "data-integrity-v2.json",
        DATA_INTEGRITY_V1: "data-integrity-v1.json",
        ED25519_2020_V1: "ed25519-2020-v1.json",
        MULTIKEY_V1: "multikey-v1.json",
        JWK_V1: "jwk-v1.json",
        DID_V1: "did-v1.json",
        STATUS_V1: "status-v1.json",
        STATUS_LIST_2021_V1: "status-list-2021-v1.json",
        "https://w3id.org/security/v1": "security-v1.json",
        "https://w3id.org/security/v2": "security-v2.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context.json": "open-badges-3.0.0.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": "open-badges-3.0.1.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": "open-badges-3.0.2.json",
        OPEN_BADGES_3: "open-badges-3.0.3.json",
        OPEN_BADGES_3_EXTENSIONS: "open-badges-extensions.json",
        OPEN_BADGES_2: "open-badges-2.json",
        "https://openbadgespec.org/v2/context.json": "open-badges-2.json",
    }
)

CONTEXT_URLS: Final = frozenset(_FILES)

# SHA-256 of the canonical JSON (see `context_digest`), by file. More than one where a standard changed the content
# behind one URL in a way that leaves existing documents alone: context-3.0.3.json gained `jti` and `endorsementJwt`.
ACCEPTED_DIGESTS = MappingProxyType(
    {
        "credentials-v1.json": frozenset({"b01e671e873981f19a9102a9a57f666dbcaeb31b99e3e124378d143e71549247"}),
        "credentials-v2.json": frozenset({"b463c8d6a066214123ddd9827b135e1b50e1fc73322cc52a9b12a4f1fc7d86cf"}),
        "data-integrity-v1.json": frozenset({"9505bf85338a4c2121ad03992ac90061bc85d43bcfa34d9d47b779381cf08b5f"}),
        "data-integrity-v2.json": frozenset({"7ba3c50acf2689d5e07927267343eb353249c7c22a9f2d00307cc970e855e305"}),
        "did-v1.json": frozenset({"a7e146c40fcec005d3f0f14ae745665f446da58d7914a9d8f733746686fad82b"}),
        "ed25519-2020-v1.json": frozenset({"fb517f09d990829aed734c9bad8cbbb2ac3d5063b865c7e3d81f246074bf5691"}),
        "jwk-v1.json": frozenset({"38dd329a9a011facda06afc4ba43a121980eaedbd1f974268026d157926bc086"}),
        "multikey-v1.json": frozenset({"be20c3ee6af6e9c4102e66a85c26617831218e32216bdf050f870e389e737cdc"}),
        "open-badges-2.json": frozenset({"4b5f71314b9fef23264b05bab6a03811e8fc1e5e7506b79b092aec91865e7e07"}),
        "open-badges-3.0.0.json": frozenset({"2c54acaa1cffda2420be32ab61f0a2082051211131c6337686f36f2537aa859b"}),
        "open-badges-3.0.1.json": frozenset({"8bb2354552b70cbdf2066f6d3e24bc5c2be2619145737580ad2aebdc366e77d5"}),
        "open-badges-3.0.2.json": frozenset({"bdd1d11a55a660322f24660862a1d430ee80cce584465f750909daa43684357c"}),
        "open-badges-3.0.3.json": frozenset(
            {
                "04b1136ddc4eda9a8966bc7ef182789f233a26739473140ef75d6968c29a2966",
                "c5e555a91a5cf48e32ae0a05674c61ddd5c053b680b5643b2f57f9965e386d99",
            }
        ),
        "open-badges-extensions.json": frozenset({"15f4c347c6fe4380d9b6b93795859e33747ef48d5c55b91a71c52fb51c7bcbd7"}),
        "security-v1.json": frozenset({"d87de2ce3ce407bcac481f8af31e211e54beb5cbd7dd459826ed0502302ee234"}),
        "security-v2.json": frozenset({"38a9ef19cf3a75bf856202bd1ed4cbd55c985ad4a809eb7f4ef584ba9d51dc90"}),
        "status-list-2021-v1.json": frozenset({"9768f9aa81ab6c3e2ad96b2d669eaba67afe13fff0140a853f1e3d313fab13b6"}),
        "status-v1.json": frozenset({"b2fcebfbaf4e6beae2be370fda8a5f9f99c28540c798a75a8cdccc0fb1a12492"}),
    }
)


def load_context(url: str) -> JsonObject:
    """Load the bundled document behind the context `url`; each call gives a fresh copy. Never fetches.

    Raises:
        UnknownContextError: it is not bundled, or its content is not one that was pinned.
    """
    content: JsonObject = json.loads(_context_text(url))
    return content


def context_digest(document: JsonValue) -> str:
    """Hash a context's content, whatever its white space: SHA-256 of its JSON with sorted keys, compact, ASCII."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def require_pinned(name: str, text: str) -> None:
    """Refuse the content `text` of the data file `name` unless its digest is one that was pinned for it.

    Raises:
        UnknownContextError: it is not.
    """
    digest = context_digest(json.loads(text))
    if digest not in ACCEPTED_DIGESTS[name]:
        raise UnknownContextError(f"the content of {name} is not the pinned one", value=digest)


@cache  # a failure is not cached, so unknown URLs take no memory
def _context_text(url: str) -> str:
    name = _FILES.get(url)
    if name is None:
        raise UnknownContextError("this JSON-LD context is not bundled, and contexts are never fetched", value=url)
    text = files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    require_pinned(name, text)
    return text
