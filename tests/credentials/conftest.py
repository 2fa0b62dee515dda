"""A complete Open Badge and keys to sign it with, for the tests of credentials."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.verification_method import PublicKey, SigningAlgorithm

ISSUER = "did:web:badges.example.org:issuers:recyclerie"

OPEN_BADGE: JsonObject = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
    ],
    "id": "https://badges.example.org/credentials/7c1f0c7e-3f6c-4a3f-8f0f-0d0b8a3e9a11",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "Accueillir le public dans une recyclerie",
    "issuer": {
        "id": "did:web:badges.example.org:issuers:recyclerie",
        "type": ["Profile"],
        "name": "La Recyclerie du Marais",
        "url": "https://recyclerie.example.org/",
        "email": "contact@recyclerie.example.org",
        "address": {
            "type": ["Address"],
            "addressCountry": "France",
            "addressLocality": "Rouen",
            "postalCode": "76000",
            "geo": {"type": "GeoCoordinates", "latitude": 49.4431, "longitude": 1.0993},
        },
    },
    "validFrom": "2026-03-01T09:00:00Z",
    "validUntil": "2029-03-01T09:00:00Z",
    "awardedDate": "2026-02-27T10:00:00Z",
    "credentialSubject": {
        "id": "urn:uuid:6f1c3f0e-7f2b-4b8b-9d9e-3a0a5c1d2e3f",
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
                "identityType": "emailAddress",
                "salt": "Kosher",
            }
        ],
        "activityStartDate": "2025-10-01T00:00:00Z",
        "creditsEarned": 2.5,
        "narrative": 'Deux observations datées en situation de travail.\nAvec « guillemets » et "quotes".',
        "achievement": {
            "id": "https://badges.example.org/achievements/accueil/1",
            "type": ["Achievement"],
            "achievementType": "Competency",
            "name": "Accueillir le public",
            "description": "Savoir accueillir, renseigner, orienter.",
            "criteria": {
                "id": "https://badges.example.org/achievements/accueil/1/criteria",
                "narrative": "Observé deux fois par deux personnes.",
            },
            "image": {
                "id": "https://badges.example.org/achievements/accueil/1.png",
                "type": "Image",
                "caption": "Un comptoir",
            },
            "tag": ["accueil", "réemploi"],
            "inLanguage": "fr",
            "creator": {
                "id": "did:web:badges.example.org:issuers:reconnaissance",
                "type": ["Profile"],
                "name": "La reconnaissance",
            },
            "alignment": [
                {
                    "type": ["Alignment"],
                    "targetName": "Accueil du public",
                    "targetUrl": "https://candidat.francetravail.fr/metierscope/fiche-metier/M1601",
                    "targetFramework": "ROME",
                    "targetType": "ext:ROME",
                    "targetCode": "M1601",
                },
                {"type": ["Alignment"], "targetName": "CléA", "targetUrl": "https://www.certificat-clea.fr/"},
            ],
            "resultDescription": [
                {
                    "id": "urn:uuid:aa1c3f0e-7f2b-4b8b-9d9e-3a0a5c1d2e3f",
                    "type": ["ResultDescription"],
                    "name": "Niveau",
                    "resultType": "RubricCriterionLevel",
                    "allowedValue": ["1", "2", "3"],
                    "rubricCriterionLevel": [
                        {
                            "id": "urn:uuid:bb1c3f0e-7f2b-4b8b-9d9e-3a0a5c1d2e3f",
                            "type": ["RubricCriterionLevel"],
                            "name": "Avec aide",
                            "level": "1",
                        },
                        {
                            "id": "urn:uuid:cc1c3f0e-7f2b-4b8b-9d9e-3a0a5c1d2e3f",
                            "type": ["RubricCriterionLevel"],
                            "name": "Seul",
                            "level": "2",
                        },
                    ],
                }
            ],
        },
        "result": [
            {
                "type": ["Result"],
                "resultDescription": "urn:uuid:aa1c3f0e-7f2b-4b8b-9d9e-3a0a5c1d2e3f",
                "achievedLevel": "urn:uuid:cc1c3f0e-7f2b-4b8b-9d9e-3a0a5c1d2e3f",
            }
        ],
    },
    "evidence": [{"type": ["Evidence"], "name": "Observations", "genre": "observation"}],
    "credentialStatus": {
        "id": "https://badges.example.org/status/3#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": "https://badges.example.org/status/3",
    },
    "credentialSchema": [
        {
            "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
            "type": "1EdTechJsonSchemaValidator2019",
        }
    ],
}


@dataclass(frozen=True)
class KeySigner:
    """Signs with a key in memory."""

    key: Ed25519PrivateKey | rsa.RSAPrivateKey
    verification_method: str = field(default=f"{ISSUER}#key-1")

    @property
    def algorithm(self) -> SigningAlgorithm:
        return "EdDSA" if isinstance(self.key, Ed25519PrivateKey) else "RS256"

    @property
    def public_key(self) -> PublicKey:
        return self.key.public_key()

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.key, Ed25519PrivateKey):
            return self.key.sign(data)
        return self.key.sign(data, padding.PKCS1v15(), SHA256())


@pytest.fixture
def open_badge() -> JsonObject:
    """An Open Badge 3.0 that uses most of the data model; the test's own, to change at will."""
    return copy.deepcopy(OPEN_BADGE)


@pytest.fixture
def changed_badge(open_badge: JsonObject) -> Callable[[str, object], JsonObject]:
    """Gives the badge with one thing put at a place like ``credentialSubject/result/0/type``."""

    def change(place: str, value: object) -> JsonObject:
        # A place with a colon is a key of the document itself.
        parts = [place] if ":" in place else place.split("/")
        *steps, last = (int(part) if part.isdigit() else part for part in parts)
        target: object = open_badge
        for step in steps:
            target = target[step]  # type: ignore[index]
        target[last] = value  # type: ignore[index]
        return open_badge

    return change


@pytest.fixture(scope="session")
def ed25519_signer() -> KeySigner:
    return KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


@pytest.fixture(scope="session")
def rsa_signer() -> KeySigner:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return KeySigner(key, verification_method=f"{ISSUER}#jwt-1")
