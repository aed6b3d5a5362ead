"""Whether a text suggests that whoever wrote it is in danger: suicide, self-harm, violence at home.

Such a text is never held back. The person is shown where help is to be had, and the record says that
somebody may need it, without a word of theirs. The list is short and errs on the side of showing help
once too often; it looks at phrases and never at single words that a licensing debate is full of.
"""

import re

RELATIVE = "husband|wife|partner|boyfriend|girlfriend|ex|dad|father|mum|mother|son|brother|carer"
WHO = rf"(?:he|she|they|my (?:{RELATIVE}))"
TIRED = "live|be here|be alive|go on|wake up"
PHRASES = (
    r"(?:kill|killing|end|ending|harm|harming|hurt|hurting|cut|cutting|hang|hanging) (?:my ?self)",
    r"(?:end|ending|take|taking) my (?:own )?life",
    r"end(?:ing)? it all",
    r"suicid\w*",
    r"self[ -]?harm\w*",
    r"(?:want|wanted|wish|like|ready|rather) (?:to )?(?:die|be dead)",
    r"wanna die",
    r"wish i (?:was|were) dead",
    r"better off (?:dead|without me)",
    r"(?:no|not any) (?:reason|point) (?:to|in) (?:live|living|going on)",
    rf"(?:do not|dont|can not|cannot|cant) (?:want to )?(?:{TIRED})(?: like this)? any ?more",
    rf"{WHO} (?:hit|hits|beat|beats|hurt|hurts|strangled|strangles|raped|rapes)(?: \w+)? me",
    rf"{WHO} (?:is |are |was |were )?(?:hitting|beating|hurting|abusing|raping|going to kill) me",
    r"i (?:am|was|have been|ve been) (?:being )?(?:raped|abused|beaten up|trafficked)",
    r"(?:not safe|unsafe|afraid|scared|frightened) (?:at home|to go home)",
    rf"(?:afraid|scared|frightened) of my (?:{RELATIVE})",
    r"lladd fy hun",
    r"hunan-?laddiad",
)
SUGGESTS = re.compile(r"\b(?:" + "|".join(PHRASES) + r")\b")
APOSTROPHES = re.compile(r"['\u2018\u2019`\u02bc]")
BETWEEN = re.compile(r"[^\w-]+")


def suggests_danger(text: str) -> bool:
    """Whether help should be shown to whoever wrote this."""
    plain = BETWEEN.sub(" ", APOSTROPHES.sub("", text.casefold()))
    return SUGGESTS.search(plain) is not None
