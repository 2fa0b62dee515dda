"""The parts of `demo`: its data directory, and what it says at its end."""
