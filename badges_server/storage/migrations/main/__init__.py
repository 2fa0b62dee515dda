"""Revisions of the main database, oldest first by their names."""
