"""`targets.csv`: how many people of each category live here, and how many the panel should hold."""

from consult.bundles.intake import Intake
from consult.bundles.sheets import Columns
from consult.cells import Refusal, as_count, as_key, shown
from consult.recruitment.rules import NewTarget, check_limits
from consult.recruitment.service import set_targets

NAME = "targets.csv"
COLUMNS = Columns(("variable", "category", "population"), ("min", "max"))


def read_targets(intake: Intake) -> None:
    """The targets are in the record, in the order of the file."""
    sheet = intake.sheet(NAME, COLUMNS)
    if sheet is None:
        return
    categories = intake.manifest.categories
    targets: dict[tuple[str, str], NewTarget] = {}
    for row in sheet.rows():
        variable, category = row.take(as_key, "variable"), row.take(as_key, "category")
        population = row.take(as_count, "population")
        minimum, maximum = row.take_if_given(as_count, "min"), row.take_if_given(as_count, "max")
        try:
            check_limits(minimum, maximum)
        except Refusal as refusal:
            row.refuse(refusal.where, refusal.sentence)
        if variable is None or category is None:
            continue
        if variable not in categories:
            if intake.manifest.is_whole:
                row.refuse("variable", f"there is no demographic question {shown(variable)}")
            continue
        options = categories[variable]
        if options is not None and category not in options:
            row.refuse("category", f"{shown(category)} is not an option of {shown(variable)}")
        if (variable, category) in targets:
            row.refuse_whole("this category stands twice")
        targets[variable, category] = NewTarget(variable, category, population or 0, minimum, maximum)
    if intake.is_writing and intake.consultation and targets:
        intake.counts["targets"] = set_targets(intake.actor, intake.consultation, targets.values())
