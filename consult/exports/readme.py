"""The read-me of a package: what the files are, how to read them, what is not in them and why."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import fill

from consult.exports.comparison import Frozen
from consult.exports.disclosure import SMALLEST_CLASS
from consult.exports.tables import Column, Table, rows_of
from consult.exports.words import STATUS_MEANS
from consult.uktime import uk_date_time

WIDTH = 100
MISSING = 'keep_default_na=False, na_values=[""]'  # else an option called "none" would be missing
NEVER = (
    "Names, contact details, codes, display names, times, channels: never exported.",
    (
        "What people wrote in their own words: not exported. Open items have a status only, and"
        ' "something else" is the choice "other" without its text.'
    ),
    "Who people are (such as age group): a second person has to approve that first.",
)
VARIABLES = {
    "arm": "when people joined the forum",
    "group": "the discussion group",
    "mode": "how answers were given",
    "weight": "the weight",
    "looks_like_another": "whether a record looks like another one",
}


def readme_text(
    title: str,
    *,
    slug: str,
    snapshot: Frozen,
    kind: str,
    tables: Sequence[Table],
    files: Mapping[str, str],
    withheld: Sequence[str],
    weights: Sequence[str] = (),
) -> str:
    """What stands in README.txt.

    Parameters
    ----------
    kind : str
        ``csv`` or ``xlsx``.
    tables : sequence of Table
        Those that the package holds, the codebook among them.
    files : mapping of file name to str
        The files besides the tables, and what they are.
    withheld : sequence of str
        A sentence for each thing that was left out of this package in particular.
    weights : sequence of str
        What is to be known of the weights, a paragraph each; none where there are none.
    """
    people = next((table for table in tables if table.name == "people"), None)
    sections = [
        _section("Data of one consultation", _about(title, slug, snapshot)),
        _section("What the files are", _files(tables, files, kind, slug)),
        *([_section("Weights", _paragraphs(weights))] if weights else []),
        _section("What is not here, and why", _withheld(withheld)),
        _section("Statuses and empty cells", _statuses()),
        _section("Texts that begin with a sign", _signs(kind)),
        _section("How to read the files", _reading(people, kind, slug)),
        _section("Please", _please()),
    ]
    return "\n".join(sections)


def _section(head: str, lines: Iterator[str]) -> str:
    return "\n".join([head, "=" * len(head), "", *lines, ""])


def _wrapped(text: str, *, mark: str = "") -> str:
    return fill(text, WIDTH, initial_indent=mark, subsequent_indent=" " * len(mark), break_long_words=False)


def _about(title: str, slug: str, snapshot: Frozen) -> Iterator[str]:
    content = snapshot.content
    yield _wrapped(f"Consultation:    {' '.join(title.split())} ({slug})")
    pre, post, paired = (content["n"][who] for who in ("pre", "post", "paired"))
    yield f"Took part:       {pre:,} before, {post:,} after, {paired:,} both times"
    yield f"Comparison made: {uk_date_time(snapshot.made_at)}"
    yield f"Its SHA-256:     {snapshot.sha256}"
    yield f"Method:          version {content['method']['version']}, with {snapshot.libraries}"


def _files(tables: Sequence[Table], files: Mapping[str, str], kind: str, slug: str) -> Iterator[str]:
    if kind == "xlsx":
        yield _wrapped(f"{slug}.xlsx is one workbook. It has a sheet for each of these tables:")
        yield ""
    ending = "" if kind == "xlsx" else f".{kind}"
    for table in tables:
        yield _wrapped(f"{table.name}{ending}: {table.title} ({rows_of(table)})", mark="  * ")
    yield ""
    yield "Beside them:"
    yield ""
    for name, words in files.items():
        yield _wrapped(f"{name}: {words}", mark="  * ")


def _paragraphs(sentences: Sequence[str]) -> Iterator[str]:
    for place, sentence in enumerate(sentences):
        if place:
            yield ""
        yield _wrapped(sentence)


def _withheld(withheld: Sequence[str]) -> Iterator[str]:
    for sentence in (*NEVER, *withheld):
        yield _wrapped(sentence, mark="  * ")


def withheld_sentences(variables: Sequence[str], *, tables: Sequence[str], has_rows: bool) -> list[str]:
    """Say why variables, tables by them, and rows were left out.

    Parameters
    ----------
    variables : sequence of str
        Left out of the rows: some combination of their values holds too few people.
    tables : sequence of str
        Variables by which no table is given, for the same reason.
    """
    few = f"fewer than {SMALLEST_CLASS} people"
    found = []
    if not has_rows:
        found.append("Individual answers (people, answers): your role lets you have the tables only.")
    elif variables:
        named = ", ".join(f"{VARIABLES[name]} ({name})" for name in variables)
        found.append(
            f"Withheld from the rows: {named}. Together with the rest that the rows show,"
            f" some value would single out {few}."
        )
    found += [f"comparison_by_{name}: some value of {name} has {few}." for name in tables]
    return found


def _statuses() -> Iterator[str]:
    for status, words in STATUS_MEANS.items():
        yield _wrapped(f"{status}: {words}", mark="  * ")
    yield ""
    yield _wrapped(
        "A status is never a point on a scale. An empty cell is no answer, or a figure that cannot be"
        " computed; the codebook says which."
    )


def _signs(kind: str) -> Iterator[str]:
    if kind == "xlsx":
        yield _wrapped("Every text in the workbook is stored as text: none is a formula or a link.")
        return
    yield _wrapped(
        "A spreadsheet may take a text that begins with = + - @, a tab or a line break for a formula."
        " In the CSV files such a text has an apostrophe (') in front. Numbers are never changed."
        " To have the text as it was, take off one apostrophe where such a sign follows it."
    )


def _reading(people: Table | None, kind: str, slug: str) -> Iterator[str]:
    name = people.name if people else "comparison_items"
    if kind == "xlsx":
        yield from (
            "R:",
            f'    {name} <- readxl::read_excel("{slug}.xlsx", sheet = "{name}", guess_max = 100000)',
            "",
            "Python:",
            "    import pandas",
            f'    {name} = pandas.read_excel("{slug}.xlsx", sheet_name="{name}", {MISSING})',
            "",
            "SPSS:",
            f"    GET DATA /TYPE=XLSX /FILE='{slug}.xlsx' /SHEET=name '{name}' /READNAMES=ON.",
            "",
            "Figures in a workbook have 16 digits; comparison.json has all of them.",
        )
        return
    yield from (
        "R:",
        f'    {name} <- read.csv("{name}.csv", fileEncoding = "UTF-8-BOM", na.strings = "")',
        "",
        "Python:",
        "    import pandas",
        f'    {name} = pandas.read_csv("{name}.csv", encoding="utf-8-sig", {MISSING})',
        "",
        "Excel: open the file by double-clicking. If letters look wrong, use Data, From Text/CSV and",
        "    choose 65001: Unicode (UTF-8).",
        "",
    )
    if people is not None:
        yield from _spss(people)


def _spss(table: Table) -> Iterator[str]:
    yield "SPSS (start it in this folder, or put the folder's path before the file name):"
    yield f"    GET DATA /TYPE=TXT /FILE='{table.name}.csv' /ENCODING='UTF8'"
    yield "      /DELIMITERS=',' /QUALIFIER='\"' /ARRANGEMENT=DELIMITED /FIRSTCASE=2"
    yield "      /VARIABLES="
    for column in table.columns:
        yield f"        {column.name} {_spss_format(column)}"
    yield "      ."
    yield "    EXECUTE."


def _spss_format(column: Column) -> str:
    if column.kind == "number":
        return "F16.12"
    if column.kind != "text":
        return "F8.0"
    longest = max((len(str(value).encode()) for value in column.values), default=100)
    return f"A{max(longest + 1, 32)}"


def _please() -> Iterator[str]:
    yield _wrapped(
        "Do not try to find out who somebody is, and do not publish numbers about fewer than"
        f" {SMALLEST_CLASS} people. Delete these files when your work is done."
    )
    yield ""
    yield "To check that no file has changed: sha256sum -c SHA256SUMS"
