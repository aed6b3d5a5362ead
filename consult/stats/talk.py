"""How people talked with each other in a forum, from who wrote what in reply to whom.

Official posts are in no count; whoever may write and did not is in every share of members. The measures
describe a group or a forum and never one person. In plain Python: pages may ask for them, and twenty
thousand posts take a moment.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TOP = 5  # the fifth of the members who wrote most


@dataclass(frozen=True, slots=True)
class TalkPost:
    """One post: who wrote it, in reply to which, and how long it is.

    Attributes
    ----------
    author : hashable or None
        The member who wrote it; none for official posts.
    parent : hashable or None
        The post that it answers; none where it begins a thread.
    words : int
        How many words it has.
    """

    id: Hashable
    author: Hashable | None
    parent: Hashable | None
    words: int


@dataclass(frozen=True, slots=True)
class Talk:
    """The measures of METHOD 3.4; a share is ``None`` where nothing is there to be shared.

    Attributes
    ----------
    members, posts : int
        How many may write, and how many posts they wrote.
    active_share : float
        Members who wrote, of all members.
    gini_posts, gini_words : float
        How unequally posts and words are spread over members, those without any included: 0 equal.
    top_word_share : float
        Share of all words by the fifth of the members who wrote most.
    peer_reply_share : float
        Posts that answer another member, of all posts.
    arc_reciprocity : float
        Of the ordered pairs in which one answered the other, those that were returned.
    dyad_reciprocity : float
        Of the pairs of members in which anybody answered the other, those in which both did.
    replied_to_share : float
        Posts that got a reply from another member.
    depth_mean, depth_max : float, int
        How many steps a post stands below the beginning of its thread, which is 0.
    cross_replies, cross_share, cross_expected : int, float, float
        How many replies are between members whose sides are known; the share of those that go to another
        side; what it would be if each reply went to any other member of the author's group.
    """

    members: int
    posts: int
    active_share: float | None
    gini_posts: float | None
    gini_words: float | None
    top_word_share: float | None
    peer_reply_share: float | None
    arc_reciprocity: float | None
    dyad_reciprocity: float | None
    replied_to_share: float | None
    depth_mean: float | None
    depth_max: int | None
    cross_replies: int
    cross_share: float | None
    cross_expected: float | None

    @property
    def cross_ratio(self) -> float | None:
        """How much oftener people answered another side than by chance; above 1 they sought difference."""
        if self.cross_share is None or not self.cross_expected:
            return None
        return self.cross_share / self.cross_expected


def measure_talk(
    posts: Sequence[TalkPost],
    members: Iterable[Hashable],
    *,
    sides: Mapping[Any, Hashable] | None = None,
    groups: Mapping[Any, Hashable] | None = None,
) -> Talk:
    """How the members talked with each other.

    Parameters
    ----------
    posts : sequence of TalkPost
        Those of members and official ones; a parent that is not among them counts as a beginning.
    members : iterable
        Everybody who may write, whether they did or not. A post of somebody else counts as official.
    sides : mapping of member to side, optional
        Where each stood before the forum, where that is known.
    groups : mapping of member to group, optional
        Who could be answered by whom; without it everybody by everybody.
    """
    people = set(members)
    by_id = {post.id: post for post in posts}
    own = [post for post in posts if post.author in people]
    n_posts = Counter(post.author for post in own)
    n_words: Counter[Hashable] = Counter()
    for post in own:
        n_words[post.author] += post.words
    replies = [
        (post, parent)
        for post in own
        if post.parent is not None
        and (parent := by_id.get(post.parent)) is not None
        and parent.author in people
        and parent.author != post.author
    ]
    arcs = {(post.author, parent.author) for post, parent in replies}
    mutual = sum((answered, author) in arcs for author, answered in arcs)
    dyads = len(arcs) - mutual // 2
    depths = _depths(by_id)
    own_depths = [depths[post.id] for post in own]
    crossing, across, expected = _crossing(replies, people, sides or {}, groups or {})
    words = [n_words[person] for person in people]
    return Talk(
        members=len(people),
        posts=len(own),
        active_share=_share(len(n_posts), len(people)),
        gini_posts=gini([n_posts[person] for person in people]),
        gini_words=gini(words),
        top_word_share=_share(sum(sorted(words, reverse=True)[: -(-len(words) // TOP)]), sum(words)),
        peer_reply_share=_share(len(replies), len(own)),
        arc_reciprocity=_share(mutual, len(arcs)),
        dyad_reciprocity=_share(mutual // 2, dyads),
        replied_to_share=_share(len({parent.id for _, parent in replies}), len(own)),
        depth_mean=_share(sum(own_depths), len(own)),
        depth_max=max(own_depths, default=None),
        cross_replies=crossing,
        cross_share=_share(across, crossing),
        cross_expected=expected,
    )


def gini(amounts: Sequence[int]) -> float | None:
    """How unequally an amount is spread: 0 if all have the same, near 1 if one has everything.

    The mean difference between two people, half of it, over the mean; those with nothing count too.
    ``None`` where there is nothing.
    """
    total, n = sum(amounts), len(amounts)
    if not total:
        return None
    ranked = sum((2 * place - n - 1) * amount for place, amount in enumerate(sorted(amounts), start=1))
    return ranked / (n * total)


def voice_ratios(
    words: Mapping[Hashable, int], groups: Mapping[Hashable, Hashable]
) -> dict[Hashable, float | None]:
    """For each group its share of the words over its share of the members: 1 is in proportion.

    Parameters
    ----------
    words : mapping of member to words
        Members who wrote nothing may be absent.
    groups : mapping of member to group
        Every member.
    """
    members: Counter[Hashable] = Counter(groups.values())
    said: Counter[Hashable] = Counter()
    for person, group in groups.items():
        said[group] += words.get(person, 0)
    total = sum(said.values())
    return {
        group: (said[group] / total) / (count / len(groups)) if total else None
        for group, count in members.items()
    }


def exposure_balance(read: Mapping[Any, Counter[int]], sides: Mapping[Any, int]) -> tuple[int, float | None]:
    """How many posts were read whose author's side and reader's are known; the share from another side.

    Parameters
    ----------
    read : mapping of member to (mapping of side to posts)
        Of how many posts by people of each side it is known that the member read them.
    sides : mapping of member to side
        Readers without a side count for nothing.
    """
    known = unlike = 0
    for reader, by_side in read.items():
        if reader in sides:
            known += by_side.total()
            unlike += by_side.total() - by_side[sides[reader]]
    return known, _share(unlike, known)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _depths(by_id: Mapping[Hashable, TalkPost]) -> dict[Hashable, int]:
    """How deep each post stands; without recursion, since threads may be deep."""
    found: dict[Hashable, int] = {}
    for post in by_id.values():
        way: list[Hashable] = []
        at: TalkPost | None = post
        while at is not None and at.id not in found:
            way.append(at.id)
            at = by_id.get(at.parent) if at.parent is not None else None
        depth = found[at.id] + 1 if at is not None else 0
        for post_id in reversed(way):
            found[post_id] = depth
            depth += 1
    return found


def _crossing(
    replies: Sequence[tuple[TalkPost, TalkPost]],
    people: set[Hashable],
    sides: Mapping[Any, Hashable],
    groups: Mapping[Any, Hashable],
) -> tuple[int, int, float | None]:
    """Replies between known sides, how many of them go to another one, and the share expected by chance."""
    between = [(p.author, q.author) for p, q in replies if p.author in sides and q.author in sides]
    across = sum(sides[author] != sides[answered] for author, answered in between)
    mates: dict[Hashable, Counter[Hashable]] = {}
    for person in people & sides.keys():
        mates.setdefault(groups.get(person), Counter())[sides[person]] += 1
    chances = []
    for author, _ in between:
        of_group = mates[groups.get(author)]
        unlike = of_group.total() - of_group[sides[author]]
        if of_group.total() > 1:
            chances.append(unlike / (of_group.total() - 1))
    return len(between), across, sum(chances) / len(chances) if chances else None
