"""Achievements, issuers and plans that the tests of documents start from."""

from datetime import UTC, date, datetime

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.document import CredentialPlan, EndorsementPlan
from badges_server.credentials.model import Achievement, Alignment, Issuer, StatusPlace

ADDRESSES = Addresses("https://badges.example", "https://reseau.example")
RECOGNITION = Issuer(
    slug="reconnaissance",
    name="Badges de savoir-faire",
    email="badges@badges.example",
    description="Atteste des savoir-faire observés au travail.",
    named=False,
)
MEMBER = Issuer(
    slug="ressourcerie-du-pont",
    name="Ressourcerie du Pont",
    email="contact@pont.example",
    description="Collecte et revend des objets.",
    named=True,
    url="https://pont.example/",
)
ROOM = Achievement(
    slug="ms-01",
    code="MS-01",
    version="1",
    name="Entretenir la chambre d’un résident",
    description="Cette personne entretient la chambre d’un résident.",
    easy_read="Je frappe et je dis mon nom.",
    sector="medico_social",
    levels=(1, 2),
    criteria=("Frappe et se présente", "Applique le protocole", "Signale toute anomalie"),
    evidence="Grille de l’établissement",
    achievement_type="Competency",
    language="fr",
    published_on=date(2026, 1, 5),
    validity_months=24,
    alignments=(
        Alignment(
            "ROME",
            "J1301",
            "Personnel polyvalent des services hospitaliers",
            "https://candidat.francetravail.fr/metierscope/fiche-metier/J1301",
        ),
        Alignment(
            "ESCO",
            "7bb01a18-4637-4535-ba18-258f48f705b8",
            "nettoyer des locaux",
            "http://data.europa.eu/esco/skill/7bb01a18-4637-4535-ba18-258f48f705b8",
            partial=True,
        ),
        Alignment("CLEA", "7", "La maîtrise des gestes et postures", "https://www.certificat-clea.fr/"),
    ),
    caution="Aucun acte de soin.",
    tags=("chambre", "résident"),
)
MILESTONE = Achievement(
    slug="par-1",
    code="PAR-1",
    version="1",
    name="Agent de service",
    description="Cette personne réunit les savoir-faire d’un agent de service.",
    easy_read="Je connais le travail.",
    sector="medico_social",
    levels=(),
    criteria=("Détient les badges demandés",),
    evidence="Badges demandés, tous valables",
    achievement_type="MicroCredential",
    language="fr",
    published_on=date(2026, 1, 5),
    milestone=True,
)
PLAN = CredentialPlan(
    credential_id="6a1f0c2e-8f5b-4a55-9d0e-0c5b7b1d2e3f",
    subject_id="0f8fad5b-d9cb-469f-a165-70867728950e",
    achievement=ROOM,
    level=2,
    issuer=RECOGNITION,
    creator=RECOGNITION,
    observation_count=2,
    observer_count=1,
    awarded_on=date(2026, 3, 4),
    valid_from=datetime(2026, 3, 5, 9, 30, 1, 250_000, tzinfo=UTC),
    valid_until=datetime(2028, 3, 4, 23, 59, 59, tzinfo=UTC),
    status=StatusPlace("liste-1", 4711),
)
ENDORSEMENT = EndorsementPlan(
    endorsement_id="1c9d5a30-0d2b-4b0a-8c7a-2f1f6f0f8c11",
    issuer=RECOGNITION,
    subject_url_or_did="https://badges.example/achievements/ms-01/1",
    name="Badge reconnu",
    comment="Nous reconnaissons ce badge.",
    valid_from=datetime(2026, 1, 5, tzinfo=UTC),
    valid_until=datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
    status=StatusPlace("liste-1", 12),
)
