"""Open Badges 2.0 and 3.0 server of a solidarity network."""

__version__ = "0.1.0"
