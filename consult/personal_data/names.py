"""Names: after words that announce one, and beside a way to find somebody. On a text that is flat."""

from collections.abc import Sequence

from consult.personal_data.announcing import after_sure_words, after_titles, after_words
from consult.personal_data.beside import first_names, lines_of_names, near, parts_of_contacts, with_capitals
from consult.personal_data.ordinary import ORDINARY
from consult.personal_data.people import after_people, full_names, who_sign
from consult.personal_data.spans import Kind, Span
from consult.personal_data.spreading import spread
from consult.personal_data.wordforms import WORD, bare


def names_in(text: str, contacts: Sequence[Span], ordinary: str = "") -> list[Span]:
    """Every word of the text that is taken for a name; ``contacts`` are the ways to find somebody in it."""
    theirs = frozenset(bare(each[0]) for each in WORD.finditer(ordinary))
    kept = ORDINARY | theirs
    inside = {place for span in contacts for place in range(span.start, span.end)}
    words = [each for each in WORD.finditer(text) if each.start() not in inside]
    spans = [*after_sure_words(text, kept), *after_titles(text, kept), *after_people(text, kept)]
    spans += [*who_sign(text, kept), *full_names(text, words, theirs)]
    spans += after_words(text, kept, also_small=bool(contacts))
    if contacts:
        spans += with_capitals(text, words, theirs)
        spans += parts_of_contacts(text, words, contacts, kept)
        spans += near(words, contacts, kept, text)
        spans += lines_of_names(text, kept)
        spans += first_names(words, kept)
    named = {span.start for span in spans if span.start not in inside}
    named |= spread(text, words, named, theirs)
    return [Span(Kind.NAME, *word.span()) for word in words if word.start() in named]
