"""Items and answers."""
