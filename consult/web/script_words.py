"""What the scripts say on a page, in its language: attributes that they read. English they know by heart."""

from babel import Locale
from flask_babel import get_locale, gettext, ngettext

from consult.words import N_, NN_

Words = dict[str, str]
LARGEST_SAMPLE = 200  # every plural form of every language is met below it
COUNTED = {
    "characters": (
        ("under", *NN_("You have %(count)s character remaining", "You have %(count)s characters remaining")),
        ("over", *NN_("You have %(count)s character too many", "You have %(count)s characters too many")),
    ),
    "words": (
        ("under", *NN_("You have %(count)s word remaining", "You have %(count)s words remaining")),
        ("over", *NN_("You have %(count)s word too many", "You have %(count)s words too many")),
    ),
}
PLAIN = {
    "password": {
        "data-i18n.show-password": N_("Show"),
        "data-i18n.hide-password": N_("Hide"),
        "data-i18n.show-password-aria-label": N_("Show password"),
        "data-i18n.hide-password-aria-label": N_("Hide password"),
        "data-i18n.password-shown-announcement": N_("Your password is visible"),
        "data-i18n.password-hidden-announcement": N_("Your password is hidden"),
    },
    "characters": {"data-i18n.characters-at-limit": N_("You have 0 characters remaining")},
    "words": {"data-i18n.words-at-limit": N_("You have 0 words remaining")},
    "status": {
        "data-unreachable": N_(
            "We could not reach the service, so this is not saved yet. What you typed is still here."
            " Check the connection and try again."
        ),
        "data-failed": N_(
            "Something went wrong, so this is not saved yet. What you typed is still here."
            " Try again in a minute."
        ),
    },
}


def attributes(what: str) -> Words:
    """The attributes for a ``password`` field, a count of ``characters`` or ``words``, or the ``status``."""
    locale = get_locale()
    if locale is None or locale.language == "en":
        return {}
    found = {name: gettext(sentence) for name, sentence in PLAIN[what].items()}
    for limit, one, many in COUNTED.get(what, ()):
        for category, sample in _samples(locale).items():
            # The script puts its count where %{count} stands.
            sentence = ngettext(one, many, sample, count="%{count}")
            found[f"data-i18n.{what}-{limit}-limit.{category}"] = sentence
    return found


def _samples(locale: Locale) -> dict[str, int]:
    """A number of each plural form of a language, by the name of the form."""
    found: dict[str, int] = {}
    for n in range(LARGEST_SAMPLE):
        found.setdefault(locale.plural_form(n), n)
    return {**found, "other": found.get("other", 0)}
