"""Rows of ``step_change``: days of members whose count has to be made anew."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import BYTEA

_ALL_DAYS = statement(
    sa.text(
        """
        INSERT INTO step_change (token, day, mark)
        SELECT :token, walked.day, uuid_send(gen_random_uuid())
        FROM (
            SELECT day FROM step_day WHERE token = :token UNION SELECT day FROM step_day_inbox WHERE token = :token
        ) AS walked
        WHERE EXISTS (
            SELECT FROM entry JOIN contest ON contest.id = entry.contest
            WHERE entry.token = :token AND walked.day BETWEEN contest.first AND contest.last AND NOT contest.frozen
        )
        """
    ).bindparams(sa.bindparam("token", type_=BYTEA))
)
_TAKE = statement(
    sa.text(
        """
        DELETE FROM step_change WHERE ctid = ANY (ARRAY(SELECT ctid FROM step_change LIMIT :most))
        RETURNING token, day
        """
    ).bindparams(sa.bindparam("most", type_=sa.Integer))
)


async def all_days(tx: Transaction, token: bytes) -> None:
    """Let everything of a member be counted anew."""
    await _ALL_DAYS.execute(tx, token=token)


async def take(tx: Transaction, most: int) -> Sequence[tuple[bytes, date]]:
    """Take changes out of the queue, each day of a member once, by token."""
    return sorted({(row["token"], row["day"]) for row in await _TAKE.all(tx, most=most)})
