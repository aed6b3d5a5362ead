"""What stands on the page of one version of the weights: how they were made, their price, what they do."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext, ngettext

from consult.analysis import words
from consult.analysis.cells import Cell, Content, cell, interval
from consult.analysis.queries import Variable
from consult.analysis.staying_page import in_hundred, signed_cell
from consult.surveys.models import Form, Item
from consult.web.telling import isolated, listed
from consult.web.telling import number as whole
from consult.weighting.queries import Version
from consult.weighting.rules import Settings
from consult.words import Sentence

SMALLEST_ERROR = 0.01  # in 100: a smaller one would be told as none at all


@dataclass(frozen=True, slots=True)
class Raked:
    """One question: how it was used, and its groups before and after."""

    question: str
    use: str
    together: tuple[str, ...]
    error: Cell
    groups: tuple[tuple[str, bool, Cell, Cell, Cell], ...]  # label, whether shown; live, sent both, weighted


@dataclass(frozen=True, slots=True)
class Beside:
    """One item, or one option of a ranking: the change with weights, and without."""

    key: str
    stem: str
    option: str
    n: Cell
    n_eff: Cell
    change: Cell
    interval: str
    verdict: str
    plain_change: Cell
    plain_interval: str
    plain_verdict: str


def told_settings(settings: Settings, questions: Mapping[str, str]) -> list[str]:
    """Say how weights were made, a sentence each."""
    found = [
        gettext("Brought into line with every question that has the figures.")
        if settings.variables is None
        else gettext(
            "Brought into line with %(questions)s.",
            questions=listed(
                [
                    gettext("“%(label)s”", label=isolated(questions.get(key, key)))
                    for key in settings.variables
                ]
            ),
        )
    ]
    found.append(
        gettext("Thin groups are put together.")
        if settings.collapse
        else gettext("No groups are put together.")
    )
    found.append(
        gettext("Extreme weights are cut.") if settings.trim else gettext("Extreme weights are not cut.")
    )
    if settings.for_staying:
        found.append(gettext("They make up for people who left."))
    return found


def price_sentences(version: Version) -> list[str]:
    """Say what the weights cost, how unequal they are and how well they hold."""
    report = version.report
    found = [
        ngettext(
            "The %(n)s person who sent both surveys has a weight.",
            "The %(n)s people who sent both surveys have a weight. With weights they tell as much as"
            " %(n_eff)s people would without. That is the price of making them like those who live here.",
            report["n"],
            n=whole(report["n"]),
            n_eff=words.number(report["n_eff"], 0),
        ),
        gettext(
            "One person counts for %(least)s to %(greatest)s people.",
            least=words.number(report["least"]),
            greatest=words.number(report["greatest"]),
        ),
    ]
    cut = report["too_heavy"] + report["too_light"]
    if cut and version.settings.trim:
        found.append(
            ngettext(
                "%(n)s weight was beyond the limits and was cut.",
                "%(n)s weights were beyond the limits and were cut.",
                cut,
                n=whole(cut),
            )
        )
    if report["converged"]:
        found.append(
            gettext("Weighted, every group that was used has the share that it has of those who live here.")
        )
    else:
        found.append(
            gettext(
                "Because weights were cut, a group can be off from its share of those who live here by up to"
                " %(error)s in 100.",
                error=words.number(max(SMALLEST_ERROR, 100 * report["largest_error"])),
            )
        )
    return found


def raked_variables(version: Version, variables: Mapping[str, Variable]) -> list[Raked]:
    """Make the tables of the questions; groups of fewer than 10 people are not shown."""
    return [_raked(entry, variables.get(entry["variable"])) for entry in version.report["variables"]]


def _raked(entry: Content, variable: Variable | None) -> Raked:
    labels = variable.values if variable else {}

    def label(key: str) -> str:
        return labels.get(key, key)

    total = sum(category["population"] for category in entry["categories"])
    people = sum(category["people"] for category in entry["categories"]) or 1
    groups = []
    for category in entry["categories"]:
        is_shown = category["people"] >= words.SCREEN_MINIMUM
        shares = (category["population"] / total, category["people"] / people, category["after"])
        living, before, after = (in_hundred(share, 1) for share in shares)
        groups.append((label(category["category"]), is_shown, living, before, after))
    return Raked(
        question=variable.label if variable else entry["variable"],
        use=_use(entry),
        together=tuple(
            listed([isolated(label(key)) for key in group]) for group in entry["groups"] if len(group) > 1
        )
        if not entry["dropped"]
        else (),
        error=in_hundred(entry["largest_error"], 2),
        groups=tuple(groups),
    )


def _use(entry: Content) -> str:
    if entry["dropped"] == "unanswered":
        return str(gettext("Not used: more than 10 of 100 people who stayed did not answer it."))
    if entry["dropped"]:
        return str(gettext("Not used: too few people of its groups stayed."))
    if entry["is_collapsed"]:
        return str(gettext("Used. Groups with too few people were put together."))
    return str(gettext("Used, with every group apart."))


def left_out(version: Version) -> list[str]:
    """Say why questions with targets were not used."""
    return [said(Sentence(each["text"], each["values"])) for each in version.report["left_out"]]


def said(sentence: Sentence) -> str:
    """A reason in the language of the page; names of questions and groups keep their own direction."""
    values = {
        name: isolated(value) if isinstance(value, str) else value for name, value in sentence.values.items()
    }
    return str(gettext(sentence.text, **values) if values else gettext(sentence.text))


def beside_lines(content: Content, items: Mapping[str, Item]) -> list[Beside]:
    """Make the lines of what changed, with weights and without; only items that 10 people answered twice."""
    entries = {
        (entry["item"], entry.get("option")): entry for part in ("items", "ranks") for entry in content[part]
    }
    lines = []
    for beside in content["weighting"]["items"]:
        entry, plain = entries[beside["item"], beside["option"]], beside["unweighted"]
        if entry["n_paired"] < words.SCREEN_MINIMUM:
            continue
        item = items[beside["item"]]
        options = {option.key: option.label for option in item.options} if item.form is Form.RANK else {}
        lines.append(
            Beside(
                key=beside["item"],
                stem=item.stem,
                option=options.get(beside["option"], ""),
                n=cell(entry["n_paired"]),
                n_eff=cell(entry["n_eff"], words.number(entry["n_eff"], 0)),
                change=signed_cell(entry["mean_change"]),
                interval=interval(entry),
                verdict=words.verdict(entry["verdict"]),
                plain_change=signed_cell(plain["mean_change"]),
                plain_interval=interval(plain),
                plain_verdict=words.verdict(plain["verdict"]),
            )
        )
    return lines
