"""Proves what the service remembers, on SQLite and on PostgreSQL."""
