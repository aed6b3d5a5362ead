"""Looking for words in the forum.

The texts are read and searched here and not by the database, because neither of the two finds words without
their accents by itself, and both must find the same. Of 20,000 posts that takes a few tenths of a second.
"""

from dataclasses import dataclass

from consult.consultations.models import Consultation
from consult.db import db
from consult.forum import threads
from consult.forum.found import FoundPost, get_found, readable
from consult.forum.models import Post
from consult.forum.quoting import own_words
from consult.forum.searching import Asked, Piece, asked_for, fold, is_in, passage

PAGE = 20
READ_AT_ONCE = 1000  # texts in memory


@dataclass(frozen=True, slots=True)
class Result:
    """A post in which everything was found, and the part of it around the first word."""

    found: FoundPost
    passage: list[Piece]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of what was found, the newest first."""

    asked: Asked
    results: list[Result]
    count: int
    page: int
    pages: int


def get_search_page(
    consultation: Consultation, typed: str, *, page: str | None, participant_id: int | None
) -> SearchPage:
    """Get the posts that everybody can read and that have every word that was typed.

    Two statements, however many posts there are; none where there is nothing to look for.
    """
    asked = asked_for(typed)
    ids = _search(consultation, asked) if asked.words else []
    pages = max(1, -(-len(ids) // PAGE))
    number = threads.as_page(page, pages)
    found = get_found(consultation, ids[(number - 1) * PAGE : number * PAGE], participant_id) if ids else []
    return SearchPage(
        asked=asked,
        results=[Result(each, passage(asked, _text(each.post.title, each.post.body))) for each in found],
        count=len(ids),
        page=number,
        pages=pages,
    )


def _search(consultation: Consultation, asked: Asked) -> list[int]:
    everything = (
        readable(consultation, Post.id, Post.title, Post.body)
        .order_by(Post.created_at.desc(), Post.id.desc())
        .execution_options(yield_per=READ_AT_ONCE)
    )
    return [
        post_id
        for post_id, title, body in db.session.execute(everything)
        if is_in(asked, fold(_text(title, body)))
    ]


def _text(title: str | None, body: str) -> str:
    """What is searched of a post: not what it quotes, which somebody else may have taken back."""
    body = own_words(body)
    return f"{title}\n{body}" if title else body
