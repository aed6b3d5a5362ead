"""Who takes part beside who lives here: what officers set, what they see while people join, what to do."""
