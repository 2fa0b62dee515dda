"""Why a document could not be had. The kinds differ in what the asker may do about them."""

from typing import Self

from badges_server.credentials.errors import BadgeError


class FetchError(BadgeError):
    """A document could not be had; nothing is known about it."""

    code = "RETRIEVAL_ERROR"

    def again(self) -> Self:
        """The same reason without the moment: no traceback, which would keep a whole answer alive in its frames."""
        return type(self)(self.message, value=self.value, path=self.path)


class UrlRefusedError(FetchError):
    """The URL itself is not one that we ask: scheme, host, port, credentials or characters."""

    code = "URL_REFUSED"


class AddressRefusedError(FetchError):
    """The host's name leads to an address that is not public (IANA special-purpose registries)."""

    code = "ADDRESS_REFUSED"


class NameNotResolvedError(FetchError):
    """The host's name has no address."""

    code = "NAME_NOT_RESOLVED"


class UnreachableError(FetchError):
    """Nothing answered, or not in HTTP, or without a valid certificate."""

    code = "UNREACHABLE"


class TooSlowError(FetchError):
    """The answer did not come whole within the time allowed."""

    code = "TIMEOUT"


class TooLargeError(FetchError):
    """The answer, decoded, is larger than allowed."""

    code = "ANSWER_TOO_LARGE"


class EncodingRefusedError(FetchError):
    """The answer's content coding is unknown or broken."""

    code = "CONTENT_ENCODING_REFUSED"


class TooManyRedirectsError(FetchError):
    """The answer was one redirect more than allowed, or a redirect without a target."""

    code = "TOO_MANY_REDIRECTS"


class BudgetExceededError(FetchError):
    """One verification wanted more documents than allowed."""

    code = "FETCH_BUDGET_EXCEEDED"


class NotProvidedError(FetchError):
    """Working offline, and the document is not in the folder."""

    code = "DOCUMENT_NOT_PROVIDED"
