"""What is held about one person, as a file of text to read, or as a file of data."""

import json
from collections.abc import Iterator

from flask_babel import gettext as _

from consult.rights.held import Held, Row, Told
from consult.web import telling
from consult.words import N_

PARTS = {
    "participant": N_("You, as the record knows you"),
    "membership": N_("Your name here, and what you agreed to"),
    "participant_demographic": N_("What you told us about yourself"),
    "submission": N_("How far you have come"),
    "answer": N_("What you answered"),
    "post": N_("What you wrote in the forum"),
    "post_draft": N_("What you typed in the forum and have not posted"),
    "decision": N_("What moderators decided about what you wrote"),
    "appeal": N_("What you answered to moderators"),
    "report": N_("Posts that you reported"),
    "message": N_("What you wrote to the moderators"),
    "suspension": N_("When you could not post in the forum"),
    "drawn_person": N_("How you were put into a group by lot"),
    "exposure": N_("Which topics you opened in the forum"),
    "presentation": N_("In which order you were shown views"),
    "quotation": N_("Where you are quoted, without your name"),
    "fairness_rating": N_("What you said of how your view is told"),
    "return_code": N_("Your return code: we keep a fingerprint of it and not the code"),
    "resident_session": N_("When you were here"),
    "kept_form": N_("What you typed on a page that closed before you sent it"),
    "panel_place": N_("Your place on the panel"),
    "weight": N_("How much your answers count where answers are weighted"),
    "incentive_due": N_("What you get as a thank-you"),
    "contact": N_("Where we send your thank-you"),
    "digest": N_("Where we tell you of replies"),
    "audit_entry": N_("What you did with your own record"),
}
LABELS = {
    "number": N_("Number"),
    "joined_at": N_("Joined"),
    "origin": N_("How you joined"),
    "quote": N_("We may quote your words without your name"),
    "language": N_("Language of the pages"),
    "track": N_("Track"),
    "waiting_since": N_("Waiting for a place on the panel since"),
    "place_taken_at": N_("Taken"),
    "counted_under": N_("Counted as"),
    "weight": N_("Weight"),
    "arm": N_("Part of the comparison"),
    "is_rehearsal": N_("Part of a rehearsal"),
    "channel": N_("Where you came from"),
    "group": N_("Discussion group"),
    "ticket": N_("Your ticket, which is a number by chance"),
    "codes": N_("Your answers as numbers, by which groups were made alike"),
    "is_later": N_("You came after the draw"),
    "name": N_("Name in the forum"),
    "consent_version": N_("Version of what you agreed to"),
    "consented_at": N_("Agreed"),
    "messages": N_("We may send you messages"),
    "order_seed": N_("Number that decides the order of options for you"),
    "agreed_to": N_("What you agreed to"),
    "question": N_("Question"),
    "said": N_("Your answer"),
    "prefers_not_to_say": N_("You prefer not to say"),
    "wave": N_("Before or after the forum"),
    "status": N_("State"),
    "submitted_at": N_("Sent"),
    "mode": N_("How you answered"),
    "late": N_("Sent after the end"),
    "stem": N_("Sentence"),
    "option": N_("Option"),
    "text": N_("Your words"),
    "answered_at": N_("Answered"),
    "ranking": N_("Your order"),
    "place": N_("Place"),
    "themes": N_("Themes that people found in it"),
    "theme": N_("Theme"),
    "coder": N_("Who read it"),
    "judgements": N_("How it was read"),
    "outcome": N_("How reading it ended"),
    "note": N_("What the reader noted"),
    "judged_at": N_("Read"),
    "post": N_("Post"),
    "thread": N_("Topic"),
    "state": N_("State"),
    "created_at": N_("Written"),
    "title": N_("Title"),
    "version": N_("Version"),
    "alarmed_at": N_("We were worried about you"),
    "sent_at": N_("Sent"),
    "edited_at": N_("Changed"),
    "asked_council_at": N_("Asked the council"),
    "settled_at": N_("The council replied"),
    "earlier_versions": N_("Earlier versions"),
    "replaced_at": N_("Replaced"),
    "verdict": N_("Decision"),
    "reason": N_("Reason"),
    "told": N_("What you were told"),
    "decided_at": N_("Decided"),
    "appealed_at": N_("Answered by you"),
    "due_at": N_("Promised by"),
    "concern": N_("What worried you"),
    "reported_at": N_("Reported"),
    "first_read_at": N_("First opened"),
    "last_read_at": N_("Last opened"),
    "reads": N_("How often"),
    "view": N_("View"),
    "drawn_at": N_("Drawn"),
    "asked_at": N_("Asked"),
    "rating": N_("How fair it is, from 1 to 5"),
    "suggestion": N_("What you would change"),
    "rated_at": N_("Said"),
    "shown_at": N_("First shown"),
    "views_in_order": N_("Views in their order"),
    "counts_at_once": N_("With numbers at once"),
    "made_at": N_("Made"),
    "began_at": N_("Began"),
    "last_seen_at": N_("Last used"),
    "ended_at": N_("Ended"),
    "is_shared": N_("On a shared computer"),
    "page": N_("Page"),
    "kept_at": N_("Kept"),
    "typed": N_("What you typed"),
    "thank_you": N_("Thank-you"),
    "pounds": N_("Worth in pounds"),
    "owed_on": N_("Owed since"),
    "contact": N_("E-mail address or mobile number"),
    "given_on": N_("Given on"),
    "at": N_("When"),
    "action": N_("What"),
}
INDENT = "  "


def as_data(held: Held) -> Iterator[str]:
    """The file of data, in JSON, part by part."""
    head = {
        "consultation": held.consultation,
        "made_at": f"{held.made_at:%Y-%m-%dT%H:%M:%SZ}",
        "left_out": _left_out(held),
    }
    yield "{" + json.dumps(head, ensure_ascii=False, indent=1)[1:-1].rstrip()
    for name, rows in held.parts.items():
        yield f',\n "{name}": {json.dumps(rows, ensure_ascii=False, indent=1)}'
    yield "\n}\n"


def as_text(held: Held) -> Iterator[str]:
    """The file to read, part by part; with the line ends that every program for text knows."""
    for part in _text(held):
        yield part.replace("\r\n", "\n").replace("\n", "\r\n")


def _text(held: Held) -> Iterator[str]:
    title = _("What we hold about you")
    yield f"{title}\n{'=' * len(title)}\n\n{held.consultation}\n{telling.uk_date_time(held.made_at)}\n"
    left_out = _left_out(held)
    if left_out:
        yield f"\n{left_out}\n"
    for name, rows in held.parts.items():
        heading = _(PARTS[name])
        yield f"\n\n{heading}\n{'-' * len(heading)}\n"
        if not rows:
            yield f"\n{_('Nothing.')}\n"
        for row in rows:
            yield "\n" + "".join(_lines(row, ""))


def _lines(row: Row, before: str) -> Iterator[str]:
    for name, value in row.items():
        if value is None or value == []:
            continue
        label = _(LABELS[name]) if name in LABELS else name
        if isinstance(value, list):
            yield f"{before}{label}:\n"
            for each in value:
                yield from _entry(each, before + INDENT)
        elif isinstance(value, dict):
            yield f"{before}{label}:\n"
            yield from _lines(value, before + INDENT)
        else:
            yield f"{before}{label}: {_said(value)}\n"


def _entry(value: Told, before: str) -> Iterator[str]:
    if isinstance(value, dict):
        first, *rest = list(_lines(value, before)) or [""]
        yield f"{before}- {first.removeprefix(before)}"
        yield from (f"{INDENT}{line}" for line in rest)
    else:
        yield f"{before}- {_said(value)}\n"


def _said(value: Told) -> str:
    if isinstance(value, bool):
        return str(_("Yes")) if value else str(_("No"))
    return str(value)


def _left_out(held: Held) -> str | None:
    if held.withheld_until is None:
        return None
    return str(
        _(
            "Your answers to the starting survey are not in this copy yet. Whoever reads them before the"
            " follow-up survey answers it differently. Send your follow-up, or wait until it closes on"
            " %(closes)s. Then they are in the copy.",
            closes=telling.uk_date_time(held.withheld_until),
        )
    )
