"""What kinds of channels are called, and how money is told."""

from collections.abc import Mapping
from decimal import Decimal

from flask_babel import gettext

from consult.recruitment.models import ChannelKind
from consult.web import telling
from consult.words import N_

KINDS: Mapping[ChannelKind, str] = {
    ChannelKind.LIBRARY: N_("Library"),
    ChannelKind.AGE_CHARITY: N_("Age UK, or another charity for older people"),
    ChannelKind.ONLINE_CENTRE: N_("Online centre"),
    ChannelKind.COMMUNITY: N_("Community organisation"),
    ChannelKind.SCHOOL: N_("School or college"),
    ChannelKind.MAILING: N_("Letter or leaflet"),
    ChannelKind.SOCIAL: N_("Social media"),
    ChannelKind.OTHER: N_("Something else"),
}
# Where people stand in front of the poster, somebody is there whom they can ask.
WITH_STAFF = frozenset(
    {
        ChannelKind.LIBRARY,
        ChannelKind.AGE_CHARITY,
        ChannelKind.ONLINE_CENTRE,
        ChannelKind.COMMUNITY,
        ChannelKind.SCHOOL,
    }
)


def pounds(amount: str | Decimal | None) -> str:
    """An amount as it was typed or worked out: "£2,500", "£40.98"."""
    if amount is None:
        return str(gettext("Not given"))
    return str(gettext("£%(pounds)s", pounds=telling.in_figures(f"{Decimal(amount):,}")))
