"""Plumbing that every page shares."""
