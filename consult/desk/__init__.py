"""The officer's desk: a consultation from nothing to published, seen as a whole."""
