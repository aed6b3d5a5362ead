"""Keeping the forum fair: reports, decisions with their reasons, appeals, and the promise of when."""
