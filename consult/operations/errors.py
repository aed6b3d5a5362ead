"""What can go wrong around the record: not with what was asked, but with where it runs."""


class InstallationError(Exception):
    """It could not be done here; the message says why and what to do. The command line exits with 1."""
