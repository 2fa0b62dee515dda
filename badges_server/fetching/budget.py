"""How much one verification may ask of others."""

from dataclasses import dataclass, field

from badges_server.fetching.errors import BudgetExceededError, FetchError
from badges_server.fetching.fetched import JSON, Fetched, Retriever

MAXIMUM_FETCHES = 12


@dataclass
class Budgeted:
    """One verification's share of a retriever: each URL is asked once, and at most `limit` of them.

    Asking once also means that one report never sees two states of the same document.
    """

    retriever: Retriever
    limit: int = MAXIMUM_FETCHES
    _answers: dict[str, Fetched | FetchError] = field(default_factory=dict)

    def fetch(self, url: str, accept: str = JSON) -> Fetched:
        """Fetch `url`, or say again what was answered before.

        Raises:
            BudgetExceededError: `limit` other URLs were asked already.
            FetchError: as the retriever says.
        """
        if url not in self._answers:
            self._answers[url] = self._ask(url, accept)
        answer = self._answers[url]
        if isinstance(answer, FetchError):
            raise answer.again()
        return answer

    def _ask(self, url: str, accept: str) -> Fetched | FetchError:
        if len(self._answers) >= self.limit:
            raise BudgetExceededError(f"more than {self.limit} documents wanted", value=url)
        try:
            return self.retriever.fetch(url, accept)
        except FetchError as error:
            return error.again()
