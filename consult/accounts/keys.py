"""Secrets: random ones, their hashes, and the keys that are made from `CONSULT_SECRET_KEY`.

One setting serves several purposes, so each purpose has a key of its own, derived by HKDF: whoever
learns how one of them is used learns nothing about another. A new secret key therefore signs
everybody out and makes every second factor unreadable: those accounts need a new set-up link.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from secrets import token_urlsafe

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from consult.home import Config

KEY_BYTES = 32
SECOND_FACTOR = "consult second factor 1"
FAILED_TRIES = "consult failed tries 1"
SESSIONS_OF_FORMS = "consult joining 1"
RETURN_CODES = "consult return codes 1"
HELD_CODES = "consult held codes 1"
KEPT_FORMS = "consult kept forms 1"
ORDERS = "consult orders 1"
CODERS = "consult coders 1"
LOTS = "consult lots 1"


def new_token() -> str:
    """A random text that nobody can guess: 256 bits, safe in an address."""
    return token_urlsafe(KEY_BYTES)


def token_hash(token: str) -> str:
    """What the database keeps of a token. No salt: a token is random, not chosen by a person."""
    return sha256(token.encode()).hexdigest()


def keyed_hash(text: str, *, config: Config, purpose: str = FAILED_TRIES) -> str:
    """What the database keeps of an e-mail address or a code that somebody typed; useless without the key."""
    return hmac.new(_key(config, purpose), text.encode(), sha256).hexdigest()


def lot(*, config: Config, of: str) -> Callable[[str], int]:
    """What draws by lot: a large number for any words, always the same, that nobody without the key foresees.

    ``of`` says what is drawn; other draws with the same words have other numbers.
    """
    key = hmac.new(_key(config, LOTS), of.encode(), sha256).digest()
    return lambda words: int.from_bytes(hmac.digest(key, words.encode(), "sha256"), "big")


def seal(text: str, *, config: Config, purpose: str = SECOND_FACTOR) -> str:
    """The text, readable only with this installation's secret key and for this purpose."""
    return _fernet(config, purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, config: Config, purpose: str = SECOND_FACTOR) -> str | None:
    """What was sealed for this purpose, or None if the secret key has changed since."""
    try:
        return _fernet(config, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _fernet(config: Config, purpose: str) -> Fernet:
    return Fernet(urlsafe_b64encode(_key(config, purpose)))


def _key(config: Config, purpose: str) -> bytes:
    if config.secret_key is None:
        raise RuntimeError("accounts need CONSULT_SECRET_KEY")
    derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode())
    return derivation.derive(config.secret_key.encode())
