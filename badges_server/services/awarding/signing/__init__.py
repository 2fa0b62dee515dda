"""From an open intent to a stored credential: lint, sign, check as a stranger would, store."""
