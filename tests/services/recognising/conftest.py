"""The sample network, as the tests of verifying have it."""

from tests.services.verifying.conftest import network

__all__ = ["network"]
