"""`targets.csv`: how many people of each category live here, and how many the panel should hold."""

from consult.bundles.intake import Intake
from consult.bundles.sheets import Columns, Row
from consult.cells import Refusal, as_count, as_key, shown
from consult.recruitment.rules import NewTarget, check_limits
from consult.recruitment.service import set_targets

NAME = "targets.csv"
LIMITS = ("min", "max")
COLUMNS = Columns(
    ("variable", "category", "population"),
    (*LIMITS, "aim", "min_flex", "max_flex", "with_variable", "with_category"),
)


def read_targets(intake: Intake) -> None:
    """The targets are in the record, in the order of the file."""
    sheet = intake.sheet(NAME, COLUMNS)
    if sheet is None:
        return
    targets: dict[frozenset[tuple[str, str | None]], NewTarget] = {}
    for row in sheet.rows():
        target = _target(row)
        if target is None:
            continue
        _check_category(intake, row, "variable", "category")
        if target.is_crossed:
            _check_category(intake, row, "with_variable", "with_category")
            if target.variable == target.crossed_variable:
                row.refuse("with_variable", "a question cannot be crossed with itself")
        if target.categories in targets:
            row.refuse_whole("this category stands twice")
        targets[target.categories] = target
    if intake.is_writing and intake.consultation and targets:
        intake.counts["targets"] = set_targets(intake.actor, intake.consultation, targets.values())


def _target(row: Row) -> NewTarget | None:
    """The target of a row; None if it does not say of which category. What is wrong is named."""
    variable, category = row.take(as_key, "variable"), row.take(as_key, "category")
    is_limited = any(row[column] for column in LIMITS)
    take_population = row.take_if_given if is_limited else row.take
    population = take_population(as_count, "population")
    minimum, maximum = row.take_if_given(as_count, "min"), row.take_if_given(as_count, "max")
    aim = row.take_if_given(as_count, "aim")
    minimum_flex = row.take_if_given(as_count, "min_flex")
    maximum_flex = row.take_if_given(as_count, "max_flex")
    with_variable = row.take_if_given(as_key, "with_variable")
    with_category = row.take_if_given(as_key, "with_category")
    try:
        check_limits(minimum, maximum, aim, minimum_flex=minimum_flex, maximum_flex=maximum_flex)
    except Refusal as refusal:
        row.refuse(refusal.where, refusal.sentence)
    if bool(row["with_variable"]) != bool(row["with_category"]):
        empty = "with_category" if row["with_variable"] else "with_variable"
        row.refuse(empty, "must not be empty: with_variable and with_category belong together")
        return None
    if variable is None or category is None or (with_variable is None) != (with_category is None):
        return None
    return NewTarget(
        variable,
        category,
        population,
        minimum,
        maximum,
        aim,
        minimum_flex,
        maximum_flex,
        with_variable,
        with_category,
    )


def _check_category(intake: Intake, row: Row, variable: str, category: str) -> None:
    """What the two columns name is asked."""
    categories = intake.manifest.categories
    if row[variable] not in categories:
        if intake.manifest.is_whole:
            row.refuse(variable, f"there is no demographic question {shown(row[variable])}")
        return
    options = categories[row[variable]]
    if options is not None and row[category] not in options:
        row.refuse(category, f"{shown(row[category])} is not an option of {shown(row[variable])}")
