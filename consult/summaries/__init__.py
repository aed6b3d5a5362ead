"""Summaries: what stage one said, as positions that their holders call fair."""
