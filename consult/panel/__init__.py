"""The panel: how many of whom it should hold, who has a place on it, who waits for one."""
