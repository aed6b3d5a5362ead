"""Whom the targets of a variable count, and whether two that count the same people agree."""

from collections.abc import Sequence

from consult.panel.bands import Band
from consult.panel.entries import Assembled, Figures, Variable
from consult.panel.placing import Placed, Question
from consult.panel.refused import Problems
from consult.panel.told import Told
from consult.panel.totals import Bases, compare_totals
from consult.words import N_


def base_of(
    question: Question,
    variable: Variable,
    figures: Sequence[Figures],
    placed: Placed,
    told: Told,
) -> str | None:
    """Whom the targets count after what was left out."""
    base = variable.base or None

    def people(places: Sequence[int]) -> int:
        return sum(figures[n].get("population") or 0 for n in places)

    bands = list(question.bands.values()) if question.is_about_age else []
    ages = _ages(bands) if bands else None
    if placed.younger and ages:
        told.say(
            N_("%(variable)s: people younger than %(age)s are left out (%(n)s)."),
            variable=question.key, n=people(placed.younger), age=min(band.low for band in bands),
        )  # fmt: skip
    if placed.older and ages:
        told.say(
            N_("%(variable)s: people older than %(age)s are left out (%(n)s)."),
            variable=question.key, n=people(placed.older), age=max(band.high or 0 for band in bands),
        )  # fmt: skip
    if base and ages and (placed.younger or placed.older) and "aged" not in base.casefold():
        base = f"{base} aged {ages}"
    if placed.unanswered and people(placed.unanswered):
        told.say(
            N_("%(variable)s: people who gave the census no answer are left out (%(n)s)."),
            variable=question.key,
            n=people(placed.unanswered),
        )
        base = f"{base} who answered" if base else None
    return base


def _ages(bands: Sequence[Band]) -> str:
    low = min(band.low for band in bands)
    high = None if any(band.high is None for band in bands) else max(band.high or 0 for band in bands)
    return f"{low} and over" if high is None else f"{low} to {high}"


def check_totals(found: Sequence[Assembled], known: Bases, problems: Problems, told: Told) -> None:
    """Variables that count the same people have nearly the same total; anything else is another area."""
    read = {part.question.key: part for part in found}
    bases = {key: base for key, base in known.items() if key not in read}
    bases |= {key: (part.base, part.total) for key, part in read.items() if part.total is not None}
    for one, other, is_far in compare_totals(bases):
        if one not in read and other not in read:
            continue
        values = {
            "one": one,
            "total": bases[one][1],
            "other": other,
            "other_total": bases[other][1],
            "base": bases[one][0] or "",
        }
        variable = read[other if other in read else one].variable
        if is_far:
            problems.add(
                N_(
                    "%(one)s adds up to %(total)s and %(other)s to %(other_total)s, and both say that they"
                    " count %(base)s. Check that both are of the same area and year."
                ),
                line=variable.line,
                column=variable.column,
                **values,
            )
        else:
            told.say(
                N_(
                    "%(one)s adds up to %(total)s and %(other)s to %(other_total)s."
                    " Census tables differ a little; that does no harm."
                ),
                **values,
            )
