"""Made-up data for tests, one module per feature: plain functions with keyword defaults."""
