"""A consultation, its stages, who belongs to it and which steps they have done."""
