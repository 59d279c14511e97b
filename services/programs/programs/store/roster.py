"""Rows of ``roster_row`` and ``unit_member``: who is in which unit since which day."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.messages.contests import RosterRow
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA

_since = sa.bindparam("since", type_=sa.Date)
_tokens = sa.bindparam("tokens", type_=ARRAY(BYTEA))

_PUT = statement(
    sa.text(
        """
        INSERT INTO roster_row (token, since, unit)
        SELECT token, :since, unit FROM unnest(:tokens, :units) AS given (token, unit)
        WHERE EXISTS (SELECT FROM mailbox WHERE mailbox.token = given.token)
        ORDER BY token
        ON CONFLICT (token, since) DO UPDATE SET unit = excluded.unit
        """
    ).bindparams(_since, _tokens, sa.bindparam("units", type_=ARRAY(BYTEA)))
)
_WAITING = statement(sa.text("SELECT count(*) FROM roster_row WHERE since = :since").bindparams(_since))
_TOO_SMALL = statement(
    sa.text(
        "SELECT count(*) FROM (SELECT FROM roster_row WHERE since = :since GROUP BY unit HAVING count(*) < :fewest) AS small"
    ).bindparams(_since, sa.bindparam("fewest", type_=sa.Integer))
)
_LATEST = statement(sa.text("SELECT max(since) FROM unit_member"))
_UNITS = statement(
    sa.text("INSERT INTO team (id) SELECT DISTINCT unit FROM roster_row WHERE since = :since ON CONFLICT DO NOTHING").bindparams(
        _since
    )
)
_COUNT_UNITS = statement(sa.text("SELECT count(DISTINCT unit) FROM roster_row WHERE since = :since").bindparams(_since))
# What changes is written, nothing else: whoever stays in a unit keeps the day on which it began. Their days that are counted
# already are counted anew.
_COMMIT = statement(
    sa.text(
        """
        WITH present AS (
            SELECT DISTINCT ON (token) token, unit FROM unit_member WHERE since <= :since ORDER BY token, since DESC
        ), moved AS (
            INSERT INTO unit_member (token, since, unit)
            SELECT coalesce(given.token, present.token), :since, given.unit
            FROM (SELECT token, unit FROM roster_row WHERE since = :since) AS given
            FULL JOIN present ON present.token = given.token
            WHERE given.unit IS DISTINCT FROM present.unit
            ORDER BY 1
            ON CONFLICT (token, since) DO UPDATE SET unit = excluded.unit
            RETURNING token
        ), again AS (
            INSERT INTO step_change (token, day, mark)
            SELECT moved.token, walked.day, uuid_send(gen_random_uuid())
            FROM moved JOIN LATERAL (
                SELECT day FROM step_day WHERE step_day.token = moved.token AND day >= :since
                UNION SELECT day FROM step_day_inbox WHERE step_day_inbox.token = moved.token AND day >= :since
            ) AS walked ON true
            WHERE EXISTS (SELECT FROM entry WHERE entry.token = moved.token)
        )
        SELECT count(*) FROM moved
        """
    ).bindparams(_since)
)
_FORGET = statement(sa.text("DELETE FROM roster_row WHERE since <= :since").bindparams(_since))


async def put(tx: Transaction, since: date, rows: Sequence[RosterRow]) -> None:
    """Let rows wait for the commit of their day; those whose mailbox is not open are passed over."""
    await _PUT.execute(tx, since=since, tokens=[row.token for row in rows], units=[row.unit for row in rows])


async def forget(tx: Transaction, since: date) -> None:
    """Forget the rows that wait for a day, and for any day before it."""
    await _FORGET.execute(tx, since=since)


async def waiting(tx: Transaction, since: date) -> int:
    """Return how many rows wait."""
    count: int = await _WAITING.scalar(tx, since=since)
    return count


async def too_small(tx: Transaction, since: date, fewest: int) -> int:
    """Return how many units of the roster that waits have fewer members."""
    count: int = await _TOO_SMALL.scalar(tx, since=since, fewest=fewest)
    return count


async def latest(tx: Transaction) -> date | None:
    """Return the day of the newest roster."""
    found: date | None = await _LATEST.scalar(tx)
    return found


async def commit(tx: Transaction, since: date) -> tuple[int, int]:
    """Put everybody where the waiting rows say, and return how many units there are and how many members moved."""
    await _UNITS.execute(tx, since=since)
    units: int = await _COUNT_UNITS.scalar(tx, since=since)
    moved: int = await _COMMIT.scalar(tx, since=since)
    await forget(tx, since)
    return units, moved
