"""The tables of the exchange. Their meaning is in ``migrations``."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from windows import list_tables

metadata = sa.MetaData()


def _orders(name: str) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        sa.Column("token", BYTEA, primary_key=True),
        sa.Column("id", BYTEA, primary_key=True),
        sa.Column("supplier", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("products", ARRAY(BYTEA), nullable=False),
        sa.Column("units", ARRAY(sa.Integer), nullable=False),
        sa.Column("prices", ARRAY(sa.Integer), nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("day", sa.Date, nullable=False),
    )


supplier_list, supplier_signature = list_tables("supplier", metadata)
product = sa.Table(
    "product",
    metadata,
    sa.Column("id", BYTEA, primary_key=True),
    sa.Column("supplier", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("title_ja", sa.Text, nullable=False),
    sa.Column("title_en", sa.Text, nullable=False),
    sa.Column("text_ja", sa.Text, nullable=False),
    sa.Column("text_en", sa.Text, nullable=False),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("supplied", sa.Integer, nullable=False),
    sa.Column("offered", sa.Boolean, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
)
picture = sa.Table(
    "product_picture",
    metadata,
    sa.Column("product", BYTEA, sa.ForeignKey("product.id"), primary_key=True),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("content", BYTEA, nullable=False),
)
stock = sa.Table(
    "product_stock",
    metadata,
    sa.Column("product", BYTEA, sa.ForeignKey("product.id"), primary_key=True),
    sa.Column("available", sa.Integer, nullable=False),
    sa.Column("taken", sa.Integer, nullable=False),
)
order, past = _orders("exchange_order"), _orders("exchange_order_past")
sealed = sa.Table(
    "order_sealed",
    metadata,
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("order_id", BYTEA, primary_key=True),
    sa.Column("what", sa.Text, primary_key=True),
    sa.Column("key_id", BYTEA),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("content", BYTEA, nullable=False),
)
notice = sa.Table(
    "order_notice",
    metadata,
    sa.Column("order_id", BYTEA, primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("supplier", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("dead", sa.Boolean, nullable=False),
)
notice_turn = sa.Table(
    "notice_turn",
    metadata,
    sa.Column("single", sa.Boolean, primary_key=True),
    sa.Column("beat", BYTEA, nullable=False),
)

OF_MEMBERS = (sealed, order, past)
"""With a token."""
SEALED = ("product_stock", "exchange_order", "order_sealed", "order_notice")
"""Changed by what members do."""
_TODAY = "(to_timestamp(current_setting('seal.now')::bigint) AT TIME ZONE 'UTC')::date"
_COLUMNS = ", ".join(column.name for column in order.columns)


def fold(past_days: int, address_days: int, notice_days: int) -> tuple[str, ...]:
    """Return what the fold does: orders that are over become history, and what was sealed for them goes.

    An order is over when it ended, or so many days after delivery; an address goes so many days after delivery. A notice that was
    given up goes so many days after it was first tried.
    """
    ended = "o.state IN ('cancelled', 'rejected', 'returned', 'expired')"
    over = f"({ended} OR o.state = 'delivered' AND o.day < {_TODAY} - {past_days})"
    return (
        "LOCK TABLE exchange_order_past IN EXCLUSIVE MODE",
        f"""
        INSERT INTO exchange_order_past ({_COLUMNS}) SELECT {_COLUMNS} FROM exchange_order o WHERE {over} ORDER BY token, id
        """,  # noqa: S608  # our own words
        f"""
        DELETE FROM order_sealed s USING exchange_order o WHERE o.token = s.token AND o.id = s.order_id
        AND ({over} OR s.what = 'address' AND o.state = 'delivered' AND o.day < {_TODAY} - {address_days})
        """,  # noqa: S608  # our own words
        f"DELETE FROM exchange_order o WHERE {over}",  # noqa: S608  # our own words
        f"DELETE FROM order_notice n WHERE n.dead AND n.day < {_TODAY} - {notice_days}",  # noqa: S608  # our own words
    )
