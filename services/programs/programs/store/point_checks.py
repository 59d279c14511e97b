"""Orders held against the ledger, and the books by month."""

from dataclasses import dataclass

import sqlalchemy as sa
from chassis.database import Transaction, statement

# What each order, by where it stands, must have in the ledger: points held, paid and given back.
_ORDERS = statement(
    sa.text(
        """
        WITH paid AS (
            SELECT token, id, -amount AS points FROM point_entries WHERE against = 'redeemed' AND amount < 0
        ), back AS (
            SELECT token, reverses AS id, sum(amount)::integer AS points FROM point_entries
            WHERE reverses IS NOT NULL GROUP BY token, reverses
        ), known AS (
            SELECT o.state, o.points, coalesce(h.amount, 0) AS held,
                   coalesce(paid.points, 0) AS paid, coalesce(back.points, 0) AS back
            FROM exchange_orders o FULL JOIN point_hold h USING (token, id) FULL JOIN paid USING (token, id)
            FULL JOIN back USING (token, id)
        )
        SELECT coalesce(sum(points) FILTER (WHERE state IN ('reserved', 'placed')), 0)::bigint AS waiting,
               coalesce(sum(points) FILTER (WHERE state IN ('accepted', 'shipped', 'delivered')), 0)::bigint AS bought,
               coalesce(sum(held), 0)::bigint AS held,
               coalesce(sum(paid - back), 0)::bigint AS redeemed,
               count(*) FILTER (WHERE NOT CASE
                   WHEN state IS NULL THEN false
                   WHEN state IN ('reserved', 'placed') THEN (held, paid, back) = (points, 0, 0)
                   WHEN state IN ('accepted', 'shipped', 'delivered') THEN (held, paid, back) = (0, points, 0)
                   WHEN state = 'returned' THEN (held, paid, back) = (0, points, points)
                   WHEN state = 'rejected' THEN held = 0 AND paid = back AND paid IN (0, points)
                   ELSE (held, paid, back) = (0, 0, 0)
               END)::bigint AS unmatched
        FROM known
        """
    )
)
_MONTHS = statement(
    sa.text(
        """
        SELECT coalesce(to_char(day, 'YYYY-MM'), '') AS month, fiscal_year, side, party,
               coalesce(sum(amount) FILTER (WHERE amount > 0), 0)::bigint AS credit,
               coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)::bigint AS debit
        FROM ledger_posting GROUP BY 1, 2, 3, 4 ORDER BY 2, 1, 3, 4
        """
    )
)


@dataclass(frozen=True)
class OrdersChecked:
    """Four sums of points, of which two and two agree, and how many orders or transfers have no counterpart: none."""

    waiting: int
    """Of orders that wait; as much as is held."""
    held: int
    bought: int
    """Of orders that were accepted and stand; as much as is redeemed and not given back."""
    redeemed: int
    unmatched: int

    @property
    def agree(self) -> bool:
        """Whether every hold and every redemption has exactly one order, and the reverse."""
        return self.waiting == self.held and self.bought == self.redeemed and self.unmatched == 0


@dataclass(frozen=True)
class Month:
    """What one account came to in a month; what is left of erased members is told by fiscal year alone."""

    month: str
    fiscal_year: int
    side: str
    party: str
    debit: int
    credit: int


async def orders(tx: Transaction) -> OrdersChecked:
    """Hold every order against the ledger."""
    return OrdersChecked(**dict(await _ORDERS.one(tx)))


async def months(tx: Transaction) -> list[Month]:
    """Return every account by month."""
    return [Month(**dict(row)) for row in await _MONTHS.all(tx)]
