"""The second factor: six numbers from an app, new every 30 seconds (RFC 6238)."""

import hmac
import re
from datetime import datetime

import pyotp
import segno

STEP_SECONDS = 30
DRIFT = 1  # steps by which the clock of a telephone may be wrong, either way


def new_secret() -> str:
    """A random secret to share with somebody's app."""
    return pyotp.random_base32()


def matching_step(secret: str, typed: str, at: datetime) -> int | None:
    """The number of the 30-second step whose code this is, or None.

    The caller stores the step and accepts only later ones, so that a code serves once.
    """
    code = re.sub(r"[\s-]", "", typed)
    if not re.fullmatch(r"[0-9]{6}", code):
        return None
    step = int(at.timestamp()) // STEP_SECONDS
    app = pyotp.TOTP(secret)
    # Every candidate is compared, whichever fits, so that time tells nothing.
    near = [
        candidate
        for candidate in range(step - DRIFT, step + DRIFT + 1)
        if hmac.compare_digest(app.generate_otp(candidate), code)
    ]
    return max(near, default=None)


def qr_code(secret: str, *, email: str, service: str) -> str:
    """Address of a picture for the app to scan, as a data address: it never leaves the page."""
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=service)
    picture = segno.make(address, error="m", micro=False)
    return picture.svg_data_uri(scale=5, light="white")


def in_groups(secret: str) -> str:
    """The secret in groups of four, for typing."""
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
