"""Which variable of a file is about which question of a consultation."""

from collections.abc import Callable, Iterator, Sequence

from consult.cells import shown
from consult.panel.bands import find_band
from consult.panel.entries import Content, Variable
from consult.panel.placing import Placed, Question, place, plain, topic
from consult.panel.refused import Problems
from consult.panel.told import Told, listed
from consult.words import N_

Pair = tuple[Question, Variable]


def pairs_of(
    content: Content, questions: Sequence[Question], wanted: str | None, problems: Problems, told: Told
) -> list[Pair]:
    """Pair the variables of a file with the questions that they are about, or the one that is wanted.

    A published table may hold what nobody asks, and one of its variables may serve two questions (who owns
    and who is the landlord). In a table that was made for this consultation every variable is a question.

    Raises
    ------
    FileRefused
        If nothing belongs together, or a variable of such a table is no question.
    """
    asked = [question for question in questions if wanted is None or question.key == wanted]
    if not asked:
        problems.add(
            N_("There is no question %(key)s. The questions about people are: %(questions)s."),
            key=shown(wanted or "") or "“”",
            questions=listed([question.key for question in questions]) or "–",
        )
    elif wanted is not None and len(content.variables) == 1:
        return [(asked[0], content.variables[0])]
    elif content.is_published:
        pairs = _published(content.variables, asked, told, is_wanted=wanted is not None)
    else:
        pairs = _made_for_this(content.variables, questions, wanted, problems)
    problems.refuse()
    if not pairs:
        first = content.variables[0]
        problems.add(
            N_(
                "Nothing in this file is about a question. It has %(there)s."
                " The questions about people are: %(questions)s."
            ),
            line=first.line,
            column=first.column,
            there=listed([variable.name for variable in content.variables]),
            questions=listed([question.key for question in asked]) or "–",
        )
        problems.refuse()
    return pairs


def find_question(questions: Sequence[Question], name: str) -> Question | None:
    """Find the question that goes by this name; None if it is none, or two."""
    for test in _NAMED:
        found = [question for question in questions if test(question, name)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


AGE_TOPICS = frozenset({"age", "ageband", "agegroup", "agebysingleyear"})
_NAMED: tuple[Callable[[Question, str], bool], ...] = (
    lambda question, name: question.key == name,
    lambda question, name: plain(question.key) == plain(name),
    lambda question, name: plain(question.text) == plain(name),
    lambda question, name: topic(name) == plain(question.key),
    lambda question, name: question.is_about_age and topic(name) in AGE_TOPICS,
)


def fits(question: Question, variable: Variable) -> bool:
    """Whether every category of the variable has a place, and every answer that a census has a figure."""
    placed = place(question, [entry.category for entry in variable.entries])
    return not placed.lost and not missing(question, placed)


def missing(question: Question, placed: Placed) -> list[str]:
    """List the answers, by label, that have no figure though a census could have one."""
    return [
        label
        for key, label in question.options
        if key not in placed.parts and question.census.get(key, [key])
    ]


def _made_for_this(
    variables: Sequence[Variable], questions: Sequence[Question], wanted: str | None, problems: Problems
) -> list[Pair]:
    found: dict[str, Variable] = {}
    pairs = []
    for variable in variables:
        question = find_question(questions, variable.name)
        if question is None:
            problems.add(
                N_("There is no question %(variable)s. The questions about people are: %(questions)s."),
                line=variable.line,
                column=variable.column,
                variable=shown(variable.name) or "“”",
                questions=listed([each.key for each in questions]) or "–",
            )
        elif question.key in found:
            problems.add(
                N_("%(first)s and %(second)s are both the question %(question)s. Use one name."),
                line=variable.line,
                column=variable.column,
                first=shown(found[question.key].name),
                second=shown(variable.name),
                question=question.key,
            )
        elif wanted is None or question.key == wanted:
            found[question.key] = variable
            pairs.append((question, variable))
    return pairs


def _published(
    variables: Sequence[Variable], asked: Sequence[Question], told: Told, *, is_wanted: bool
) -> list[Pair]:
    chosen = [(question, list(_about(question, variables))) for question in asked]
    pairs = [(question, _best(question, found, told)) for question, found in chosen if found]
    is_one_right = any(fits(*pair) for pair in pairs)
    if is_one_right and not is_wanted:
        for question, variable in pairs:
            if not fits(question, variable):
                told.say(
                    N_(
                        "Left out: %(variable)s. It is divided in another way than the answers of"
                        " %(question)s, which are: %(options)s."
                    ),
                    variable=shown(variable.name),
                    question=question.key,
                    options=question.told,
                )
        pairs = [pair for pair in pairs if fits(*pair)]
    used = {id(variable) for _question, found in chosen for variable in found}
    others = [variable.name for variable in variables if id(variable) not in used]
    if others and pairs and not is_wanted:
        told.say(N_("Left out, because it is not asked: %(variables)s."), variables=listed(others))
    return pairs


def _about(question: Question, variables: Sequence[Variable]) -> Iterator[Variable]:
    """Those of the variables that may be about the question: by their name, or by all of their categories."""
    named = [variable for variable in variables if _is_named(question, variable)]
    yield from named or (variable for variable in variables if question.census and fits(question, variable))


def _is_named(question: Question, variable: Variable) -> bool:
    if find_question([question], variable.name) is not None:
        return True
    bands = sum(find_band(entry.category) is not None for entry in variable.entries)
    is_age = plain(variable.name).startswith("age") and 2 * bands > len(variable.entries)
    return is_age and question.is_about_age


def _best(question: Question, variables: Sequence[Variable], told: Told) -> Variable:
    """The variable that fits the question with the least adding up."""
    ordered = sorted(variables, key=lambda each: (not fits(question, each), len(each.entries)))
    if len(ordered) > 1:
        told.say(
            N_("%(question)s: the file has several tables of it. Taken: %(taken)s. Left out: %(others)s."),
            question=question.key,
            taken=shown(ordered[0].name),
            others=listed([each.name for each in ordered[1:]]),
        )
    return ordered[0]
