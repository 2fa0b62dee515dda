"""Badges of strangers: signed by a did:key, so that nothing has to be fetched to judge them."""

import base64
import copy
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image, ImageDraw

from badges_server.credentials import data_integrity
from badges_server.credentials.baking import png
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.verification_method import multikey_from_ed25519
from tests.credentials.conftest import OPEN_BADGE, KeySigner

MADE_AT = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
_PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(7, 39)))
_MULTIKEY = multikey_from_ed25519(_PRIVATE.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
ISSUER_ID = f"did:key:{_MULTIKEY}"
SIGNER = KeySigner(_PRIVATE, f"{ISSUER_ID}#{_MULTIKEY}")
NAME = "Conduire un atelier de réparation de vélos"
ISSUER_NAME = "Atelier vélo de la Baie"


def badge(**changes: object) -> JsonObject:
    """A signed badge of a stranger; `changes` are made before it is signed."""
    document = copy.deepcopy(OPEN_BADGE)
    for key in ("credentialStatus", "refreshService", "termsOfUse", "evidence", "endorsement"):
        document.pop(key, None)
    document["id"] = "urn:uuid:1d8a2e0c-6a55-4a0e-9a0f-6c2f1b7d3e55"
    document["name"] = NAME
    document["issuer"] = {"id": ISSUER_ID, "type": ["Profile"], "name": ISSUER_NAME}
    document["credentialSubject"]["achievement"]["name"] = NAME
    document.update(changes)
    return data_integrity.secure(document, SIGNER, MADE_AT)


def text(document: JsonObject) -> str:
    return json.dumps(document, ensure_ascii=False)


def picture(side: int = 240, colour: str = "#8a4b08") -> bytes:
    """A plain round PNG."""
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    edge = side // 20
    draw.ellipse((edge, edge, side - edge, side - edge), fill="#faecdb", outline=colour, width=edge)
    draw.ellipse((side * 0.18, side * 0.45, side * 0.45, side * 0.72), outline=colour, width=edge)
    draw.ellipse((side * 0.55, side * 0.45, side * 0.82, side * 0.72), outline=colour, width=edge)
    draw.line((side * 0.31, side * 0.58, side * 0.45, side * 0.33, side * 0.68, side * 0.58), fill=colour, width=edge)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def baked(document: JsonObject) -> bytes:
    return png.bake(picture(), text(document), png.KEYWORD_3)


def tampered() -> JsonObject:
    document = badge()
    document["credentialSubject"]["achievement"]["name"] = "Diriger un atelier de réparation de vélos"
    return document


def data_url(content: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def unbound() -> JsonObject:
    """Signed by a key that the named issuer never published."""
    document = badge()
    document.pop("proof")
    other = f"did:key:{_MULTIKEY}"
    document["issuer"]["id"] = "urn:uuid:00000000-0000-4000-8000-000000000001"
    return data_integrity.secure(document, replace(SIGNER, verification_method=f"{other}#{_MULTIKEY}"), MADE_AT)
