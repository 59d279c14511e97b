"""What stays of an erased member: sums of points that name nobody, so that the books still agree, and the units they ordered."""

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
    # What nobody has accepted yet can be ordered by others.
    statement(
        sa.text(
            """
            WITH open AS (
                SELECT line.product, sum(line.units)::integer AS units
                FROM exchange_order o CROSS JOIN unnest(o.products, o.units) AS line (product, units)
                WHERE o.token = ANY (:tokens) AND o.state IN ('reserved', 'placed') GROUP BY line.product
            )
            UPDATE product_stock s SET available = s.available + open.units, taken = s.taken - open.units
            FROM open WHERE open.product = s.product
            """
        ).bindparams(sa.bindparam("tokens", type_=ARRAY(BYTEA)))
    ),
    # Nobody is told any more of what is not there.
    statement(
        sa.text(
            "DELETE FROM order_notice n USING exchange_orders o WHERE o.id = n.order_id AND o.token = ANY (:tokens)"
        ).bindparams(sa.bindparam("tokens", type_=ARRAY(BYTEA)))
    ),
)
