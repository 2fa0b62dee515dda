"""Gather the documents that a verdict needs: keys, status lists, hosted forms. That one cannot be had is a fact too."""

from collections.abc import Mapping
from dataclasses import replace

from badges_server.credentials.verification import Answer, Facts, Failure, Want, wanted
from badges_server.fetching.budget import Budgeted
from badges_server.fetching.errors import FetchError
from badges_server.fetching.fetched import Retriever


def gather(facts: Facts, retriever: Retriever) -> Facts:
    """Ask `retriever` for all that judging `facts` needs, each URL once, within one verification's budget.

    Documents lead to further ones, so this asks until nothing is missing. It ends: each round asks for URLs that were
    not asked before, and what is over the budget counts as asked and failed.
    """
    budget = Budgeted(retriever)
    while missing := wanted(facts):
        documents: Mapping[str, Answer | Failure] = {want.url: _ask(want, budget) for want in missing}
        facts = replace(facts, documents={**facts.documents, **documents})
    return facts


def _ask(want: Want, retriever: Retriever) -> Answer | Failure:
    try:
        fetched = retriever.fetch(want.url, want.accept)
    except FetchError as error:
        return Failure(error.code, str(error))
    return Answer(fetched.status, fetched.body, fetched.url)
