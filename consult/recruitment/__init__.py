"""Who takes part against who lives here: demographics, targets, channels."""
