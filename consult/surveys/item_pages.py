"""What the officer's pages about items show: lines of the list, sentences with their ages, two versions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask_babel import gettext as _

from consult.consultations.models import Consultation, Wave
from consult.surveys import item_words, queries
from consult.surveys.balance import Advice, item_advice
from consult.surveys.item_queries import new_item_of
from consult.surveys.models import Item, ItemRole
from consult.surveys.reading_age import TARGET, WARN_ABOVE, reading_age
from consult.surveys.resident_forms import Typed
from consult.surveys.rules import NewItem, NewScale
from consult.surveys.sentences import Sentence, sentences
from consult.surveys.wording import caption, point_words

NOBODY = 0  # no participant has this id: an item without anybody's answer


class ReadSentence(NamedTuple):
    """A sentence and the age at which it is read with ease, if that can be told."""

    sentence: Sentence
    age: int | None

    @property
    def is_hard(self) -> bool:
        """Whether an officer is warned of it."""
        return self.age is not None and self.age > WARN_ABOVE


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item in the list, with its neighbours' keys where it has some."""

    number: int
    key: str
    stem: str
    form: Any
    waves: Any
    age: int | None
    n_advice: int
    is_approved: bool
    above: str | None
    below: str | None


class Difference(NamedTuple):
    """One thing in which two versions of an item differ."""

    name: str
    theirs: str
    yours: str


def item_lines(items: Sequence[Item]) -> list[ItemLine]:
    """List the items as the page lists them."""
    keys: list[str | None] = [None, *(item.key for item in items), None]
    return [
        ItemLine(
            number=n,
            key=item.key,
            stem=item.stem,
            form=item_words.FORMS[item.form.value].name,
            waves=item_words.WAVES[item_words.waves_key(new.waves)],
            age=max((read.age for read in read_sentences(new) if read.age is not None), default=None),
            n_advice=sum(1 for _advice in item_advice(new)),
            is_approved=is_approved(item),
            above=keys[n - 1],
            below=keys[n + 1],
        )
        for n, (item, new) in enumerate(((item, new_item_of(item)) for item in items), 1)
    ]


def is_approved(item: Item) -> bool:
    """Whether somebody has read every sentence of the item as it is now."""
    return item.approved_version == item.version


def read_sentences(item: NewItem) -> list[ReadSentence]:
    """List every sentence of the item with its reading age."""
    return [ReadSentence(sentence, reading_age(sentence.text)) for sentence in sentences(item)]


def told(advice: Iterator[Advice]) -> list[str]:
    """List the advice in the language of this page."""
    return [_(each.sentence, **each.values) for each in advice]


def about_item(item: Item) -> dict[str, Any]:
    """What several pages about one item show."""
    new = new_item_of(item)
    return {
        "item": item,
        "new": new,
        "form_name": item_words.FORMS[new.form].name,
        "sentences": read_sentences(new),
        "advice": told(item_advice(new)),
        "is_approved": is_approved(item),
        "target_age": TARGET,
        "rows": [{"key": name, "value": value} for name, value in facts(new) if value],
    }


def facts(item: NewItem) -> Iterator[tuple[str, str]]:
    """What an item is, one thing after the other, each with its name."""
    yield _("The sentence"), item.stem
    for n, option in enumerate(item.options, 1):
        right = _("%(label)s (the right answer)", label=option.label)
        yield _("Option %(n)s", n=n), right if option.key == item.correct else option.label
    if item.scale:
        yield from _scale_facts(item.scale)
    if item.form == "choice":
        yield _("The options have an order"), _yes_no(item.ordered)
        yield _("Offer “something else”"), _yes_no(item.other)
    yield _("When it is asked"), str(item_words.WAVES[item_words.waves_key(item.waves)])
    yield _("What it is about"), str(item_words.ROLES[item.role])
    yield _("Short name"), item.key


def differences(theirs: NewItem, yours: NewItem) -> list[Difference]:
    """List in what two versions of an item differ; what only one of them has is empty in the other."""
    one, two = dict(facts(theirs)), dict(facts(yours))
    return [
        Difference(name, one.get(name, ""), two.get(name, ""))
        for name in {**one, **two}
        if one.get(name, "") != two.get(name, "")
    ]


def _scale_facts(scale: NewScale) -> Iterator[tuple[str, str]]:
    yield _("Scale"), _("%(low)s to %(high)s", low=scale.min, high=scale.max)
    yield _("Words for the first point"), scale.low or ""
    for n, label in enumerate((scale.labels or ())[1:-1], scale.min + 1):
        if label:
            yield _("Words for point %(n)s", n=n), label
    yield _("Words for the last point"), scale.high or ""
    yield _("In favour from"), "" if scale.favour_from is None else str(scale.favour_from)
    yield _("Runs the other way round"), _yes_no(scale.reversed)


def _yes_no(value: bool) -> str:  # noqa: FBT001  (the value is what is told)
    said: str = _("Yes") if value else _("No")
    return said


def preview_of(consultation: Consultation, item: Item) -> dict[str, Any]:
    """What the resident's page would show of the item, in the first survey that asks it, to nobody yet."""
    wave = Wave(new_item_of(item).waves[0])
    asked = queries.list_items(consultation.id, NOBODY, wave)
    own = next(each for each in asked if each.id == item.id)
    in_pages = [each.id for each in asked if each.role is not ItemRole.PERCEIVED]
    sheet = queries.get_sheet(own, None)
    return {
        "item": item,
        "sheet": sheet,
        "points": point_words(sheet),
        "caption": caption(own),
        "typed": Typed(),
        "n": in_pages.index(own.id) + 1 if own.id in in_pages else 0,
        "count": len(in_pages),
        "keeps_order": item.ordered or item.form.value not in {"choice", "rank", "knowledge"},
    }
