"""The officer's pages about items: in a draft and after publishing."""

STAFF = {
    "officer.surveys.items": "/officer/{draft}/items",
    "officer.surveys.items fixed": "/officer/{survey}/items",
    "officer.surveys.add": "/officer/{draft}/items/new",
    "officer.surveys.add scale": "/officer/{draft}/items/new?form=scale",
    "officer.surveys.add knowledge": "/officer/{draft}/items/new?form=knowledge",
    "officer.surveys.edit": "/officer/{draft}/items/where",
    "officer.surveys.edit scale": "/officer/{draft}/items/depth",
    "officer.surveys.edit fixed": "/officer/{survey}/items/hours",
    "officer.surveys.sentences": "/officer/{draft}/items/agree/sentences",
    "officer.surveys.preview": "/officer/{draft}/items/hours/preview",
    "officer.surveys.preview ranking": "/officer/{draft}/items/policy/preview",
    "officer.surveys.preview open": "/officer/{draft}/items/words/preview",
    "moderator.surveys.preview": "/moderator/{draft}/questions/",
    "moderator.surveys.preview later": "/moderator/{survey}/questions/2",
    "officer.surveys.remove": "/officer/{draft}/items/hours/remove",
    "officer.surveys.correct": "/officer/{survey}/items/hours/correct",
}
