"""Coding: the codebook, one text at a time, deciding between coders, agreement, a table."""

STAFF = {
    "analyst.coding.home": "/analyst/{summarising}/coding/",
    "analyst.coding.home while open": "/analyst/{survey}/coding/",
    "analyst.coding.home closed": "/analyst/{closed}/coding/",
    "analyst.coding.codebook": "/analyst/{summarising}/coding/words/codebook",
    "analyst.coding.codebook fixed": "/analyst/{forum}/coding/words/codebook",
    "analyst.coding.add_theme": "/analyst/{summarising}/coding/words/codebook/new",
    "analyst.coding.change_theme": "/analyst/{summarising}/coding/words/codebook/themes/{theme}",
    "analyst.coding.version": "/analyst/{summarising}/coding/words/codebook/1",
    "analyst.coding.start": "/analyst/{summarising}/coding/where/start",
    "analyst.coding.agreement": "/analyst/{summarising}/coding/where/agreement",
    "analyst.texts.read": "/analyst/{summarising}/coding/words/read",
    "analyst.texts.decide": "/analyst/{summarising}/coding/words/decide",
    "analyst.texts.columns": "/analyst/{summarising}/coding/words/file",
}
