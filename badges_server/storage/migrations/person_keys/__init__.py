"""Revisions of the store of people's keys, oldest first by their names."""
