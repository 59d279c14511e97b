"""Rows of ``portal_week`` and ``portal_week_inbox``: in which weeks a member who agreed to that read something."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from mailboxes.readers import Token
from mailboxes.store.given import given
from sqlalchemy.dialects.postgresql import BYTEA, insert

from anon_data.store.consents import agreed

WEEKS_KEPT = 53

metadata = sa.MetaData()


def _table(name: str) -> sa.Table:
    return sa.Table(name, metadata, sa.Column("token", BYTEA, primary_key=True), sa.Column("week", sa.Date, primary_key=True))


portal_week = _table("portal_week")
inbox = _table("portal_week_inbox")

_given = given(*inbox.columns)
_FLAG = statement(
    insert(inbox)
    .from_select(
        ["token", "week"],
        sa.select(_given.c.token, _given.c.week)
        .where(agreed(_given.c.token, "portal-use"))
        .order_by(_given.c.token, _given.c.week),
    )
    .on_conflict_do_nothing(index_elements=[inbox.c.token, inbox.c.week])
)
_FORGET = tuple(
    statement(sa.delete(table).where(table.c.token == sa.bindparam("token", type_=BYTEA))) for table in (inbox, portal_week)
)

_THIS_WEEK = "date_trunc('week', to_timestamp(current_setting('seal.now')::bigint) AT TIME ZONE 'UTC')::date"
_AGREED = "EXISTS (SELECT FROM consenting c WHERE c.token = i.token AND c.purpose = 'portal-use')"

FOLD = (
    # Whoever withdrew while a flag was on its way has none.
    f"DELETE FROM portal_week_inbox i WHERE NOT {_AGREED}",  # noqa: S608  # our own words
    f"""
    INSERT INTO portal_week (token, week)
    SELECT token, week FROM portal_week_inbox WHERE week < {_THIS_WEEK} ORDER BY week, token
    ON CONFLICT DO NOTHING
    """,  # noqa: S608  # our own words
    f"DELETE FROM portal_week_inbox WHERE week < {_THIS_WEEK}",  # noqa: S608  # our own words
    f"DELETE FROM portal_week WHERE week < {_THIS_WEEK} - 7 * {WEEKS_KEPT}",  # noqa: S608  # our own words
)
"""Weeks that are over move into their table. The running week stays, and is rewritten by the seal of which this is a part."""


async def flag(tx: Transaction, read: Collection[tuple[bytes, date]]) -> None:
    """Flag these members' weeks, of those who agreed to it; a flag that is there stays as it is."""
    await _FLAG.execute(tx, token=[token for token, _ in read], week=[week for _, week in read])


async def forget(tx: Transaction, token: Token) -> None:
    """Delete a member's flags."""
    for delete in _FORGET:
        await delete.execute(tx, token=token)
