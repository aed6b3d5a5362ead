"""The analyst's package: tables, codebook and one writer per format."""
