"""Abbeyford, a council that does not exist: what its sample consultation asks, and how people answer."""

from datetime import datetime
from typing import Any

SLUG = "abbeyford-high-street"
MAIL = "abbeyford.example"
AGREE = {"min": 1, "max": 5, "low": "strongly disagree", "high": "strongly agree", "favour_from": 4}

CONSULTATION: dict[str, Any] = {
    "format": 1,
    "slug": SLUG,
    "title": "The future of Abbeyford High Street",
    "summary": "Abbeyford, its High Street and everybody in this consultation are made up.",
    "source": "Made by `consult demo`. No real person answered.",
    "state": "closed",
    "plan": {"primary": ["pavements", "cars"], "delta": {"pavements": 0.25}},
    "stages": {
        # Civil time in the UK, as a bundle has it.
        "survey": {"opens": datetime(2026, 1, 5, 9), "closes": datetime(2026, 1, 26, 17)},  # noqa: DTZ001
        "forum": {"opens": datetime(2026, 2, 9, 9), "closes": datetime(2026, 3, 9, 17)},  # noqa: DTZ001
        "follow_up": {"opens": datetime(2026, 3, 16, 9), "closes": datetime(2026, 3, 30, 17)},  # noqa: DTZ001
    },
    "demographics": [
        {
            "key": "age_band",
            "question": "How old are you?",
            "options": [
                {"key": "16-34", "label": "16 to 34"},
                {"key": "35-64", "label": "35 to 64"},
                {"key": "65-plus", "label": "65 or over"},
            ],
        },
        {
            "key": "travel",
            "question": "How do you mostly get to the High Street?",
            "options": [
                {"key": "foot", "label": "On foot or by bike"},
                {"key": "bus", "label": "By bus"},
                {"key": "car", "label": "By car"},
            ],
        },
    ],
    "items": [
        {
            "key": "cars",
            "form": "scale",
            "stem": "The hours in which cars may drive along the High Street should be …",
            "scale": {"min": 1, "max": 5, "low": "cut a lot", "high": "made much longer", "favour_from": 4},
        },
        {
            "key": "pavements",
            "form": "scale",
            "stem": "The room for people on foot should be …",
            "scale": {"min": 1, "max": 5, "low": "cut a lot", "high": "made much bigger", "favour_from": 4},
        },
        {
            "key": "parking",
            "form": "scale",
            "stem": "The price of parking in the middle of town should be …",
            "scale": {"min": 1, "max": 5, "low": "cut a lot", "high": "put up a lot", "favour_from": 4},
        },
        {"key": "shops", "form": "agreement", "stem": "Shops would close if nobody could park outside."},
        {"key": "talk", "form": "agreement", "stem": "Traffic makes it hard to stop and talk."},
        {
            "key": "access",
            "form": "agreement",
            "stem": "Some people can only come if a car can bring them close.",
        },
        {"key": "buses", "form": "agreement", "stem": "Buses would be on time if there were fewer cars."},
        {
            "key": "school",
            "form": "agreement",
            "stem": "Children should be able to cross the High Street alone.",
        },
        {
            "key": "visit",
            "form": "choice",
            "stem": "I would come to the High Street more often if there were …",
            "other": True,
            "options": [
                {"key": "parking", "label": "more places to park"},
                {"key": "buses", "label": "more buses"},
                {"key": "seats", "label": "more trees and seats"},
                {"key": "shops", "label": "other kinds of shops"},
            ],
        },
        {
            "key": "plan",
            "form": "rank",
            "role": "preference",
            "stem": "My order of preference is …",
            "options": [
                {"key": "as-now", "label": "leave the street as it is"},
                {"key": "one-way", "label": "one lane for cars and wider pavements"},
                {"key": "day", "label": "no cars from 10am to 4pm"},
                {"key": "never", "label": "no cars at all, except for disabled people"},
            ],
        },
        {"key": "more", "form": "open", "stem": "On the High Street I would like to see more …"},
        {
            "key": "learnt",
            "form": "evaluation",
            "stem": "From what other people wrote I learnt …",
            "scale": {"min": 0, "max": 10, "low": "nothing useful", "high": "a lot that is useful"},
        },
    ],
}
for _item in CONSULTATION["items"]:
    if _item["form"] == "agreement":
        _item |= {"role": "consideration", "scale": AGREE}

# What leads people to more of each: how strongly the wish for a calmer street pulls, and how far the
# forum moves those who took part. Two do not move at all: a sample in which everything moves teaches
# the wrong thing.
PULL = {
    "cars": (-0.9, -0.35),
    "pavements": (0.9, 0.5),
    "parking": (0.5, 0.0),
    "shops": (-0.8, -0.3),
    "talk": (0.7, 0.2),
    "access": (-0.3, 0.45),
    "buses": (0.6, 0.3),
    "school": (0.5, 0.0),
}
CALM = {"as-now": -1.6, "one-way": 0.1, "day": 0.6, "never": 1.2}
CHANNELS = [
    ("library", "Poster in the library", "People who come to the library", "40.00"),
    ("letter", "Letter to one home in ten", "People who never answer surveys", "310.00"),
    ("market", "Stall on market day", "Shoppers", "85.00"),
    ("school", "Note in school bags", "Parents", ""),
]
THINGS = {
    "calm": [
        "benches",
        "trees",
        "places to sit in the shade",
        "room for prams",
        "zebra crossings",
        "quiet mornings",
    ],
    "cars": [
        "short-stay parking",
        "free parking after 4pm",
        "places to stop for ten minutes",
        "signs to the car park",
    ],
    "both": [
        "small shops",
        "public toilets",
        "market days",
        "bins that are emptied",
        "buses in the evening",
        "light",
    ],
}
REASONS = [
    "because my mother cannot walk far",
    "so that people stay longer",
    "like it was before the bypass",
    "and less noise",
    "near the post office",
    "for people who come from the villages",
    "",
    "",
    "",
]
# A thread: its key, its title, what the council presents back, what people say to it.
THREADS = [
    (
        "cars",
        "Cars on the High Street",
        "Many of you wrote about cars. Some need them close; some want them gone.",
        [
            "I drive my father to the chemist. He cannot walk from the car park.",
            "I had not thought of people who cannot walk far. Could they keep a way in?",
            "What about deliveries? They come at six in the morning now.",
            "Ten minutes to stop is enough for me. It does not have to be all day.",
            "I changed my mind a little: not all day, but from ten to four I could live with it.",
            "A street without cars is for people who live near it. I live six miles out.",
            "Then a bus every half hour would have to come first.",
            "Thank you, that is a fair point.",
        ],
    ),
    (
        "shops",
        "What shops need",
        "Some of you fear for the shops. Others say that a calmer street brings more people.",
        [
            "My shop sells more on market days, when there are no cars at all.",
            "Mine sells less. People come to me for heavy things.",
            "I still think that the shops will suffer. Has anybody counted?",
            "The bakery counted last summer: most people came on foot.",
            "In the winter nobody sits on a bench.",
            "I go to the retail park because I can park. I would rather not.",
            "Try it for six months and count again. I could agree to that.",
        ],
    ),
    (
        "without-a-car",
        "Getting there without a car",
        "Buses, walking with a stick, the way to school: what would have to change?",
        [
            "The evening bus is always late because of the queue at the bridge.",
            "I would walk if I could sit down half way.",
            "My children cross here alone, and I am afraid every time.",
            "The crossing by the church gives you eight seconds. My mother needs fifteen.",
            "I did not know that. It would cost almost nothing to change.",
            "I cycle, and I would rather have one clear lane than paint on the road.",
        ],
    ),
]
FACILITATOR = "What would have to be true for you to be content with the plan that you like least?"
