"""The address of a channel: short, because people copy it by hand, and the same one in the picture."""

from io import BytesIO

import segno
from flask import current_app, url_for

from consult.consultations.models import Consultation
from consult.recruitment.models import Channel

SCHEMES = ("https://", "http://")
SCALE = 4  # pixels of one square of the picture


def address_of(consultation: Consultation, channel: Channel) -> str:
    """The whole address that leads to joining by this channel."""
    base: str = current_app.config["CONSULT"].base_url
    return base + url_for("public.publicity.arrive", slug=consultation.slug, channel=channel.key)


def written(address: str) -> str:
    """The address as people type it: browsers add the scheme by themselves."""
    for scheme in SCHEMES:
        address = address.removeprefix(scheme)
    return address


def picture_of(address: str) -> str:
    """The address as a picture for a telephone: SVG in text. It can be read with a stain on it."""
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", scale=SCALE, light="white", xmldecl=False
    )
    return out.getvalue().decode()
