"""Weights in a package: a column of the rows, and tables of what they cost and what they change.

A weight is made from who people are, so a rare weight would tell of a person what no column says. Choice:
every weight in the rows is shared by ten people or more. Rarer ones are put together with the next, and
have their mean, so that the people together count for as much as before; the read-me says so, and that
figures from the rows then differ a little from those of the comparison, which are made with the weights as
they are. Tables say nothing of single groups of people, whose sizes could be read from their shares.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consult.analysis.rules import BESIDE
from consult.exports.disclosure import SMALLEST_CLASS, in_classes
from consult.exports.tables import Cell, Column, Table, table_of
from consult.exports.words import FIGURES, NOT_COMPUTED, VERDICTS
from consult.weighting.queries import Version

Content = Mapping[str, Any]
WEIGHT = "weight"
NO_WEIGHT = "They did not send in both surveys, so have no weight"
CAUTION = (
    "The people who took part came by themselves. Weights bring them into line with those who live here on"
    " what is known of both. Whatever is said with weights rests on an assumption that the data cannot test:"
    " that people like those who stayed away would have answered as those who took part. Give every"
    " weighted figure beside the one without weights."
)
DROPPED = {
    None: "used",
    "unanswered": "not used: too many gave no answer",
    "one_group": "not used: too few people in its groups",
}
PRECISE = {
    "se_raking_aware": (
        "Standard error of the mean change that allows for what the weights explain",
        "points",
    ),
    "kish_deff": ("Factor by which unequal weights alone widen the variance", ""),
    "deff": ("Factor by which the weights widened the variance of this mean change", ""),
}


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """The weights of a package.

    Attributes
    ----------
    version : Version
    content : mapping
        The stored comparison with these weights.
    weights : sequence of float or None
        As the rows show them, in the order of the rows; empty where they may not be shown.
    is_exact : bool
        Whether they are the weights as they were made.
    """

    version: Version
    content: Content
    weights: Sequence[float | None]
    is_exact: bool

    @property
    def classes(self) -> list[object]:
        """What others could know of each person from the weight.

        That somebody has none is told by what they sent in, so they stand with the largest class.
        """
        [(commonest, _)] = Counter(w for w in self.weights if w is not None).most_common(1)
        return [commonest if weight is None else weight for weight in self.weights]

    def column(self) -> Column:
        """The column of the rows, as the codebook describes it."""
        label = f"Weight, version {self.version.number}; 1 on average of those who sent in both surveys"
        if not self.is_exact:
            label += f". Rare weights are put together, so that {SMALLEST_CLASS} people share each"
        n = sum(weight is not None for weight in self.weights)
        return Column(WEIGHT, label, "number", empty=NO_WEIGHT, n=n)

    def sentences(self) -> list[str]:
        """What the read-me says of the weights."""
        report = self.version.report
        found = [
            (
                f"Version {self.version.number}: the {report['n']:,} people who sent in both surveys have a"
                f" weight, from {report['least']:.2f} to {report['greatest']:.2f} and 1 on average. Weighted,"
                f" they tell as much as {report['n_eff']:.1f} people would without weights."
            ),
            CAUTION,
        ]
        if self.weights and not self.is_exact:
            found.append(
                f"In the rows every weight is shared by {SMALLEST_CLASS} people or more: rarer ones were put"
                " together with the next. Figures that you make from the rows therefore differ a little"
                " from comparison_weighted, which was made with the weights as they are."
            )
        return found


def weighted(version: Version, content: Content, weights: Sequence[float | None]) -> Weighted:
    """The weights as the rows may show them, with the comparison that they make."""
    shown = in_classes(weights, SMALLEST_CLASS)
    return Weighted(version, content, shown or (), shown == list(weights))


def weighted_tables(found: Weighted) -> list[Table]:
    """Turn weights into tables: the comparison with and without them, and how they were made."""
    return [_comparison(found.content), _about(found.version), _variables(found.version)]


def _comparison(content: Content) -> Table:
    """One row for each item, and option of a ranking: with weights, and beside it without."""
    entries = {
        (entry["item"], entry.get("option")): entry for part in ("items", "ranks") for entry in content[part]
    }
    columns = [
        Column("item", "Key of the item"),
        Column("option", "Key of the option, for a ranking", empty="The item is not a ranking"),
        Column("n_paired", FIGURES["n_paired"][0], "whole number", "people"),
        Column("n_eff", "Effective number of people with the weights", "number", "people"),
    ]
    for name in BESIDE:
        columns += [_figure(name, "with weights"), _figure(name, "without weights", "_unweighted")]
    columns += [
        Column(name, label, "number", unit, empty=NOT_COMPUTED) for name, (label, unit) in PRECISE.items()
    ]
    rows: list[list[Cell]] = []
    for beside in content["weighting"]["items"]:
        entry = entries[beside["item"], beside["option"]]
        row: list[Cell] = [beside["item"], beside["option"], entry["n_paired"], entry["n_eff"]]
        for name in BESIDE:
            row += [entry[name], beside["unweighted"][name]]
        rows.append([*row, *(beside[name] for name in PRECISE)])
    return table_of("comparison_weighted", "Before and after with weights, and without", columns, rows)


def _figure(name: str, how: str, ending: str = "") -> Column:
    label, unit = FIGURES[name]
    is_text = name == "verdict"
    return Column(
        f"{name}{ending}",
        f"{label}, {how}",
        "text" if is_text else "number",
        unit,
        VERDICTS if is_text else {},
        NOT_COMPUTED,
    )


def _about(version: Version) -> Table:
    """One row: which version, how it was made and what it cost."""
    settings, report = version.settings.as_json(), version.report
    trim, collapse = settings["trim"] or [None, None], settings["collapse"] or {}
    described: list[tuple[Column, Cell]] = [
        (Column("version", "Number of the version", "whole number"), version.number),
        (Column("n", "People who have a weight", "whole number", "people"), report["n"]),
        (Column("n_eff", "Effective number of people", "number", "people"), report["n_eff"]),
        (Column("kish_deff", PRECISE["kish_deff"][0], "number"), report["kish_deff"]),
        (Column("least", "Smallest weight", "number"), report["least"]),
        (Column("greatest", "Largest weight", "number"), report["greatest"]),
        (
            Column(
                "largest_error", "How far a group's weighted share is off at most", "number", "share, 0 to 1"
            ),
            report["largest_error"],
        ),
        (
            Column(
                "for_staying",
                "Whether weights make up for people who left",
                values={"yes": "yes", "no": "no"},
            ),
            "yes" if settings["for_staying"] else "no",
        ),
        (Column("trim_least", "Weights are cut below this", "number", empty="They are not cut"), trim[0]),
        (Column("trim_greatest", "Weights are cut above this", "number", empty="They are not cut"), trim[1]),
        (
            Column("smallest", "Groups of fewer people are put together", "whole number", empty="None are"),
            collapse.get("smallest"),
        ),
        (
            Column("largest_ratio", "So are people who would count for more", "number", empty="None are"),
            collapse.get("largest_ratio"),
        ),
        (
            Column("digest", "Fingerprint of the settings and of what the weights were made from"),
            report["digest"],
        ),
    ]
    columns = [column for column, _ in described]
    return table_of("weights_about", "How the weights were made", columns, [[cell for _, cell in described]])


def _variables(version: Version) -> Table:
    """One row for each question that has targets."""
    columns = [
        Column("variable", "Key of the question about people"),
        Column("use", "Whether weights are brought into line with it"),
        Column("put_together", "Whether groups of it were put together", empty="It is not used"),
        Column(
            "largest_error",
            "How far a group's weighted share is off at most",
            "number",
            "share, 0 to 1",
            empty="It is not used",
        ),
    ]
    rows: list[list[Cell]] = [
        [
            each["variable"],
            DROPPED[each["dropped"]],
            None if each["dropped"] else ("yes" if each["is_collapsed"] else "no"),
            each["largest_error"],
        ]
        for each in version.report["variables"]
    ]
    rows += [
        [each["variable"], "not used: its targets cannot be used", None, None]
        for each in version.report["left_out"]
    ]
    return table_of("weights_variables", "What the weights were made from", columns, rows)
