"""What an officer who sets up a draft does next about who is needed: one thing after the other."""

from enum import StrEnum

from consult.panel.rules import NO_LIMITS
from consult.representation.picture import Picture


class NextStep(StrEnum):
    """The first thing that is not done yet."""

    ASK = "ask"  # people are asked nothing about themselves
    FIGURES = "figures"  # nobody has said how many of any group live here, or are wanted
    PANEL = "panel"  # there are figures, and no size to share out
    LIMITS = "limits"  # nobody has said how many of whom are wanted
    PUBLICITY = "publicity"  # it is done: people have to hear of it


def next_step(picture: Picture) -> NextStep:
    """What to do next, by what there is."""
    if not picture.variables:
        return NextStep.ASK
    groups = [group for variable in picture.variables for group in variable.groups]
    if any(group.limits != NO_LIMITS for group in groups):
        return NextStep.PUBLICITY
    if all(group.population is None for group in groups):
        return NextStep.FIGURES
    if picture.panel is None or picture.panel.size is None:
        return NextStep.PANEL
    return NextStep.LIMITS
