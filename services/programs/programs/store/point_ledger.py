"""The ledger of points: issue, hold, capture, void, refund, expire.

Whatever changes what a member has takes the row of their balance first, and reads lots in a later statement: only that one sees
what another transaction has just done. Integer points; days are UTC's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from chassis.database import Statement, Transaction, statement
from protocol.encoding import lp, sha256
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA

TYPES: "dict[str, sa.types.TypeEngine[Any]]" = {
    "against": sa.Text(),
    "amount": sa.Integer(),
    "amounts": ARRAY(sa.Integer),
    "day": sa.Date(),
    "expires": sa.Date(),
    "extend": sa.Boolean(),
    "from": sa.Date(),
    "hold": BYTEA(),
    "id": BYTEA(),
    "ids": ARRAY(BYTEA),
    "late": BYTEA(),
    "limit": sa.Integer(),
    "lots": ARRAY(BYTEA),
    "party": sa.Text(),
    "today": sa.Date(),
    "token": BYTEA(),
    "tokens": ARRAY(BYTEA),
    "until": sa.Date(),
}
EXPIRY_DAYS_BACK = 90
"""How long after its last day a lot is looked at: points that were held over that day expire when the hold lets them go."""


def _sql(text: str) -> Statement:
    # A text knows the names of its parameters, not their types; a cast (::) is none.
    names = sorted(set(re.findall(r"(?<!:):(\w+)", text)))
    return statement(sa.text(text).bindparams(*(sa.bindparam(name, type_=TYPES[name]) for name in names)))


_LEFT = """
    e.amount - coalesce((SELECT sum(u.amount) FROM point_uses u WHERE u.token = e.token AND u.lot = e.id), 0)::integer
    - coalesce((SELECT sum(p.amount) FROM point_hold_part p WHERE p.token = e.token AND p.lot = e.id), 0)::integer
"""
_ISSUE = _sql(
    """
    WITH made AS (
        INSERT INTO point_entry (token, id, amount, against, party, day, expires)
        SELECT given.token, :id, given.amount, 'issued', :party, :day, :expires
        FROM unnest(:tokens, :amounts) AS given (token, amount) ORDER BY given.token
        ON CONFLICT (token, id) DO NOTHING RETURNING token, amount
    ), changed AS (
        INSERT INTO point_balance AS b (token, posted, held) SELECT token, amount, 0 FROM made ORDER BY token
        ON CONFLICT (token) DO UPDATE SET posted = b.posted + excluded.posted
    )
    SELECT count(*)::integer AS members, coalesce(sum(amount), 0)::bigint AS points FROM made
    """
)
_GIVE = _sql(
    """
    WITH entered AS (
        INSERT INTO point_entry_inbox (token, id, amount, against, party, day, expires)
        VALUES (:token, :id, :amount, 'issued', :party, :day, :expires)
    )
    INSERT INTO point_balance AS b (token, posted, held) VALUES (:token, :amount, 0)
    ON CONFLICT (token) DO UPDATE SET posted = b.posted + excluded.posted
    """
)
_TAKE = _sql("UPDATE point_balance SET held = held + :amount WHERE token = :token AND posted - held >= :amount")
_HOLD = _sql(
    f"""
    WITH open AS (
        SELECT e.id AS lot, e.expires, {_LEFT} AS remaining FROM point_entries e WHERE e.token = :token AND e.expires >= :today
    ), queue AS (
        SELECT lot, remaining, sum(remaining) OVER (ORDER BY expires, lot) - remaining AS before FROM open WHERE remaining > 0
    ), held AS (
        INSERT INTO point_hold (token, id, amount, until) VALUES (:token, :hold, :amount, :until)
    ), parts AS (
        INSERT INTO point_hold_part (token, hold, lot, amount)
        SELECT :token, :hold, lot, least(remaining, :amount - before) FROM queue WHERE before < :amount RETURNING amount
    )
    SELECT coalesce(sum(amount), 0)::integer FROM parts
    """  # noqa: S608  # our own words
)
_LOCK = _sql("SELECT token FROM point_balance WHERE token = :token FOR UPDATE")
_LOCK_ALL = _sql("SELECT token FROM point_balance WHERE token = ANY (:tokens) ORDER BY token FOR UPDATE")
_PROLONG = _sql("UPDATE point_hold SET until = :until WHERE token = :token AND id = :hold AND until >= :today")
_CAPTURE = _sql(
    """
    WITH ended AS (
        DELETE FROM point_hold WHERE token = :token AND id = :hold AND until >= :today RETURNING amount
    ), parts AS (
        DELETE FROM point_hold_part WHERE token = :token AND hold = :hold AND EXISTS (SELECT FROM ended) RETURNING lot, amount
    ), used AS (
        INSERT INTO point_use_inbox (token, lot, cause, amount) SELECT :token, lot, :hold, amount FROM parts
    ), entered AS (
        INSERT INTO point_entry_inbox (token, id, amount, against, party, day)
        SELECT :token, :hold, -amount, :against, :party, :today FROM ended
    )
    UPDATE point_balance b SET posted = b.posted - ended.amount, held = b.held - ended.amount FROM ended WHERE b.token = :token
    """
)
_VOID = _sql(
    """
    WITH ended AS (
        DELETE FROM point_hold WHERE token = :token AND id = :hold RETURNING amount
    ), parts AS (
        DELETE FROM point_hold_part WHERE token = :token AND hold = :hold
    )
    UPDATE point_balance b SET held = b.held - ended.amount FROM ended WHERE b.token = :token
    """
)
_REFUND = _sql(
    """
    WITH original AS (
        SELECT -e.amount AS amount, e.party FROM point_entries e
        WHERE e.token = :token AND e.id = :hold AND e.against = 'redeemed' AND e.amount < 0
          AND NOT EXISTS (SELECT FROM point_entries r WHERE r.token = :token AND r.reverses = :hold)
    ), taken AS (
        SELECT u.lot, u.amount, e.expires < :today AND :extend AS late
        FROM original, point_uses u JOIN point_entries e ON e.token = u.token AND e.id = u.lot
        WHERE u.token = :token AND u.cause = :hold
    ), used AS (
        INSERT INTO point_use_inbox (token, lot, cause, amount) SELECT :token, lot, :id, -amount FROM taken WHERE NOT late
    ), entered AS (
        INSERT INTO point_entry_inbox (token, id, amount, against, party, day, expires, reverses)
        SELECT :token, CASE WHEN late THEN :late ELSE :id END, sum(taken.amount)::integer, 'redeemed', min(original.party), :today,
               CASE WHEN late THEN :until END, :hold
        FROM taken, original GROUP BY late
    )
    UPDATE point_balance b SET posted = b.posted + original.amount FROM original WHERE b.token = :token
    """
)
_EXPIRING = _sql(
    f"""
    SELECT DISTINCT e.token FROM point_entries e
    WHERE e.expires < :today AND e.expires >= :from AND {_LEFT} > 0 ORDER BY e.token LIMIT :limit
    """  # noqa: S608  # our own words
)
_EXPIRED = _sql(
    f"""
    SELECT e.token, e.id, {_LEFT} AS remaining,
           (SELECT count(*) FROM point_uses u WHERE u.token = e.token AND u.lot = e.id)::integer AS uses
    FROM point_entries e
    WHERE e.token = ANY (:tokens) AND e.expires < :today AND e.expires >= :from AND {_LEFT} > 0 ORDER BY e.token, e.id
    """  # noqa: S608  # our own words
)
# Rows are given as arrays: planned as one statement with the look-up above, a hundred thousand lots took longer than ten minutes.
_EXPIRE = _sql(
    """
    WITH given AS (
        SELECT token, id, lot, amount FROM unnest(:tokens, :ids, :lots, :amounts) AS given (token, id, lot, amount)
    ), used AS (
        INSERT INTO point_use (token, lot, cause, amount) SELECT token, lot, id, amount FROM given
    ), entered AS (
        INSERT INTO point_entry (token, id, amount, against, party, day) SELECT token, id, -amount, 'expired', '', :day FROM given
    ), sums AS (
        SELECT token, sum(amount)::integer AS amount FROM given GROUP BY token
    )
    UPDATE point_balance b SET posted = b.posted - sums.amount FROM sums WHERE b.token = sums.token
    """
)


@dataclass(frozen=True)
class Issued:
    """How many members got points, and how many points in all."""

    members: int
    points: int


async def issue(tx: Transaction, run: bytes, party: str, day: date, expires: date, awards: Sequence[tuple[bytes, int]]) -> Issued:
    """Give points to whoever has none of this run yet; ``awards`` are token and points, sorted by token."""
    row = await _ISSUE.one(
        tx,
        id=run,
        party=party,
        day=day,
        expires=expires,
        tokens=[token for token, _ in awards],
        amounts=[amount for _, amount in awards],
    )
    return Issued(row["members"], row["points"])


async def give(tx: Transaction, token: bytes, name: bytes, party: str, amount: int, day: date, expires: date) -> None:
    """Give points to one member, whose day's transfers wait in the inbox."""
    await _GIVE.execute(tx, token=token, id=name, party=party, amount=amount, day=day, expires=expires)


async def take(tx: Transaction, token: bytes, name: bytes, party: str, amount: int, today: date) -> bool:
    """Take points back to where they were issued, those first that expire first; False where they do not suffice: give up."""
    if not await hold(tx, token, name, amount, today, today):
        return False
    return await _CAPTURE.execute(tx, token=token, hold=name, against="issued", party=party, today=today) == 1


async def hold(tx: Transaction, token: bytes, name: bytes, amount: int, today: date, until: date) -> bool:
    """Hold points, of those lots first that expire first; False, where they do not suffice: the transaction must be given up."""
    if not await _TAKE.execute(tx, token=token, amount=amount):
        return False
    taken = await _HOLD.scalar(tx, token=token, hold=name, amount=amount, today=today, until=until)
    return bool(taken == amount)


async def prolong(tx: Transaction, token: bytes, name: bytes, today: date, until: date) -> bool:
    """Let a hold that is not over last until another day; False where there is none."""
    return await _PROLONG.execute(tx, token=token, hold=name, today=today, until=until) == 1


async def lock(tx: Transaction, token: bytes) -> None:
    """Keep whatever else changes what a member has waiting until the transaction ends."""
    await _LOCK.all(tx, token=token)


async def capture(tx: Transaction, token: bytes, name: bytes, party: str, today: date) -> bool:
    """Redeem what is held with a supplier; False where there is no hold that is not over. The entry has the hold's name."""
    await _LOCK.all(tx, token=token)
    return await _CAPTURE.execute(tx, token=token, hold=name, against="redeemed", party=party, today=today) == 1


async def void(tx: Transaction, token: bytes, name: bytes) -> bool:
    """Let go of what is held; False where there is no such hold."""
    await _LOCK.all(tx, token=token)
    return await _VOID.execute(tx, token=token, hold=name) == 1


async def refund(tx: Transaction, token: bytes, name: bytes, today: date, renewed: date | None = None) -> bool:
    """Give back what was captured from a hold, once and to the lots it came from; False where there is nothing to give back.

    Points of lots that are over expire with the next run, unless ``renewed`` names the last day of a lot that they get anew.
    """
    await _LOCK.all(tx, token=token)
    made, late = _follows("refund", name), _follows("late-refund", name)
    return (
        await _REFUND.execute(
            tx, token=token, hold=name, id=made, late=late, today=today, extend=renewed is not None, until=renewed or today
        )
        == 1
    )


async def expire(tx: Transaction, today: date, most: int) -> int:
    """End lots whose last day is over, of so many members at most, and return how many members lost points."""
    first = date.fromordinal(today.toordinal() - EXPIRY_DAYS_BACK)
    found = [row["token"] for row in await _EXPIRING.all(tx, **{"from": first}, today=today, limit=most)]
    if not found:
        return 0
    await _LOCK_ALL.all(tx, tokens=found)
    rows = await _EXPIRED.all(tx, **{"from": first}, today=today, tokens=found)
    await _EXPIRE.execute(
        tx,
        day=today,
        tokens=[row["token"] for row in rows],
        # A lot expires again when a hold or a refund brings points back, perhaps on the same day; its uses only become more.
        ids=[_follows("expiry", row["id"], row["uses"]) for row in rows],
        lots=[row["id"] for row in rows],
        amounts=[row["remaining"] for row in rows],
    )
    return len(found)


def _follows(what: str, *fields: bytes | int) -> bytes:
    return sha256(lp(f"points-{what}", *fields))[:16]
