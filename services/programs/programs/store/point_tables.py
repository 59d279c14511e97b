"""The tables of points. Their meaning is in ``migrations``."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA

metadata = sa.MetaData()


def _entries(name: str) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        sa.Column("token", BYTEA, primary_key=True),
        sa.Column("id", BYTEA, primary_key=True),
        sa.Column("amount", sa.Integer, nullable=False),
        sa.Column("against", sa.Text, nullable=False),
        sa.Column("party", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("expires", sa.Date),
        sa.Column("reverses", BYTEA),
    )


def _uses(name: str) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        sa.Column("token", BYTEA, primary_key=True),
        sa.Column("lot", BYTEA, primary_key=True),
        sa.Column("cause", BYTEA, primary_key=True),
        sa.Column("amount", sa.Integer, nullable=False),
    )


balance = sa.Table(
    "point_balance",
    metadata,
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("posted", sa.Integer, nullable=False),
    sa.Column("held", sa.Integer, nullable=False),
)
entry, entry_inbox = _entries("point_entry"), _entries("point_entry_inbox")
use, use_inbox = _uses("point_use"), _uses("point_use_inbox")
hold = sa.Table(
    "point_hold",
    metadata,
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("id", BYTEA, primary_key=True),
    sa.Column("amount", sa.Integer, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
)
hold_part = sa.Table(
    "point_hold_part",
    metadata,
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("hold", BYTEA, primary_key=True),
    sa.Column("lot", BYTEA, primary_key=True),
    sa.Column("amount", sa.Integer, nullable=False),
)
request = sa.Table(
    "point_request",
    metadata,
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("key", BYTEA, primary_key=True),
    sa.Column("fingerprint", BYTEA, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
)
erased = sa.Table(
    "point_erased",
    metadata,
    sa.Column("against", sa.Text, primary_key=True),
    sa.Column("party", sa.Text, primary_key=True),
    sa.Column("fiscal_year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
)
case = sa.Table(
    "point_case",
    metadata,
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("id", BYTEA, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
)
correction = sa.Table(
    "point_correction",
    metadata,
    sa.Column("id", BYTEA, primary_key=True),
    sa.Column("about", BYTEA, nullable=False),
    sa.Column("amount", sa.Integer, nullable=False),
    sa.Column("lasts_days", sa.SmallInteger, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("proposed_by", sa.Text, nullable=False),
    sa.Column("proposer", BYTEA, nullable=False),
    sa.Column("proposed", sa.Date, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided", sa.Date),
)

OF_MEMBERS = (case, balance, hold, hold_part, request, entry, entry_inbox, use, use_inbox)
"""With a token, in the order of an erasure: the ledger lets go of rows whose balance has gone."""
SEALED = ("point_balance", "point_hold", "point_hold_part", "point_request", "point_case", "point_correction")
"""Small, and changed by what members do."""
FOLD = (
    "LOCK TABLE point_entry, point_use IN EXCLUSIVE MODE",
    """
    INSERT INTO point_entry (token, id, amount, against, party, day, expires, reverses)
    SELECT token, id, amount, against, party, day, expires, reverses FROM point_entry_inbox ORDER BY token, id
    """,
    """
    INSERT INTO point_use (token, lot, cause, amount)
    SELECT token, lot, cause, amount FROM point_use_inbox ORDER BY token, lot, cause
    """,
    "DELETE FROM point_case WHERE day < (to_timestamp(current_setting('seal.now')::bigint) AT TIME ZONE 'UTC')::date - 30",
    "DELETE FROM point_request WHERE day < (to_timestamp(current_setting('seal.now')::bigint) AT TIME ZONE 'UTC')::date - 2",
)
