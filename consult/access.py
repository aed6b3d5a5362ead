"""Who may do what, and when: the one table, and the one question asked of it.

Situation: a consultation passes through nine moments, and what a person may do depends on their
role in that consultation and on the moment. Choice: one table of role × action × moments, read by
every service function (`require`) and every template (`allows`). Whatever is not in the table is
refused. Names of actions are the ids of the permission matrix, so that the two can be compared by
a test. The operator is whoever holds a shell on the machine: the command line acts in that role,
through the same table. One page does so for one deed: an officer who may create a consultation
brings in a draft as files, which is the operator's deed of loading (`desk.bringing_in`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from consult.errors import Conflict, NotFound, NotPermitted
from consult.words import N_


class Role(StrEnum):
    """What a person is, in one consultation or on the whole site."""

    VISITOR = "visitor"
    RESIDENT = "resident"
    ASSISTANT = "assistant"
    MODERATOR = "moderator"
    OFFICER = "officer"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"


CONSULTATION_ROLES = (Role.OFFICER, Role.MODERATOR, Role.ANALYST, Role.ASSISTANT)
STAFF_ROLES = (*CONSULTATION_ROLES, Role.ADMINISTRATOR)


class Moment(StrEnum):
    """Where a consultation is in its life; the letters of the permission matrix."""

    DRAFT = "D"
    SURVEY = "1"
    SUMMARISING = "A"
    FORUM = "2"
    BETWEEN = "B"
    FOLLOW_UP = "3"
    CLOSED = "C"
    PUBLISHED = "P"
    ARCHIVED = "X"


class Action(StrEnum):
    """Everything that can be done, by its id in the permission matrix."""

    HEALTH = "ops.health"
    LIST_PUBLIC = "pub.list"
    READ_CONSULTATION = "pub.page"
    READ_NOTICES = "pub.privacy"
    STAFF_SIGN_IN = "acct.staff_signin"
    SIGN_OUT = "sess.signout"
    JOIN = "code.redeem"
    RETURN = "code.resume"
    VIEW_SURVEY = "s1.view"
    SAVE_SURVEY = "s1.save"
    SUBMIT_SURVEY = "s1.submit"
    CHANGE_SURVEY = "s1.edit_after"
    READ_OWN_SURVEY = "s1.read_own"
    VIEW_FOLLOW_UP = "s3.view"
    SAVE_FOLLOW_UP = "s3.save"
    SUBMIT_FOLLOW_UP = "s3.submit"
    READ_OWN_FOLLOW_UP = "s3.read_own"
    SAVE_DEMOGRAPHICS = "demo.save"
    READ_OWN_DEMOGRAPHICS = "demo.read_own"
    EDIT_DEMOGRAPHICS = "demo.editor"
    WITHDRAW = "consent.withdraw"
    DOWNLOAD_OWN = "sar.own"
    CHANGE_CONSENT = "me.consent"
    REPLACE_CODE = "me.code"
    DRAFT_SUMMARY = "sum.draft"
    VIEW_DRAFT_SUMMARY = "sum.view_draft"
    VIEW_SUMMARY = "sum.view"
    PUBLISH_SUMMARIES = "sum.publish"
    RATE_SUMMARY = "sum.rate"
    EDIT_CODEBOOK = "cod.codebook"
    CODE_TEXTS = "cod.code"
    ADJUDICATE_CODES = "cod.adjudicate"
    READ_FORUM = "f.read"
    POST = "f.post"
    POST_OFFICIALLY = "f.post_official"
    EDIT_OWN_POST = "f.edit_own"
    WITHDRAW_OWN_POST = "f.delete_own"
    EDIT_OTHERS_POST = "f.edit_other"
    REPORT = "f.report"
    READ_QUEUE = "f.queue"
    MODERATE = "f.hide"
    REVIEW_OWN_DECISION = "f.own_hide"
    APPEAL = "f.appeal"
    DECIDE_APPEAL = "f.appeal_decide"
    READ_HIDDEN = "f.hidden_read"
    SUSPEND = "f.suspend"
    WRITE_TO_MODERATORS = "f.message"
    SET_UP_FORUM = "f.set_up"
    FACILITATE = "f.facilitate"
    ANSWER = "f.answer"
    CREATE_CONSULTATION = "c.create"
    EDIT_CONSULTATION = "c.edit"
    CORRECT_TYPING = "c.edit_text"
    PREVIEW = "c.preview"
    CHANGE_STAGES = "c.open"
    REHEARSE = "c.rehearse"
    OVERSEE = "c.oversee"
    ASSIGN_STAFF = "c.assign"
    LIST_STAFF = "u.list"
    CHANGE_ROLES = "u.role"
    RESET_STAFF = "u.reset"
    END_SESSIONS = "u.sessions"
    VIEW_TARGETS = "q.view"
    EDIT_TARGETS = "q.edit"
    OVERRIDE_TARGETS = "q.override"
    IMPORT_MARGINS = "m.import"
    VIEW_CHANNELS = "ch.view"
    EDIT_CHANNELS = "ch.edit"
    EDIT_INCENTIVES = "inc.edit"
    CLAIM_INCENTIVE = "inc.claim"
    LIST_INCENTIVES = "inc.list"
    PAY_INCENTIVE = "inc.pay"
    FREEZE_WEIGHTS = "w.freeze"
    READ_AUDIT = "log.audit"
    READ_RESULTS = "pub.results"
    FREEZE_RESULTS = "res.freeze"
    EXPORT_TABLES = "x.tables"
    EXPORT_ROWS = "x.rows"
    LOAD_BUNDLE = "op.load"
    DUMP_BUNDLE = "op.dump"
    WRITE_RECORD = "op.record"


def _at(letters: str) -> frozenset[Moment]:
    """Moments by their letters."""
    return frozenset(map(Moment, letters))


ALWAYS = frozenset(Moment)
ONCE_KNOWN = _at("1A2B3CPX")  # from publishing on, for good
TAKING_PART = _at("1A2B3CP")  # while somebody's own things are still theirs
AFTER_CLOSING = _at("CPX")
WITH_ROWS = _at("CP")
WITH_FORUM = _at("2B3CPX")
WHILE_TALKED_OF = _at("2B3CP")  # from the opening of the forum until everything personal is erased
_HERE = (*CONSULTATION_ROLES, Role.ADMINISTRATOR)  # staff of the place and of the site
_PUBLIC = (Role.VISITOR, Role.RESIDENT)


def _each(roles: Iterable[Role], moments: frozenset[Moment]) -> dict[Role, frozenset[Moment]]:
    return dict.fromkeys(roles, moments)


TABLE: Mapping[Action, Mapping[Role, frozenset[Moment]]] = {
    Action.HEALTH: _each(Role, ALWAYS),
    Action.LIST_PUBLIC: _each((*_PUBLIC, *_HERE), ONCE_KNOWN),
    Action.READ_CONSULTATION: {**_each(_PUBLIC, ONCE_KNOWN), **_each(_HERE, ALWAYS)},
    Action.READ_NOTICES: _each(Role, ALWAYS),
    Action.STAFF_SIGN_IN: _each((Role.VISITOR, *STAFF_ROLES), ALWAYS),
    Action.SIGN_OUT: _each(Role, ALWAYS),
    Action.JOIN: _each(_PUBLIC, _at("1")),
    Action.RETURN: _each(_PUBLIC, TAKING_PART),
    Action.VIEW_SURVEY: {Role.RESIDENT: _at("1")},
    Action.SAVE_SURVEY: {Role.RESIDENT: _at("1")},
    Action.SUBMIT_SURVEY: {Role.RESIDENT: _at("1")},
    Action.CHANGE_SURVEY: {Role.RESIDENT: _at("1")},
    Action.READ_OWN_SURVEY: {Role.RESIDENT: TAKING_PART},
    Action.VIEW_FOLLOW_UP: {Role.RESIDENT: _at("3")},
    Action.SAVE_FOLLOW_UP: {Role.RESIDENT: _at("3")},
    Action.SUBMIT_FOLLOW_UP: {Role.RESIDENT: _at("3")},
    Action.READ_OWN_FOLLOW_UP: {Role.RESIDENT: _at("3CP")},
    Action.SAVE_DEMOGRAPHICS: {Role.RESIDENT: _at("123")},
    Action.READ_OWN_DEMOGRAPHICS: {Role.RESIDENT: TAKING_PART},
    Action.EDIT_DEMOGRAPHICS: {Role.OFFICER: _at("D")},
    Action.WITHDRAW: {Role.RESIDENT: TAKING_PART},
    Action.DOWNLOAD_OWN: {Role.RESIDENT: TAKING_PART},
    Action.CHANGE_CONSENT: {Role.RESIDENT: TAKING_PART},
    Action.REPLACE_CODE: {Role.RESIDENT: TAKING_PART},
    Action.DRAFT_SUMMARY: _each((Role.MODERATOR, Role.OFFICER), _at("A")),
    Action.VIEW_DRAFT_SUMMARY: _each((Role.MODERATOR, Role.OFFICER, Role.ANALYST), _at("A2")),
    Action.VIEW_SUMMARY: {
        **_each((Role.VISITOR, *_HERE), WITH_FORUM),
        Role.RESIDENT: WITH_FORUM - {Moment.ARCHIVED},
    },
    Action.PUBLISH_SUMMARIES: {Role.OFFICER: _at("A")},
    Action.RATE_SUMMARY: {Role.RESIDENT: _at("A")},
    Action.EDIT_CODEBOOK: _each((Role.OFFICER, Role.ANALYST), _at("1A")),
    Action.CODE_TEXTS: {
        **_each((Role.OFFICER, Role.ANALYST), _at("A2B3C")),
        Role.OPERATOR: _at("A2B3CPX"),
    },
    Action.ADJUDICATE_CODES: _each((Role.OFFICER, Role.ANALYST), _at("A2B3C")),
    Action.READ_FORUM: _each((*_PUBLIC, *_HERE), WITH_FORUM),
    Action.POST: {Role.RESIDENT: _at("2")},
    Action.POST_OFFICIALLY: _each((Role.MODERATOR, Role.OFFICER), _at("2")),
    Action.EDIT_OWN_POST: {Role.RESIDENT: _at("2")},
    Action.WITHDRAW_OWN_POST: {Role.RESIDENT: _at("2B3CP")},
    Action.EDIT_OTHERS_POST: {},
    Action.REPORT: _each((*_PUBLIC, Role.MODERATOR, Role.OFFICER, Role.ASSISTANT), WHILE_TALKED_OF),
    Action.READ_QUEUE: _each((Role.MODERATOR, Role.OFFICER), WHILE_TALKED_OF),
    Action.MODERATE: _each((Role.MODERATOR, Role.OFFICER), WHILE_TALKED_OF),
    Action.REVIEW_OWN_DECISION: {},
    Action.APPEAL: {Role.RESIDENT: WHILE_TALKED_OF},
    Action.DECIDE_APPEAL: {Role.OFFICER: WHILE_TALKED_OF},
    Action.READ_HIDDEN: _each((Role.MODERATOR, Role.OFFICER), WHILE_TALKED_OF),
    Action.SUSPEND: _each((Role.MODERATOR, Role.OFFICER), _at("2")),
    Action.WRITE_TO_MODERATORS: {Role.RESIDENT: WHILE_TALKED_OF},
    Action.SET_UP_FORUM: {Role.OFFICER: _at("D1A2")},
    Action.FACILITATE: {Role.OFFICER: _at("2")},
    Action.ANSWER: _each((Role.MODERATOR, Role.OFFICER), WHILE_TALKED_OF),
    Action.CREATE_CONSULTATION: _each((Role.OFFICER, Role.ADMINISTRATOR), _at("D")),
    Action.EDIT_CONSULTATION: {Role.OFFICER: _at("D")},
    Action.CORRECT_TYPING: {Role.OFFICER: _at("123")},
    Action.PREVIEW: {
        Role.OFFICER: ALWAYS,
        **_each((Role.MODERATOR, Role.ANALYST), _at("D1A2B3")),
    },
    Action.CHANGE_STAGES: {Role.OFFICER: _at("D1A2B3C")},
    Action.REHEARSE: {Role.OFFICER: _at("D")},
    Action.OVERSEE: {Role.OFFICER: ALWAYS},
    Action.ASSIGN_STAFF: {Role.ADMINISTRATOR: _at("D1A2B3CP")},
    Action.LIST_STAFF: {Role.ADMINISTRATOR: ALWAYS},
    Action.CHANGE_ROLES: _each((Role.ADMINISTRATOR, Role.OPERATOR), ALWAYS),
    Action.RESET_STAFF: _each((Role.ADMINISTRATOR, Role.OPERATOR), ALWAYS),
    Action.END_SESSIONS: _each((Role.ADMINISTRATOR, Role.OPERATOR), ALWAYS),
    Action.VIEW_TARGETS: {
        **_each((Role.OFFICER, Role.ANALYST), TAKING_PART | _at("D")),
        Role.OPERATOR: ALWAYS,
    },
    Action.EDIT_TARGETS: {Role.OFFICER: _at("D"), Role.OPERATOR: ALWAYS},
    Action.OVERRIDE_TARGETS: {Role.OFFICER: _at("1")},
    Action.IMPORT_MARGINS: {**_each((Role.OFFICER, Role.ANALYST), _at("D")), Role.OPERATOR: ALWAYS},
    Action.VIEW_CHANNELS: _each((Role.OFFICER, Role.ANALYST), TAKING_PART | _at("D")),
    Action.EDIT_CHANNELS: {Role.OFFICER: _at("D1A2B3")},
    Action.EDIT_INCENTIVES: {Role.OFFICER: _at("D")},
    Action.CLAIM_INCENTIVE: {Role.RESIDENT: _at("123BCP")},
    Action.LIST_INCENTIVES: {Role.OFFICER: _at("123BCP")},
    Action.PAY_INCENTIVE: {Role.OFFICER: _at("123BCP")},
    Action.FREEZE_WEIGHTS: _each((Role.OFFICER, Role.ANALYST, Role.OPERATOR), AFTER_CLOSING),
    Action.READ_AUDIT: {Role.ADMINISTRATOR: ALWAYS},
    Action.READ_RESULTS: _each((Role.OFFICER, Role.ANALYST, Role.OPERATOR), AFTER_CLOSING),
    Action.FREEZE_RESULTS: _each((Role.OFFICER, Role.ANALYST, Role.OPERATOR), AFTER_CLOSING),
    Action.EXPORT_TABLES: _each((Role.OFFICER, Role.ANALYST, Role.OPERATOR), WITH_ROWS),
    Action.EXPORT_ROWS: _each((Role.ANALYST, Role.OPERATOR), WITH_ROWS),
    Action.LOAD_BUNDLE: {Role.OPERATOR: ALWAYS},
    Action.DUMP_BUNDLE: {Role.OPERATOR: ALWAYS},
    Action.WRITE_RECORD: {Role.OPERATOR: ALWAYS},
}

# Whose very existence is private: whoever may not do it learns no more than from a wrong address.
PRIVATE = frozenset(
    {
        Action.READ_OWN_SURVEY,
        Action.READ_OWN_FOLLOW_UP,
        Action.READ_OWN_DEMOGRAPHICS,
        Action.DOWNLOAD_OWN,
        Action.VIEW_DRAFT_SUMMARY,
        Action.VIEW_SUMMARY,
        Action.READ_FORUM,
        Action.READ_HIDDEN,
        Action.PREVIEW,
        Action.READ_CONSULTATION,
        Action.READ_RESULTS,
        Action.FREEZE_RESULTS,
    }
)
# Where the right person at the wrong moment is told so as a conflict (409) and not as forbidden (403).
CONFLICTS = frozenset(
    {
        Action.CHANGE_SURVEY,
        Action.SUBMIT_FOLLOW_UP,
        Action.EDIT_CONSULTATION,
        Action.EDIT_TARGETS,
    }
)

_SURVEY_SHUT = N_("The starting survey is not open now.")
_FOLLOW_UP_SHUT = N_("The follow-up survey is not open now.")
_FORUM_SHUT = N_("The forum is not open now.")
_NO_MODERATING_NOW = N_("There is no forum to look after now.")
_NO_CODING_NOW = N_("Texts can be coded when the starting survey has closed, until the results are out.")
_NO_DATA_NOW = N_("Data can be downloaded after every stage has closed and before it is archived.")
WRONG_MOMENT: Mapping[Action, str] = {
    Action.JOIN: N_("You cannot join this consultation now."),
    Action.VIEW_SURVEY: _SURVEY_SHUT,
    Action.SAVE_SURVEY: _SURVEY_SHUT,
    Action.SUBMIT_SURVEY: _SURVEY_SHUT,
    Action.CHANGE_SURVEY: _SURVEY_SHUT,
    Action.VIEW_FOLLOW_UP: _FOLLOW_UP_SHUT,
    Action.SAVE_FOLLOW_UP: _FOLLOW_UP_SHUT,
    Action.SUBMIT_FOLLOW_UP: _FOLLOW_UP_SHUT,
    Action.SAVE_DEMOGRAPHICS: N_("These answers cannot be changed now."),
    Action.WITHDRAW: N_("This consultation has been archived. Nothing in it leads to you any more."),
    Action.POST: _FORUM_SHUT,
    Action.POST_OFFICIALLY: _FORUM_SHUT,
    Action.EDIT_OWN_POST: _FORUM_SHUT,
    Action.WITHDRAW_OWN_POST: N_("Posts cannot be withdrawn now."),
    Action.REPORT: N_("Posts can be reported from the opening of the forum until it is archived."),
    Action.READ_QUEUE: _NO_MODERATING_NOW,
    Action.MODERATE: _NO_MODERATING_NOW,
    Action.APPEAL: N_("You cannot answer this decision now."),
    Action.DECIDE_APPEAL: _NO_MODERATING_NOW,
    Action.SUSPEND: _FORUM_SHUT,
    Action.WRITE_TO_MODERATORS: N_(
        "Moderators read messages from the opening of the forum until it is archived."
    ),
    Action.SET_UP_FORUM: N_("The forum has closed. How it is run cannot be changed any more."),
    Action.FACILITATE: _FORUM_SHUT,
    Action.ANSWER: _NO_MODERATING_NOW,
    Action.DRAFT_SUMMARY: N_("Summaries are written after the starting survey has closed."),
    Action.PUBLISH_SUMMARIES: N_("Summaries are published after the starting survey and before the forum."),
    Action.RATE_SUMMARY: N_("Summaries can be checked until they are published."),
    Action.EDIT_CODEBOOK: N_("Codebooks can be changed until the summaries are published."),
    Action.CODE_TEXTS: _NO_CODING_NOW,
    Action.ADJUDICATE_CODES: _NO_CODING_NOW,
    Action.EDIT_CONSULTATION: N_("This was fixed when the consultation was published."),
    Action.CORRECT_TYPING: N_("Typing errors can be corrected while a stage is open."),
    Action.EDIT_TARGETS: N_(
        "This was fixed when the consultation was published. A limit can be raised while people join."
    ),
    Action.OVERRIDE_TARGETS: N_("Limits can be raised while the starting survey is open."),
    Action.IMPORT_MARGINS: N_("This was fixed when the consultation was published."),
    Action.EDIT_CHANNELS: N_("Every stage has closed. Nothing new can bring people in."),
    Action.EDIT_INCENTIVES: N_("This was fixed when the consultation was published."),
    Action.CLAIM_INCENTIVE: N_("You cannot choose this now."),
    Action.FREEZE_WEIGHTS: N_("Weights can be made when every stage has closed."),
    Action.EDIT_DEMOGRAPHICS: N_("This was fixed when the consultation was published."),
    Action.CHANGE_STAGES: N_("The dates cannot be changed any more."),
    Action.REHEARSE: N_("Only a draft can be rehearsed."),
    Action.ASSIGN_STAFF: N_("This consultation has been archived."),
    Action.READ_RESULTS: N_("There are no results until every stage has closed."),
    Action.FREEZE_RESULTS: N_("The comparison can be made when every stage has closed."),
    Action.EXPORT_TABLES: _NO_DATA_NOW,
    Action.EXPORT_ROWS: _NO_DATA_NOW,
}


class Target(Protocol):
    """A consultation, as far as access is concerned."""

    @property
    def id(self) -> int: ...

    @property
    def moment(self) -> Moment: ...


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks.

    ``site_roles`` hold everywhere, ``roles`` in one consultation each (by its id), and
    ``council_roles`` only where no consultation is asked about: who may set up a new one.
    A resident is a participant of one consultation; their id is ``participant_id``.
    """

    name: str
    site_roles: frozenset[Role] = frozenset({Role.VISITOR})
    roles: Mapping[int, frozenset[Role]] = field(default_factory=dict)
    council_roles: frozenset[Role] = frozenset()
    participant_id: int | None = None

    def roles_for(self, target: Target | None) -> frozenset[Role]:
        """Every role that this person has towards ``target``."""
        if target is None:
            return self.site_roles | self.council_roles
        return self.site_roles | self.roles.get(target.id, frozenset())


OPERATOR = Actor("operator", frozenset({Role.OPERATOR}))
VISITOR = Actor("visitor")


def allows(actor: Actor, action: Action, target: Target | None = None) -> bool:
    """Whether ``actor`` may do ``action`` with ``target`` now."""
    allowed = TABLE.get(action, {})
    if target is None:
        return any(role in allowed for role in actor.roles_for(None))
    return any(target.moment in allowed.get(role, frozenset()) for role in actor.roles_for(target))


def require(actor: Actor, action: Action, target: Target | None = None) -> None:
    """Let ``actor`` go on, or refuse.

    Raises
    ------
    NotFound
        If the very existence of this is not for the actor to know: a draft, or somebody's own things.
    NotPermitted
        If none of the actor's roles ever does this, or not now.
    Conflict
        If the role is right and the moment is wrong, for the deeds of which the matrix says so.
    """
    if allows(actor, action, target):
        return
    roles = actor.roles_for(target)
    if target is not None and _is_hidden(roles, action, target):
        raise NotFound
    if not any(role in TABLE.get(action, {}) for role in roles):
        raise NotPermitted
    sentence = WRONG_MOMENT.get(action)
    is_conflict = action in CONFLICTS or Role.OPERATOR in roles
    raise Conflict(sentence) if is_conflict else NotPermitted(sentence)


def _is_hidden(roles: frozenset[Role], action: Action, target: Target) -> bool:
    """Whether a refusal would tell something that is not theirs to know."""
    if Role.OPERATOR in roles:
        return False
    if action in PRIVATE or not roles:  # without a role: staff of another consultation
        return True
    return target.moment is Moment.DRAFT and roles <= {Role.VISITOR, Role.RESIDENT}
