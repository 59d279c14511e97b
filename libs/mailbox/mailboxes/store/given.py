"""Rows given to a statement as one array a column: one round trip and one plan for any number of rows."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.selectable import TableValuedAlias


def given(*columns: "sa.Column[Any]") -> TableValuedAlias:
    """Return ``unnest`` of one array parameter a column, each named as its column."""
    names = [column.name for column in columns]
    arrays = (sa.bindparam(column.name, type_=ARRAY(column.type)) for column in columns)
    return sa.func.unnest(*arrays).table_valued(*names).render_derived("given")
