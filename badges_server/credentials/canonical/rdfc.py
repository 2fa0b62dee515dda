"""RDFC-1.0: canonical labels for blank nodes (W3C RDF Dataset Canonicalization), within a budget of work.

Some graphs of 1.5 KB would keep an unbounded implementation busy for minutes (section 7.1). An honest credential needs
fewer than fifty units, so whoever needs thousands is refused.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import permutations
from typing import Final, Literal, TypeAlias

from badges_server.credentials.canonical.nquads import Quad, is_blank, line_of
from badges_server.credentials.errors import WorkBudgetError

HashName: TypeAlias = Literal["sha256", "sha384"]

WORK_BUDGET: Final = 20_000
# How far to follow a chain of alike nodes (a list of equal values, say); keeps far from the interpreter's own limit.
MAXIMUM_CHAIN: Final = 100

_HASHES: Final = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}
# The place of a blank node in a statement, as the standard abbreviates it (section 4.7).
_POSITIONS: Final = (("s", 0), ("o", 2), ("g", 3))


def canonicalize_quads(
    quads: Iterable[Quad], *, hash_name: HashName = "sha256", work_budget: int = WORK_BUDGET
) -> bytes:
    """Write the canonical N-Quads of a dataset (section 4.4).

    Raises:
        WorkBudgetError: labelling its blank nodes would cost more than `work_budget` units.
    """
    dataset = set(quads)
    labels = canonical_labels(dataset, hash_name=hash_name, work_budget=work_budget)
    return "".join(sorted(line_of(_relabelled(quad, labels)) for quad in dataset)).encode()


def canonical_labels(
    quads: Iterable[Quad], *, hash_name: HashName = "sha256", work_budget: int = WORK_BUDGET
) -> dict[str, str]:
    """Map each blank node term of a dataset to its canonical one, like ``_:e0`` to ``_:c14n0`` (section 4.4).

    Raises:
        WorkBudgetError: it would cost more than `work_budget` units.
    """
    return _Canonicalization(set(quads), hash_name, work_budget).label()


def _relabelled(quad: Quad, labels: dict[str, str]) -> Quad:
    subject, predicate, object_, graph = quad
    get = labels.get
    return Quad(get(subject, subject), predicate, get(object_, object_), get(graph, graph))


class _Issuer:
    """Gives labels in the order they are asked for (section 4.5); keeps that order."""

    def __init__(self, prefix: str, issued: dict[str, str] | None = None) -> None:
        self.prefix = prefix
        self.issued = issued if issued is not None else {}

    def issue(self, node: str) -> str:
        label = self.issued.get(node)
        if label is None:
            label = self.issued[node] = f"{self.prefix}{len(self.issued)}"
        return label

    def copy(self) -> "_Issuer":
        return _Issuer(self.prefix, dict(self.issued))


class _Canonicalization:
    """The state of one run (section 4.3)."""

    def __init__(self, quads: set[Quad], hash_name: HashName, work_budget: int) -> None:
        self.algorithm = _HASHES[hash_name]
        self.work_left = self.work_budget = work_budget
        self.canonical = _Issuer("_:c14n")
        self.quads_of: defaultdict[str, list[Quad]] = defaultdict(list)
        for quad in quads:
            for node in {term for term in (quad[0], quad[2], quad[3]) if is_blank(term)}:
                self.quads_of[node].append(quad)
        self.first_hashes: dict[str, str] = {}
        self.chain = 0

    def label(self) -> dict[str, str]:
        nodes_by_hash: defaultdict[str, list[str]] = defaultdict(list)
        for node in self.quads_of:
            nodes_by_hash[self._first_degree_hash(node)].append(node)
        shared = []
        for digest, nodes in sorted(nodes_by_hash.items()):
            if len(nodes) == 1:
                self.canonical.issue(nodes[0])
            else:
                shared.append((digest, nodes))
        for _digest, nodes in shared:
            self._label_alike(nodes)
        return self.canonical.issued

    def _label_alike(self, nodes: list[str]) -> None:
        """Tell nodes with equal first-degree hashes apart by what surrounds them (section 4.4.3, step 5)."""
        results = []
        for node in nodes:
            if node not in self.canonical.issued:
                issuer = _Issuer("_:b")
                issuer.issue(node)
                results.append(self._n_degree_hash(node, issuer))
        # Equal hashes are automorphic: their order cannot be seen in the result.
        for _digest, issuer in sorted(results, key=lambda result: result[0]):
            for node in issuer.issued:
                self.canonical.issue(node)

    def _digest(self, text: str) -> str:
        return self.algorithm(text.encode()).hexdigest()

    def _spend(self, units: int) -> None:
        self.work_left -= units
        if self.work_left < 0 or self.chain > MAXIMUM_CHAIN:
            raise WorkBudgetError(
                "too many blank nodes that only their surroundings tell apart", value=self.work_budget
            )

    def _first_degree_hash(self, node: str) -> str:
        """Hash what is said about `node` itself (section 4.6)."""
        known = self.first_hashes.get(node)
        if known is not None:
            return known

        def masked(term: str) -> str:
            return ("_:a" if term == node else "_:z") if term[:2] == "_:" else term

        lines = [line_of(Quad(masked(s), p, masked(o), masked(g))) for s, p, o, g in self.quads_of[node]]
        digest = self.first_hashes[node] = self._digest("".join(sorted(lines)))
        return digest

    def _related_hash(self, related: str, quad: Quad, issuer: _Issuer, position: str) -> str:
        """Hash how `related` stands to a node (section 4.7)."""
        known = self.canonical.issued.get(related) or issuer.issued.get(related)
        predicate = "" if position == "g" else quad.predicate
        return self._digest(f"{position}{predicate}{known or self._first_degree_hash(related)}")

    def _related_nodes(self, node: str, issuer: _Issuer) -> Iterator[tuple[str, list[str]]]:
        related_by_hash: defaultdict[str, list[str]] = defaultdict(list)
        for quad in self.quads_of[node]:
            for position, index in _POSITIONS:
                related = quad[index]
                if related != node and is_blank(related):
                    self._spend(1)
                    digest = self._related_hash(related, quad, issuer, position)
                    related_by_hash[digest].append(related)
        yield from sorted(related_by_hash.items())

    def _n_degree_hash(self, node: str, issuer: _Issuer) -> tuple[str, _Issuer]:
        """Hash what surrounds `node`, over the best order of its related nodes (section 4.8)."""
        self.chain += 1
        text = []
        for digest, related in self._related_nodes(node, issuer):
            chosen, issuer = self._best_path(related, issuer)
            text += [digest, chosen]
        self.chain -= 1
        return self._digest("".join(text)), issuer

    def _best_path(self, related: list[str], issuer: _Issuer) -> tuple[str, _Issuer]:
        """Try every order of `related`; keep the path that sorts first, and the labels it gave."""
        best, best_issuer = "", issuer
        for order in permutations(related):
            self._spend(len(order))
            path, path_issuer = self._path(order, issuer.copy(), _worse_than(best))
            if path and (not best or path < best):
                best, best_issuer = path, path_issuer
        return best, best_issuer

    def _path(self, order: tuple[str, ...], issuer: _Issuer, is_worse: Callable[[str], bool]) -> tuple[str, _Issuer]:
        """Write the path of one order (section 4.8.3, step 5.4); empty once it cannot become the best."""
        path, to_enter = self._labels(order, issuer)
        if is_worse(path):
            return "", issuer
        for node in to_enter:
            self._spend(1)
            digest, entered = self._n_degree_hash(node, issuer)
            path += f"{issuer.issue(node)}<{digest}>"
            issuer = entered
            if is_worse(path):
                return "", issuer
        return path, issuer

    def _labels(self, order: tuple[str, ...], issuer: _Issuer) -> tuple[str, list[str]]:
        """Write the labels of one order, and tell which nodes have just got theirs."""
        path = ""
        fresh = []
        for node in order:
            label = self.canonical.issued.get(node)
            if label is None:
                if node not in issuer.issued:
                    fresh.append(node)
                label = issuer.issue(node)
            path += label
        return path, fresh


def _worse_than(best: str) -> Callable[[str], bool]:
    return lambda path: bool(best) and len(path) >= len(best) and path > best
