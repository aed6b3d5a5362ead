"""Millions of rows of whole numbers out of the database, as arrays."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute

from consult.db import db

Ids = NDArray[np.int64]
PEOPLE_AT_ONCE = 5000


def number_rows(
    ids: Ids,
    whose: InstrumentedAttribute[int],
    columns: Sequence[ColumnElement[Any] | InstrumentedAttribute[Any]],
    *conditions: ColumnElement[bool],
) -> Iterator[Ids]:
    """Rows of (``whose``, *``columns``), some thousand people at a time, in no order.

    Parameters
    ----------
    ids : int64 array, shape (n_people,)
        Whose rows: ids of participants, in any order.
    whose : column
        The participant's id; it should have an index.
    columns : sequence of columns
        Whole numbers, never null.
    conditions : conditions that hold for every row

    Yields
    ------
    int64 array, shape (n_rows, 1 + n_columns)

    Notes
    -----
    The database hands over one text a column. As Python objects, four million rows took many times
    as long as everything that is computed from them, and so did one text with the columns joined
    in SQL. All aggregates of a statement see the rows in one and the same order, whichever it is.
    Going by people touches the pages of a table in the order in which most of it was written;
    going by item touched all of it for every item.
    """
    texts = [func.aggregate_strings(cast(column, String), ",") for column in (whose, *columns)]
    ordered = np.sort(ids)
    for start in range(0, len(ordered), PEOPLE_AT_ONCE):
        batch = ordered[start : start + PEOPLE_AT_ONCE]
        found = db.session.execute(
            select(*texts).where(whose.between(int(batch[0]), int(batch[-1])), *conditions)
        ).one()
        if found[0]:
            yield np.column_stack([np.fromstring(text, dtype=np.int64, sep=",") for text in found])
