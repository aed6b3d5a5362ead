"""How people talked in the forum, as its section shows it: what each measure asks, and the stored figures."""

from dataclasses import dataclass

from flask_babel import gettext

from consult.analysis.cells import Cell, Content, cell, interval
from consult.analysis.words import SCREEN_MINIMUM, signed
from consult.web.telling import in_figures
from consult.words import N_

MEASURES = (
    ("members", N_("People who could write")),
    ("posts", N_("Contributions that can be read")),
    ("active_share", N_("Of the people who could write, how many did")),
    ("top_word_share", N_("Of all words, how many came from the fifth who wrote most")),
    (
        "gini_words",
        N_("How unevenly words are spread: 0 if all wrote as much, near 1 if one wrote all"),
    ),
    ("gini_posts", N_("How unevenly contributions are spread, in the same way")),
    ("peer_reply_share", N_("Of the contributions, how many answer somebody who takes part")),
    ("replied_to_share", N_("Of the contributions, how many got an answer")),
    ("dyad_reciprocity", N_("Of the pairs who spoke with each other, in how many both answered")),
    ("arc_reciprocity", N_("Of those who answered somebody, how many got an answer from them")),
    ("depth_mean", N_("How many steps below the beginning of a topic a contribution stands, on average")),
    ("depth_max", N_("How many steps at most")),
    ("cross_replies", N_("Answers between people whose view before the forum is known")),
    ("cross_share", N_("Of these, how many go to somebody of another view")),
    ("cross_expected", N_("How many would, if everybody had answered anybody by chance")),
    ("cross_ratio", N_("The one over the other: above 1, people sought those who differ")),
    ("posts_read", N_("Contributions in topics that people opened, where both views are known")),
    ("exposure_balance", N_("Of these, how many were by somebody of another view")),
)
DOSES = {
    "topics_read": N_("one topic more that was opened"),
    "posts_written": N_("one contribution more that was written"),
}
PERCENTAGES = frozenset(
    (
        *("active_share", "top_word_share", "peer_reply_share", "replied_to_share"),
        *("dyad_reciprocity", "arc_reciprocity", "cross_share", "cross_expected", "exposure_balance"),
    )
)


@dataclass(frozen=True, slots=True)
class TalkColumn:
    """Everybody, or one group: the figure of each measure; none where too few people are in it."""

    name: str
    is_group: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TalkTable:
    """The measures in words, and a column for everybody and for each group."""

    measures: tuple[str, ...]
    columns: tuple[TalkColumn, ...]
    hidden: int  # groups of fewer than 10 people, which are not shown

    @property
    def rows(self) -> list[tuple[str, str, list[Cell]]]:
        """Each measure: its name in the file, what it asks, its figures."""
        return [
            (key, words, [column.cells[n] for column in self.columns])
            for n, ((key, _), words) in enumerate(zip(MEASURES, self.measures, strict=True))
        ]


def talk_table(content: Content) -> TalkTable | None:
    """Make the table of how people talked; none where nobody wrote, or the comparison is an older one."""
    rows = content.get("forum") or []
    shown = [row for row in rows if row["group"] is None or row["members"] >= SCREEN_MINIMUM]
    if not rows:
        return None
    return TalkTable(
        measures=tuple(gettext(words) for _, words in MEASURES),
        columns=tuple(
            TalkColumn(
                name=gettext("Everybody") if row["group"] is None else row["group"],
                is_group=row["group"] is not None,
                cells=tuple(_cell(key, row.get(key)) for key, _ in MEASURES),
            )
            for row in shown
        ),
        hidden=len(rows) - len(shown),
    )


@dataclass(frozen=True, slots=True)
class DoseLine:
    """One item beside one thing that people did: the slope with its interval."""

    item: str
    dose: str
    n: Cell
    slope: Cell
    interval: str


def dose_lines(content: Content) -> list[DoseLine]:
    """Make the lines of what people did beside how they moved, as far as there are figures."""
    return [
        DoseLine(
            item=row["item"],
            dose=gettext(DOSES[row["dose"]]),
            n=cell(row["n"]),
            slope=cell(row["slope"], signed(row["slope"])),
            interval=interval(row),
        )
        for row in content.get("exposure") or []
        if row["slope"] is not None
    ]


def _cell(key: str, value: float | None) -> Cell:
    if value is None or key not in PERCENTAGES:
        return cell(value)
    return cell(value, in_figures(f"{value * 100:.0f}") + "%")
