"""Arithmetic in a process of its own: a web worker never loads NumPy and what stands on it.

Situation: a page needs what only NumPy computes, and a web worker that has loaded it keeps 100 MB for
good. Choice: a module of ours that reads one JSON value from standard input and prints another. It knows
no database and no clock, so whoever asks has checked who may ask, and it sees what they saw. The price is
about a second a question. Where a whole command does the work, `analysis.child` runs that instead.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from consult.errors import Invalid


def ask(module: str, question: object, *, minutes: float) -> Any:
    """Give what the module answers to the question. Ask with no transaction open: it may take long.

    Raises
    ------
    Invalid
        If it refuses the question: its own sentence.
    """
    ended = subprocess.run(  # noqa: S603  (our own module)
        [sys.executable, "-m", module],
        input=json.dumps(question),
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=minutes * 60,
    )
    answer = json.loads(ended.stdout)
    if answer["refused"] is not None:
        sentence, values = answer["refused"]
        raise Invalid(sentence, **values)
    return answer["answer"]


def reply(work: Callable[[Any], object]) -> None:
    """What ``work`` makes of the question is printed, or why it refuses: the other end of `ask`."""
    answer: object = None
    refused: object = None
    try:
        answer = work(json.load(sys.stdin))
    except Invalid as refusal:
        refused = [refusal.sentence, refusal.values]
    json.dump({"answer": answer, "refused": refused}, sys.stdout, allow_nan=False)
