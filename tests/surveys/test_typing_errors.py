"""Whether other words can be a typing error put right."""

import pytest

from consult.surveys.typing_errors import meaning_problem

STEM = "The number of late shops near me should be …"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (STEM, "The number of late shops near me should be ..."),
        ("The nubmer of late shops", "The number of late shops"),
        ("Late shops keeps the street safe.", "Late shops keep the street safe."),
        ("teh", "the"),
        ("increased alot", "increased a lot"),
        ("Shops should nto open late.", "Shops should not open late."),
        ("Shops dont keep us safe.", "Shops don’t keep us safe."),
        ("We nveer go out.", "We never go out."),
        ("a lot", "A lot"),
        ("open untill 11.30pm", "open until 11.30pm"),
    ],
)
def test_a_slip_may_be_put_right(before, after):
    assert meaning_problem(before, after) is None


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("open until 11pm", "open until 10pm", "A number has changed"),
        ("open at 1, 2 and 3", "open at 1, 2 and 4", "A number has changed"),
        ("Shops should open late.", "Shops should not open late.", "“not” has come or gone"),
        ("Shops should not open late.", "Shops should now open late.", "“not” has come or gone"),
        ("Shops shouldn’t open late.", "Shops should open late.", "“not” has come or gone"),
        ("A street without shops", "A street with shops", "“not” has come or gone"),
        ("cut a lot", "raised by much", "more than a typing error"),
        (STEM, "I would rather live elsewhere", "more than a typing error"),
    ],
)
def test_another_meaning_is_refused(before, after, reason):
    assert reason in meaning_problem(before, after)
