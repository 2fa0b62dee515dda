"""Strict JSON-LD expansion: PyLD's algorithm, our contexts, and no tolerance for what would go unsigned.

PyLD calls the methods overridden here with the very contexts it expands with: scoped terms are judged in their scope.
"""

from pyld import jsonld

from badges_server.credentials.canonical.context_resolver import (
    ActiveContext,
    ContextResolver,
    PyldValue,
    resolver_of_thread,
)
from badges_server.credentials.canonical.strict_terms import (
    Defect,
    Steps,
    context_defects,
    entry_defects,
    reference_defect,
)
from badges_server.credentials.errors import BadgeError, UnsafeJsonLdError
from badges_server.credentials.json_text import JsonObject, JsonValue, json_path, path_of


def expand(document: JsonObject, resolver: ContextResolver | None = None) -> list[JsonObject]:
    """Expand a screened `document` (JSON-LD 1.1 API, section 5.1), which stays as it is. Never fetches.

    `resolver` says which contexts there are; by default the bundled ones.

    Raises:
        UnknownContextError: it names a context that is not bundled.
        UnsafeJsonLdError: part of it would not be signed, or its JSON would say something else than what is.
        WorkBudgetError: it combines contexts in too many ways.
    """
    resolver = resolver or resolver_of_thread()
    resolver.begin()
    expander = _StrictExpander(document, resolver)
    try:
        expanded = expander.run()
    except jsonld.JsonLdError as error:
        raise _refusal(error, expander.current_path()) from error
    if not expanded:
        raise UnsafeJsonLdError("there is nothing to sign in it", path="$")
    return expanded


def _refusal(error: BaseException, path: str) -> BadgeError:
    """Say in our words why PyLD gave up: for a reason of ours that it has wrapped in its own, or for its own."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, BadgeError):
            return type(cause)(cause.message, value=cause.value, path=path)
        cause = cause.__cause__
    return UnsafeJsonLdError(f"not valid JSON-LD: {getattr(error, 'code', None) or error}", path=path)


class _StrictExpander(jsonld.JsonLdProcessor):  # type: ignore[misc]  # PyLD has no types
    def __init__(self, document: JsonObject, resolver: ContextResolver) -> None:
        super().__init__()
        self._document = document
        self._resolver = resolver
        self._options = {
            "isFrame": False,
            "keepFreeFloatingNodes": False,
            "processingMode": "json-ld-1.1",
            "contextResolver": resolver,
            # No base: a relative IRI stays relative, so that it can be refused.
            "base": None,
        }
        self._open: list[JsonObject] = []

    def run(self) -> list[JsonObject]:
        initial = self._get_initial_context(self._options)
        expanded = self._expand(initial, None, self._document, self._options)
        return [expanded] if isinstance(expanded, dict) else []

    def current_path(self) -> str:
        return path_of(self._document, self._open[-1]) if self._open else "$"

    def _refuse(self, defect: Defect, element: JsonObject) -> None:
        path = path_of(self._document, element) + json_path(defect.steps)[1:]
        raise defect.kind(defect.message, value=defect.value, path=path)

    def _process_context(
        self, active_ctx: ActiveContext, local_ctx: PyldValue, options: PyldValue, **how: PyldValue
    ) -> PyldValue:
        """Process a context once for each active context it meets."""

        def compute() -> ActiveContext:
            processed: ActiveContext = super(_StrictExpander, self)._process_context(
                active_ctx, local_ctx, options, **how
            )
            return processed

        # While a context is being checked (PyLD then passes `cycles`), the active one is not finished: keep nothing.
        return compute() if "cycles" in how else self._resolver.processed(active_ctx, local_ctx, how, compute)

    def _prepare_nested_context(self, active_ctx: ActiveContext, element: JsonObject, options: PyldValue) -> PyldValue:
        """Judge the contexts that an object names, before PyLD processes them."""
        if "@context" in element:
            for defect in context_defects(element["@context"], self._resolver.urls):
                self._refuse(defect, element)
        return super()._prepare_nested_context(active_ctx, element, options)

    def _expand_object(
        self,
        active_ctx: ActiveContext,
        active_property: str | None,
        expanded: PyldValue,
        element: JsonObject,
        *rest: PyldValue,
    ) -> None:
        """Judge the entries of an object under the context that is active for it, types included."""
        types = rest[-1] or active_ctx
        for defect in entry_defects(active_ctx, types, element):
            self._refuse(defect, element)
        self._open.append(element)
        super()._expand_object(active_ctx, active_property, expanded, element, *rest)
        self._open.pop()

    def _expand_value(
        self,
        active_ctx: ActiveContext,
        active_property: str,
        value: JsonValue,
        options: PyldValue,
    ) -> PyldValue:
        """Judge a scalar that the context takes for an IRI."""
        expanded = super()._expand_value(active_ctx, active_property, value, options)
        if isinstance(expanded, dict) and "@id" in expanded:
            coercion = active_ctx["mappings"][active_property].get("@type")
            message = reference_defect(active_ctx, value, expanded["@id"], coercion)
            if message:
                element = self._open[-1]
                self._refuse(Defect(message, _steps_to(element, active_property, value), value), element)
        return expanded


def _steps_to(element: JsonObject, key: str, value: JsonValue) -> Steps:
    found = element.get(key)
    return (key, found.index(value)) if isinstance(found, list) else (key,)
