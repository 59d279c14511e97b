"""What a member has, and the sums of all by which the books are checked."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from sqlalchemy.dialects.postgresql import BYTEA

_token = sa.bindparam("token", type_=BYTEA)
_BALANCE = statement(sa.text("SELECT posted, held FROM point_balance WHERE token = :token").bindparams(_token))
_LOTS = statement(
    sa.text(
        """
        SELECT lot.expires, sum(lot.remaining)::integer AS points FROM (
            SELECT e.expires, e.amount - coalesce(
                (SELECT sum(u.amount) FROM point_uses u WHERE u.token = e.token AND u.lot = e.id), 0
            ) AS remaining FROM point_entries e WHERE e.token = :token AND e.expires IS NOT NULL
        ) lot WHERE lot.remaining > 0 GROUP BY lot.expires ORDER BY lot.expires
        """
    ).bindparams(_token)
)
_ENTRIES = statement(
    sa.text(
        """
        SELECT amount, against, party, day, expires, reverses IS NOT NULL AS refund FROM point_entries
        WHERE token = :token ORDER BY day DESC, amount DESC, id LIMIT :most
        """
    ).bindparams(_token, sa.bindparam("most", type_=sa.Integer))
)
_SUMS = statement(
    sa.text(
        """
        SELECT (SELECT coalesce(sum(amount), 0) FROM ledger_posting)::bigint AS postings,
               (SELECT coalesce(sum(amount), 0) FROM point_entries)::bigint AS entries,
               (SELECT coalesce(sum(posted), 0) FROM point_balance)::bigint AS balances,
               (SELECT coalesce(sum(amount), 0) FROM point_entries WHERE expires IS NOT NULL)::bigint
                   - (SELECT coalesce(sum(amount), 0) FROM point_uses)::bigint AS lots,
               (SELECT coalesce(sum(held), 0) FROM point_balance)::bigint AS held,
               (SELECT coalesce(sum(amount), 0) FROM point_hold)::bigint AS holds,
               (SELECT coalesce(sum(amount), 0) FROM point_hold_part)::bigint AS parts
        """
    )
)
_SIDES = statement(
    sa.text(
        """
        SELECT fiscal_year, side, party, sum(amount)::bigint AS amount
        FROM ledger_posting GROUP BY fiscal_year, side, party ORDER BY fiscal_year, side, party
        """
    )
)


@dataclass(frozen=True)
class Balance:
    """Points of one member."""

    posted: int
    held: int

    @property
    def free(self) -> int:
        """Points that may be spent."""
        return self.posted - self.held


@dataclass(frozen=True)
class Sums:
    """Sums over all members. ``postings`` is nothing; entries, balances and lots agree; so do held, holds and parts."""

    postings: int
    entries: int
    balances: int
    lots: int
    held: int
    holds: int
    parts: int

    @property
    def agree(self) -> bool:
        """Whether the books are right."""
        return self.postings == 0 and self.entries == self.balances == self.lots and self.held == self.holds == self.parts


@dataclass(frozen=True)
class Side:
    """What one side of the books came to with one party in a fiscal year."""

    fiscal_year: int
    side: str
    party: str
    amount: int


async def balance(tx: Transaction, token: bytes) -> Balance:
    """Return what a member has; nothing where they never had any."""
    row = await _BALANCE.one_or_none(tx, token=token)
    return Balance(0, 0) if row is None else Balance(row["posted"], row["held"])


async def lots(tx: Transaction, token: bytes) -> list[tuple[date, int]]:
    """Return last days and points left until then, what is held included, the earliest first."""
    return [(row["expires"], row["points"]) for row in await _LOTS.all(tx, token=token)]


async def entries(tx: Transaction, token: bytes, most: int) -> list[Record]:
    """Return a member's newest entries: amount, against, party, day, expires, refund."""
    return await _ENTRIES.all(tx, token=token, most=most)


async def sums(tx: Transaction) -> Sums:
    """Return the sums of the books, all of one moment."""
    row = await _SUMS.one(tx)
    return Sums(**dict(row))


async def sides(tx: Transaction) -> list[Side]:
    """Return every side of the books by fiscal year and party."""
    return [Side(row["fiscal_year"], row["side"], row["party"], row["amount"]) for row in await _SIDES.all(tx)]
