"""Rows given to a statement as one array a column: one round trip and one plan for any number of rows."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa


def unnested(columns: Mapping[str, Any]) -> sa.TableValuedAlias:
    """Return the rows of parameters that are arrays, by column name."""
    named = [sa.column(name, parameter.type.item_type) for name, parameter in columns.items()]
    return sa.func.unnest(*columns.values()).table_valued(*named).render_derived()
