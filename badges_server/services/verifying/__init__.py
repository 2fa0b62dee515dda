"""Verify any credential: gather what judging needs, then judge."""

from badges_server.services.verifying.asking import Asker, Bystander, report_for_page, verify_bytes, verify_url
from badges_server.services.verifying.gathering import gather

__all__ = ["Asker", "Bystander", "gather", "report_for_page", "verify_bytes", "verify_url"]
