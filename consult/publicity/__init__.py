"""How people hear of a consultation: channels, links, posters, and what each has brought."""
