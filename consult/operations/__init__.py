"""Running an installation: schema, backup, checks, server, sample council."""
