"""Loading the sample network, again and again and changed; on both databases."""

from datetime import date
from pathlib import Path

import pytest

from badges_server.network.members import Convention, Membership, has_mandate_on, may_issue_on
from badges_server.services import cataloguing, keys, recording
from badges_server.services.load_report import LoadReport
from badges_server.services.recording import NetworkFileError, NetworkNotLoadedError, UnknownIssuerError
from badges_server.services.server import Server
from badges_server.storage.tables import AuditRow, MandateRow
from tests.services.conftest import ROOT


@pytest.fixture(autouse=True)
def _catalogue(server: Server) -> None:
    with server.database.transaction() as session:
        cataloguing.load_catalogue(server, session, ROOT / "badge_classes")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def load(server: Server, path: Path) -> LoadReport:
    return recording.load_network(server, path)


def test_the_sample_comes_in_once(server: Server, network_path: Path) -> None:
    first = load(server, network_path)
    again = load(server, network_path)

    assert len(first.added) == 1 + 1 + 4 + 13 + 5
    assert "member coup-de-main-bocage" in first.added
    assert (again.added, again.changed, again.unchanged) == ((), (), 19)
    with server.database.reading() as session:
        assert session.query(AuditRow).filter(AuditRow.action == "network.add").count() == 19
        assert session.query(AuditRow).filter(AuditRow.action == "network.change").count() == 0


def test_everybody_who_may_sign_has_keys(server: Server, network_path: Path) -> None:
    load(server, network_path)
    with server.database.reading() as session:
        owners = {key.issuer for key in keys.list_keys(session)}
        every = {one.slug for one in recording.all_issuers(session)}
    assert every - owners == {"atelier-des-falaises"}


def test_issuers_are_looked_up(server: Server, network_path: Path) -> None:
    with server.database.reading() as session:
        assert not recording.has_network(session)
        with pytest.raises(NetworkNotLoadedError, match="network load"):
            recording.recognition_issuer(session)
    load(server, network_path)
    with server.database.reading() as session:
        assert recording.has_network(session)
        neutral = recording.recognition_issuer(session)
        assert (neutral.slug, neutral.named, neutral.url) == ("reconnaissance-normandie", False, None)
        assert recording.network_issuer(session).named is True
        assert recording.issuer(session, "estuaire-interim").name == "Estuaire Intérim"
        assert len(recording.members(session)) == 4
        with pytest.raises(UnknownIssuerError):
            recording.issuer(session, "nobody")


def test_dates_are_looked_up_as_the_rules_need_them(server: Server, network_path: Path) -> None:
    load(server, network_path)
    with server.database.reading() as session:
        gone = recording.membership_of(session, "atelier-des-falaises")
        mandates = recording.mandates_of(session, "coup-de-main-bocage")
        assert recording.staff_of(session, "estuaire-interim") == ["est-01", "est-02", "est-03", "est-04"]
        assert len(recording.staff_of(session)) == 13
        assert len(recording.all_members(session)) == 4
        assert recording.membership_of(session, "nobody").memberships == ()

    assert gone.memberships == (Membership(date(2020, 2, 1), date(2025, 12, 31)),)
    assert gone.conventions == (Convention("EI", date(2023, 1, 1), date(2025, 12, 31)),)
    assert may_issue_on(gone, date(2025, 12, 31))
    assert not may_issue_on(gone, date(2026, 1, 1))
    assert has_mandate_on(mandates, "cdm-04", "ms-01", date(2026, 2, 1))
    assert not has_mandate_on(mandates, "cdm-04", "ms-02", date(2026, 2, 1))


def test_a_member_of_staff_who_left_has_no_mandate_after(server: Server, network_path: Path) -> None:
    load(server, network_path)
    with server.database.reading() as session:
        mandates = recording.mandates_of(session, "estuaire-interim")
    assert has_mandate_on(mandates, "est-04", "log-01", date(2026, 4, 30))
    assert not has_mandate_on(mandates, "est-04", "log-01", date(2026, 5, 1))


def test_what_changed_is_changed_and_nothing_else(server: Server, network_path: Path) -> None:
    load(server, network_path)
    change(network_path, "valid_until = 2026-06-30", "valid_until = 2026-07-31")
    change(network_path, 'email = "equipe@estuaire-interim.example"', 'email = "bonjour@estuaire-interim.example"')

    report = load(server, network_path)

    assert set(report.changed) == {"staff mvp-04", "member estuaire-interim"}
    assert report.unchanged == 17
    with server.database.reading() as session:
        assert recording.issuer(session, "estuaire-interim").email == "bonjour@estuaire-interim.example"
        ends = {row.valid_until for row in session.query(MandateRow).filter_by(staff_reference="mvp-04")}
        assert ends == {date(2026, 7, 31)}
        trail = session.query(AuditRow.subject).filter(AuditRow.action == "network.change").all()
        assert len(trail) == 2


def test_a_mandate_taken_out_of_the_file_is_taken_back(server: Server, network_path: Path) -> None:
    load(server, network_path)
    change(network_path, '[[staff.mandates]]\nachievement = "ms-01"\nvalid_from = 2025-06-01\n', "")

    assert load(server, network_path).changed == ("staff cdm-04",)
    with server.database.reading() as session:
        mandates = recording.mandates_of(session, "coup-de-main-bocage")
    assert not any(mandate.staff_reference == "cdm-04" for mandate in mandates)


def test_leaving_and_coming_back_are_two_times_of_membership(server: Server, network_path: Path) -> None:
    load(server, network_path)
    change(network_path, "joined_on = 2020-02-01\nleft_on = 2025-12-31", "joined_on = 2026-02-01")
    change(
        network_path,
        "starts_on = 2023-01-01\nends_on = 2025-12-31\n\n\n# ——— Les équipes",
        "starts_on = 2026-02-01\n\n\n# ——— Les équipes",
    )

    report = load(server, network_path)

    assert report.changed == ("member atelier-des-falaises",)
    assert "2 keys of atelier-des-falaises" in report.added
    with server.database.reading() as session:
        back = recording.membership_of(session, "atelier-des-falaises")
    assert back.memberships == (
        Membership(date(2020, 2, 1), date(2025, 12, 31)),
        Membership(date(2026, 2, 1), None),
    )


def test_a_corrected_day_replaces_the_wrong_one(server: Server, network_path: Path) -> None:
    load(server, network_path)
    change(network_path, "joined_on = 2019-01-15", "joined_on = 2019-01-16")
    load(server, network_path)
    with server.database.reading() as session:
        member = recording.membership_of(session, "estuaire-interim")
    assert member.memberships == (Membership(date(2019, 1, 16), None),)


def test_profiles_keep_their_meaning(server: Server, network_path: Path) -> None:
    load(server, network_path)
    change(network_path, 'slug = "reconnaissance-normandie"', 'slug = "autre-profil"')
    with pytest.raises(
        NetworkFileError, match=r"recognition.slug: the recognition profile is reconnaissance-normandie"
    ):
        load(server, network_path)

    change(network_path, 'slug = "autre-profil"', 'slug = "reconnaissance-normandie"')
    change(network_path, 'slug = "estuaire-interim"', 'slug = "estuaire"')
    text = network_path.read_text(encoding="utf-8").replace('"estuaire-interim"', '"estuaire"')
    network_path.write_text(text, encoding="utf-8")
    with pytest.raises(NetworkFileError, match=r"members.3.siret: this SIRET is estuaire-interim's"):
        load(server, network_path)
