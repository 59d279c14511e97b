"""The tables that both stores have alike."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA

metadata = sa.MetaData()
mailbox = sa.Table(
    "mailbox",
    metadata,
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("claim_key", BYTEA, nullable=False),
    sa.Column("mailbox_key", BYTEA, nullable=False),
    sa.Column("number", BYTEA, nullable=False),
)
reader_key = sa.Table(
    "reader_key",
    metadata,
    sa.Column("token", BYTEA, sa.ForeignKey("mailbox.token"), primary_key=True),
    sa.Column("jkt", BYTEA, nullable=False),
    sa.Column("next_jkt", BYTEA),
)
suspension = sa.Table("suspension", metadata, sa.Column("token", BYTEA, sa.ForeignKey("mailbox.token"), primary_key=True))
recovery = sa.Table(
    "recovery",
    metadata,
    sa.Column("token", BYTEA, sa.ForeignKey("mailbox.token"), primary_key=True),
    sa.Column("opens", sa.Date, nullable=False),
)
