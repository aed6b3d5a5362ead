"""Every setting of an installation, read from the environment once and checked at start.

======================== =========================================== =====================================
variable                 default                                     what it is
======================== =========================================== =====================================
CONSULT_DATABASE_URL     an SQLite file in ``instance/``             ``sqlite:///`` or ``postgresql+psycopg://``
CONSULT_SECRET_KEY       none: the web needs one                     signs cookies, seals second factors
CONSULT_COUNCIL_NAME     Your council                                stands in the header of every page
CONSULT_SERVICE_NAME     Consultations                               stands in every page's title
CONSULT_BASE_URL         http://127.0.0.1:8000                       links in messages are built from it alone
CONSULT_TRUSTED_HOSTS    the base URL's host                         host names that requests may carry
CONSULT_PROXIES          0                                           web servers that stand in front
CONSULT_MAIL_SERVER      none: no e-mail is sent                     ``smtps://name:password@host``
CONSULT_MAIL_FROM        none: needed with a mail server             the address that e-mails come from
CONSULT_LANGUAGES        en_GB                                       languages of the pages, the usual first
CONSULT_TRANSLATIONS     none: those that come with the program      a folder of more catalogues
======================== =========================================== =====================================

Secrets have no default here on purpose: a default that ships is a key that everybody knows.
Cookies are marked Secure whenever the base URL is ``https``.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError


class ConfigError(Exception):
    """The environment lacks something or says something that cannot be."""


@dataclass(frozen=True)
class Config:
    """The settings of one installation; immutable after start."""

    database_url: str
    secret_key: str | None = None
    council_name: str = "Your council"
    service_name: str = "Consultations"
    base_url: str = "http://127.0.0.1:8000"
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    proxies: int = 0  # how many names in X-Forwarded-For are to be believed, from the right
    mail_server: str | None = None
    mail_from: str | None = None
    languages: tuple[str, ...] = ("en_GB",)
    translations: Path | None = None

    @property
    def is_secure(self) -> bool:
        """Whether people reach the service over HTTPS."""
        return self.base_url.startswith("https://")

    @property
    def is_sqlite(self) -> bool:
        """Whether the record is one SQLite file."""
        return self.database_url.startswith("sqlite:")

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] | None = None, *, instance: Path, web: bool = True
    ) -> "Config":
        """The settings found in the environment.

        Parameters
        ----------
        environ : mapping, optional
            Where to look; the process environment if not given.
        instance : Path
            The folder for the default SQLite file.
        web : bool
            Whether pages will be served: then a secret key is needed.

        Raises
        ------
        ConfigError
            Naming every variable that is missing or wrong, all at once.
        """
        environ = os.environ if environ is None else environ
        wrong: list[str] = []
        url = environ.get("CONSULT_DATABASE_URL") or f"sqlite:///{instance / 'consult.sqlite'}"
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            # The value itself is not shown: it may hold a password.
            wrong.append("CONSULT_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://")
        secret = environ.get("CONSULT_SECRET_KEY") or None
        if web and secret is None:
            wrong.append("CONSULT_SECRET_KEY is missing: set it to a long random text and keep it secret")
        base_url = (environ.get("CONSULT_BASE_URL") or cls.base_url).rstrip("/")
        address = urlsplit(base_url)
        if address.scheme not in {"http", "https"} or not address.hostname:
            wrong.append("CONSULT_BASE_URL must be an address such as https://consult.example.gov.uk")
        languages = _listed(environ.get("CONSULT_LANGUAGES")) or cls.languages
        wrong += [
            f"CONSULT_LANGUAGES: {name} is not a language that we know; write them like en_GB,cy"
            for name in languages
            if not _is_locale(name)
        ]
        proxies = environ.get("CONSULT_PROXIES") or "0"
        if not (proxies.isascii() and proxies.isdigit() and len(proxies) == 1):
            wrong.append("CONSULT_PROXIES must be a number from 0 to 9: how many web servers stand in front")
        mail_server = environ.get("CONSULT_MAIL_SERVER") or None
        mail_from = environ.get("CONSULT_MAIL_FROM") or None
        wrong += _wrong_about_mail(mail_server, mail_from)
        if wrong:
            raise ConfigError("\n".join(wrong))
        named = _listed(environ.get("CONSULT_TRUSTED_HOSTS"))
        folder = environ.get("CONSULT_TRANSLATIONS")
        default_hosts = (
            (address.hostname or "",) if address.hostname not in cls.trusted_hosts else cls.trusted_hosts
        )
        return cls(
            database_url=url,
            secret_key=secret,
            council_name=environ.get("CONSULT_COUNCIL_NAME") or cls.council_name,
            service_name=environ.get("CONSULT_SERVICE_NAME") or cls.service_name,
            base_url=base_url,
            trusted_hosts=named or default_hosts,
            proxies=int(proxies),
            mail_server=mail_server,
            mail_from=mail_from,
            languages=languages,
            translations=Path(folder) if folder else None,
        )


def _listed(setting: str | None) -> tuple[str, ...]:
    """The parts of a list with commas; each counts once."""
    return tuple(dict.fromkeys(part.strip() for part in (setting or "").split(",") if part.strip()))


def _wrong_about_mail(server: str | None, sender: str | None) -> list[str]:
    """What cannot be of the settings for e-mail; the address of the server may hold a password."""
    if server is None:
        return []
    wrong = []
    try:
        parts = urlsplit(server)
        is_one = parts.scheme in {"smtp", "smtp+tls", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one:
        wrong.append("CONSULT_MAIL_SERVER must be an address such as smtps://name:password@mail.example:465")
    if sender is None or "@" not in sender or not sender.isprintable():
        wrong.append("CONSULT_MAIL_FROM must be the address that e-mails come from")
    return wrong


def _is_locale(name: str) -> bool:
    try:
        return str(Locale.parse(name)) == name
    except (ValueError, UnknownLocaleError):
        return False
