"""Weights that make those who took part look like those who live here, frozen with their settings."""
