"""The award file (interface.md, "Award CSV"): bytes in, typed lines or refusals out; nothing is judged here."""
