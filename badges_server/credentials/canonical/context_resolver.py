"""Context resolution for PyLD over the bundled contexts alone: nothing is fetched, each is processed once a thread.

PyLD asks a resolver for the contexts that a document or a scoped definition names. What they make of an active context
is kept here (PyLD's own stores miss type-scoped contexts, which are most of the work), in bounds, and computing is
counted: a document that makes us compute hundreds of combinations is an attack, not a credential.
"""

import threading
from collections.abc import Callable, Container
from typing import Any, Final, TypeAlias

from badges_server.credentials.contexts import CONTEXT_URLS, load_context
from badges_server.credentials.errors import WorkBudgetError
from badges_server.credentials.json_text import JsonObject

# An Open Badge in a cold process needs about fifty; each costs about a quarter of a millisecond.
COMPUTED_CONTEXTS_BUDGET: Final = 1_500
KEPT_CONTEXTS: Final = 500

# PyLD has no types of its own.
PyldValue: TypeAlias = Any
ActiveContext: TypeAlias = dict[str, PyldValue]


class ContextResolver:
    """Stands in for ``pyld.ContextResolver``; belongs to one thread.

    Args:
        urls: the contexts that a document may name.
        load: gives the document behind one of them.
    """

    def __init__(self, urls: Container[str] = CONTEXT_URLS, load: Callable[[str], JsonObject] = load_context) -> None:
        self.urls = urls
        self._load = load
        self._by_url: dict[str, list[_ResolvedContext]] = {}
        self._kept: dict[tuple[object, ...], ActiveContext] = {}
        self._computed = 0

    def begin(self) -> None:
        """Start counting for another document."""
        self._computed = 0

    def resolve(
        self, _active: object, context: PyldValue, _base: object, _cycles: object = None
    ) -> "list[_ResolvedContext]":
        """Give the contexts that `context` stands for, in order (the signature is PyLD's).

        Raises:
            UnknownContextError: a URL that is not bundled.
        """
        if isinstance(context, str):
            return self._of_url(context)
        if isinstance(context, list):
            return [resolved for item in context for resolved in self.resolve(_active, item, _base)]
        return [_ResolvedContext(self, False if context is None else context)]

    def _of_url(self, url: str) -> "list[_ResolvedContext]":
        resolved = self._by_url.get(url)
        if resolved is None:
            resolved = self._by_url[url] = self.resolve(None, self._load(url)["@context"], None)
        return resolved

    def processed(
        self,
        active: ActiveContext,
        context: PyldValue,
        how: dict[str, PyldValue],
        compute: Callable[[], ActiveContext],
    ) -> ActiveContext:
        """Give what `context`, processed in the way `how`, makes of `active`; compute it the first time only."""
        named = context if isinstance(context, list) else [context]
        # Scoped contexts are known by identity: they live in the loaded documents, for as long as this resolver.
        names = (item if isinstance(item, str) else id(item) for item in named)
        key = (active["_uuid"], *names, *sorted(how.items()))
        found = self._kept.get(key)
        if found is None:
            found = compute()
            if len(self._kept) >= KEPT_CONTEXTS:
                self._kept.clear()
            self._kept[key] = found
        return found

    def count(self) -> None:
        """Count one computed context.

        Raises:
            WorkBudgetError: this document has had too many computed.
        """
        self._computed += 1
        if self._computed > COMPUTED_CONTEXTS_BUDGET:
            raise WorkBudgetError("too many combinations of JSON-LD contexts", value=COMPUTED_CONTEXTS_BUDGET)


class _ResolvedContext:
    """Stands in for PyLD's class of this name, whose store is replaced by `ContextResolver.processed`."""

    def __init__(self, resolver: ContextResolver, document: dict[str, PyldValue] | bool) -> None:
        self.document = document
        self._resolver = resolver

    def get_processed(self, _active: ActiveContext) -> None:
        """Say that nothing is stored here."""

    def set_processed(self, _active: ActiveContext, _processed: ActiveContext) -> None:
        """Take note that PyLD has computed something."""
        self._resolver.count()


_of_thread = threading.local()


def resolver_of_thread() -> ContextResolver:
    """Give this thread's resolver, made at first use: what PyLD computes is not safe to share while it is computed."""
    resolver: ContextResolver | None = getattr(_of_thread, "resolver", None)
    if resolver is None:
        resolver = _of_thread.resolver = ContextResolver()
    return resolver
