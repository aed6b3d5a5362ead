"""Reading and writing `consultation.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from consult.analysis.plan import NewPlan, plan_problems
from consult.bundles.about import About, Presented, read_about, read_presented
from consult.bundles.demographics import Categories, read_demographics
from consult.bundles.items import Known, read_items
from consult.bundles.parts import Part
from consult.bundles.problems import CONSULTATION, Problems
from consult.cells import LARGEST, Refusal, as_slug, shown
from consult.consultations.rules import STAGE_ORDER, timetable_problem
from consult.errors import Invalid
from consult.recruitment.rules import NewDemographic
from consult.surveys.rules import NewItem
from consult.uktime import uk_instant

FORMAT = 1
STATES = ("draft", "published", "closed", "archived")
NEEDS_STAGES = ("draft", "published")


@dataclass(slots=True)
class Manifest:
    """What `consultation.toml` says, as far as it could be read.

    ``shapes`` and ``categories`` are what the other files must fit. A key without a shape, or
    without categories, is one that is defined but faulty: its own problem has been named, and what
    refers to it is not at fault.
    """

    slug: str | None = None
    title: str = ""
    state: str = ""
    summary: str | None = None
    source: str | None = None
    stages: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    about: About = field(default_factory=About)
    presented: Presented = True
    demographics: list[NewDemographic] = field(default_factory=list)
    items: list[NewItem] = field(default_factory=list)
    plan: NewPlan | None = None
    shapes: Known = field(default_factory=dict)
    categories: Categories = field(default_factory=dict)
    is_whole: bool = True  # false if items and demographics may be missing from what could be read


def read_manifest(path: Path, problems: Problems) -> Manifest:
    """Read the file; everything that is wrong with it goes to ``problems``."""
    content = _parse(path, problems)
    if content is None:
        return Manifest(is_whole=False)
    top = Part(content, "", problems)
    if top.take("format", int, is_required=True) not in {None, FORMAT}:
        top.refuse("format", f"only format {FORMAT} is known")
    manifest = Manifest(
        slug=_slug(top),
        title=top.text("title", is_required=True) or "",
        summary=top.text("summary"),
        source=top.text("source"),
        state=top.one_of("state", STATES) or "",
    )
    _stages(top, manifest)
    manifest.about = read_about(top)
    manifest.demographics = read_demographics(top, manifest.categories)
    manifest.items = list(read_items(top, manifest.shapes))
    manifest.plan = _plan(top, manifest)
    manifest.is_whole = all(type(content.get(key, [])) is list for key in ("items", "demographics"))
    top.close()
    return manifest


def _parse(path: Path, problems: Problems) -> dict[str, Any] | None:
    try:
        raw = path.read_bytes()
    except OSError:
        problems.whole_file(CONSULTATION, "this file cannot be read")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.syntax(raw.count(b"\n", 0, error.start) + 1, "the line is not UTF-8 text")
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.syntax(*_fault(str(error), text))
    except (ValueError, OverflowError):
        problems.syntax(1, "a number or time in this file is too large")
    except RecursionError:
        problems.syntax(1, "lists or tables stand too deep inside each other")
    return None


def _fault(message: str, text: str) -> tuple[int, str]:
    """Line and sentence of a syntax error, from "… (at line 3, column 5)" or "… (at end of document)"."""
    sentence, _, place = message.rpartition(" (at ")
    number = place.removeprefix("line ").partition(",")[0]
    line = int(number) if number.isdigit() else max(1, len(text.splitlines()))
    return line, sentence or message


def _slug(top: Part) -> str | None:
    slug = top.text("slug", is_required=True)
    if slug is None:
        return None
    try:
        return as_slug("slug", slug)
    except Refusal as refusal:
        top.refuse("slug", refusal.sentence)
        return None


def _stages(top: Part, manifest: Manifest) -> None:
    stages, state = manifest.stages, manifest.state
    part = top.part("stages")
    for kind in STAGE_ORDER:
        stage = part.part(kind) if part else None
        if stage is None:
            is_there = part is not None and kind in part.table
            if state in NEEDS_STAGES and not is_there and (part or not top.has("stages")):
                top.refuse(f"stages.{kind}", f"is missing, and the state is {state}")
            continue
        opens, closes = _instant(stage, "opens"), _instant(stage, "closes")
        if kind == "forum":
            manifest.presented = read_presented(stage)
        stage.close()
        if opens and closes:
            stages[kind] = opens, closes
    if part:
        part.close()
    problem = timetable_problem(stages)
    if problem:
        top.refuse(f"stages.{problem[0]}", problem[1])


def _instant(stage: Part, key: str) -> datetime | None:
    local = stage.local_time(key)
    if local is None:
        return None
    try:
        return uk_instant(local)
    except Invalid as error:
        stage.refuse(key, error.message)
    except OverflowError:
        stage.refuse(key, "is a time that does not exist")
    return None


def _plan(top: Part, manifest: Manifest) -> NewPlan | None:
    part = top.part("plan")
    if part is None:
        return None
    primary = part.texts("primary")
    delta = _delta(part)
    part.close()
    if not part.is_sound:
        return None
    plan = NewPlan(primary, delta)
    forms = {key: shape.form if shape else "" for key, shape in manifest.shapes.items()}
    for problem in plan_problems(plan, forms):
        if _refers_to_faulty(problem, plan, manifest.shapes):
            continue
        part.refuse(problem.where, problem.sentence)
    return plan


def _refers_to_faulty(problem: Refusal, plan: NewPlan, shapes: Known) -> bool:
    """Whether the plan names an item whose own problem has been named."""
    named = problem.where.partition(".")[2] or _named_at(problem.where, plan)
    return named in shapes and shapes[named] is None


def _named_at(where: str, plan: NewPlan) -> str:
    return (plan.primary or ())[int(where.removeprefix("primary[").removesuffix("]"))]


def _delta(part: Part) -> Mapping[str, float] | None:
    table = part.part("delta")
    if table is None:
        return None
    delta = {}
    for key, value in table.table.items():
        if type(value) not in {int, float}:
            part.refuse(f"delta.{shown(key)}", "must be a number")
        elif abs(value) > LARGEST:
            part.refuse(f"delta.{shown(key)}", "is too large")
        else:
            delta[key] = float(value)
    return delta
