"""Themes of open answers, and who gave which."""
