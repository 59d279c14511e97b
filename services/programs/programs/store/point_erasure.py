"""What stays of an erased member's points: sums that name nobody, so that the books still agree."""

import sqlalchemy as sa
from chassis.database import statement
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA

CLOSING = (
    statement(
        sa.text(
            """
            WITH gone AS (
                SELECT against, party, extract(year FROM day - interval '3 months')::integer AS fiscal_year, amount
                FROM point_entries WHERE token = ANY (:tokens)
            ), sums AS (
                SELECT against, party, fiscal_year, sum(amount) AS amount FROM gone GROUP BY against, party, fiscal_year
                UNION ALL
                SELECT 'erased', '', extract(year FROM current_date - interval '3 months')::integer, -sum(amount)
                FROM gone HAVING sum(amount) IS NOT NULL
            )
            INSERT INTO point_erased AS e (against, party, fiscal_year, amount)
            SELECT against, party, fiscal_year, amount FROM sums ORDER BY against, party, fiscal_year
            ON CONFLICT (against, party, fiscal_year) DO UPDATE SET amount = e.amount + excluded.amount
            """
        ).bindparams(sa.bindparam("tokens", type_=ARRAY(BYTEA)))
    ),
)
