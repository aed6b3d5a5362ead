"""The ready consultation in three stages: items to begin with, and questions about people.

The items are of the usual forms and about ``[topic]``, which an officer replaces before the sentences can
be approved. They follow the method's rules for stems: one idea, no reason inside, endings that make a
sentence, half of the statements against; few enough for ten minutes.

The questions about people are those of `recruitment.question_sets`.
"""

from dataclasses import replace

from consult.desk.ready import asked_with
from consult.recruitment.models import AskedAt
from consult.recruitment.question_sets import list_firsts
from consult.recruitment.rules import NewDemographic
from consult.surveys.rules import WAVES, NewItem, NewOption, NewScale

PLACEHOLDER = "[topic]"
AFTER = ("post",)
AGREEMENT = ("strongly disagree", "disagree", "neither agree nor disagree", "agree", "strongly agree")


def _options(*labels: str) -> tuple[NewOption, ...]:
    return tuple(NewOption(f"o{n}", label) for n, label in enumerate(labels, start=1))


def _scale(*labels: str, favour_from: int | None = None, is_reversed: bool = False) -> NewScale:
    return NewScale(
        min=1,
        max=len(labels),
        low=labels[0],
        high=labels[-1],
        favour_from=favour_from,
        reversed=is_reversed,
        labels=labels,
    )


def _open(key: str, stem: str, *, role: str = "attitude", waves: tuple[str, ...] = WAVES) -> NewItem:
    return NewItem(key=key, form="open", stem=stem, role=role, waves=waves)


def _agreement(key: str, stem: str, *, is_reversed: bool = False) -> NewItem:
    return NewItem(
        key=key,
        form="agreement",
        stem=stem,
        role="consideration",
        waves=WAVES,
        scale=_scale(*AGREEMENT, favour_from=None if is_reversed else 4, is_reversed=is_reversed),
    )


ITEMS: tuple[NewItem, ...] = (
    _open("first-thought", "When I think about [topic], I …"),
    NewItem(
        key="priority",
        form="scale",
        stem="Compared with now, the council should give [topic] …",
        role="attitude",
        waves=WAVES,
        scale=_scale(
            "much less attention",
            "a little less attention",
            "the same attention",
            "a little more attention",
            "much more attention",
            favour_from=4,
        ),
    ),
    NewItem(
        key="matters",
        form="scale",
        stem="To people in my street, [topic] matters …",
        role="attitude",
        waves=WAVES,
        scale=_scale("not at all", "a little", "somewhat", "quite a lot", "a great deal", favour_from=4),
    ),
    NewItem(
        key="what-to-do",
        form="choice",
        stem="What I would most like the council to do about [topic] is to …",
        role="attitude",
        waves=WAVES,
        options=_options("leave things as they are", "make small changes", "make big changes"),
        other=True,
    ),
    _agreement("worth-the-money", "Changing [topic] is worth the money."),
    _agreement("harm", "Changing [topic] would do more harm than good.", is_reversed=True),
    _agreement("fair", "Changing [topic] would be fair to people like me."),
    _agreement("too-soon", "It is too soon to change [topic].", is_reversed=True),
    NewItem(
        key="order",
        form="rank",
        stem="My order of preference for [topic] is …",
        role="preference",
        waves=WAVES,
        options=_options(
            "leave things as they are",
            "small changes soon",
            "small changes now and more later",
            "big changes at once",
        ),
    ),
    _open("other-side", "Somebody who disagrees with me about [topic] would probably say …"),
    NewItem(
        key="learnt",
        form="evaluation",
        stem="By taking part I learnt something useful.",
        role="evaluation",
        waves=AFTER,
        scale=NewScale(min=0, max=10, low="not at all", high="very much"),
    ),
    NewItem(
        key="has-changed",
        form="choice",
        stem="Since the starting survey, my view on [topic] has …",
        role="perceived",
        waves=AFTER,
        options=_options("not changed", "changed a little", "changed a lot"),
        ordered=True,
    ),
    _open("in-what-way", "What is different in my view now is …", role="perceived", waves=AFTER),
    _open("what-led", "What led to that was …", role="perceived", waves=AFTER),
)

DEMOGRAPHICS: tuple[NewDemographic, ...] = tuple(
    question
    for first in list_firsts()
    if first.asked is not None
    for question in asked_with(first, AskedAt(first.asked))
)
"""What is asked about people unless the officer decides otherwise, further questions after their first."""


def items_about(topic: str) -> tuple[NewItem, ...]:
    """The ready items with the topic in place of its placeholder; as they are for an empty topic."""
    if not topic:
        return ITEMS
    return tuple(
        replace(
            item,
            stem=_capital(item.stem.replace(PLACEHOLDER, topic)),
            options=tuple(
                replace(option, label=option.label.replace(PLACEHOLDER, topic)) for option in item.options
            ),
        )
        for item in ITEMS
    )


def _capital(stem: str) -> str:
    return stem[:1].upper() + stem[1:]
