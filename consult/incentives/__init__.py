"""Thanks for taking part: what people can choose from, what is owed to them, what was issued."""
