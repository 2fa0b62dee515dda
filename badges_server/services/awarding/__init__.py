"""Awards from observation to signature: files in, signed credentials out, whatever crashes in between."""

from badges_server.services.awarding.filing import award_file
from badges_server.services.awarding.pending import sign_pending

__all__ = ["award_file", "sign_pending"]
