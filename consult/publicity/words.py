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
# Whom to ask to remind those who have not come on, by how they came.
ASKING: Mapping[ChannelKind | None, str] = {
    ChannelKind.LIBRARY: N_("Ask the library to remind everybody before %(day)s."),
    ChannelKind.AGE_CHARITY: N_("Ask the charity to remind everybody before %(day)s."),
    ChannelKind.ONLINE_CENTRE: N_("Ask the online centre to remind everybody before %(day)s."),
    ChannelKind.COMMUNITY: N_("Ask the organisation to remind everybody before %(day)s."),
    ChannelKind.SCHOOL: N_("Ask the school or college to remind everybody before %(day)s."),
    ChannelKind.MAILING: N_("Send everybody on the list a second letter before %(day)s."),
    ChannelKind.SOCIAL: N_("Post a reminder there before %(day)s."),
    ChannelKind.OTHER: N_("Ask whoever told them of it to remind everybody before %(day)s."),
    None: N_("Put a reminder on your own pages and in your buildings before %(day)s."),
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
