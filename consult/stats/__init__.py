"""The method: what is computed from answers, and nothing else.

Pure functions of plain arrays and counts. No database, no Flask, no clock and no import from the rest
of ``consult``; every refusal is a named exception of :mod:`consult.stats.refusals`, and what cannot be
computed is ``None``.

Nothing is re-exported here, so that a page which only lists consultations never pays for SciPy:
import the module you need.

Decision: one table of before by after answers (:class:`consult.stats.pairs.Paired`) is the statistic that
every paired method takes. A five-point item of 100,000 people is then 25 counts, all methods see exactly
the same people, and sums over whole points are exact. The cost is that scores with more than a thousand
distinct values are refused; what would change it is an instrument that measures on a continuum.
"""
