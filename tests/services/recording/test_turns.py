"""Loading files while badges are awarded: on both databases nobody waits for ever and nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from badges_server.services import keys
from badges_server.services.cataloguing import load_catalogue
from badges_server.services.endorsing import endorse_members
from badges_server.services.recording import load_network
from badges_server.services.server import Server
from badges_server.storage.chain_checking import check_chains
from tests.clock import Clock
from tests.services.awarding.conftest import furnish
from tests.services.awarding.files import assert_legal, award, csv_of, people
from tests.services.conftest import ROOT


def test_loads_and_awards_at_once(server: Server, clock: Clock, network_path: Path) -> None:
    furnish(server, clock)
    text = network_path.read_text(encoding="utf-8")
    texts = [text, text.replace("Mise à disposition", "Prêt").replace("petit bâtiment", "petits travaux")]

    def load(number: int) -> None:
        path = network_path.with_name(f"network-{number}.toml")
        path.write_text(texts[number % 2], encoding="utf-8")
        load_network(server, path)
        endorse_members(server)
        with server.database.transaction() as session:
            load_catalogue(server, session, ROOT / "badge_classes")
            keys.rotate(server, session, "les-mains-vertes-du-perche", "EdDSA")

    def give(number: int) -> None:
        lines = people(6, presentation="named" if number % 2 else "neutral", achievement="ev-02", level=str(number))
        award(server, csv_of(*lines))

    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(load, number) for number in range(3)] + [pool.submit(give, number) for number in (1, 2)]
        for future in waiting:
            future.result()

    assert_legal(server)
    with server.database.reading() as session:
        assert check_chains(session) == []
