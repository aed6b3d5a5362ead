"""Abbeyford, a council that does not exist, and its four consultations: one in each stage, one closed.

The words stand in files beside this one: ``NAME.toml`` says what a consultation asks and how people
lean, ``NAME.forum.txt`` what is said in its forum, ``town.toml`` what all of them share. The modules
make people, answers and conversations of them, by chance from a seed and as a bundle, so that the
sample gets in the way that real data does. The same day makes the same bytes; another day moves the
dates and nothing else.
"""
