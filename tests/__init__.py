"""Proves what `badges_server` promises."""
