"""The tables of the release log, as the migration makes them."""

import sqlalchemy as sa

from authority.store.tables import metadata

log_queue = sa.Table(
    "log_queue",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True, server_default=sa.func.gen_random_uuid()),
    sa.Column("kind", sa.SmallInteger, nullable=False),
    sa.Column("ref", sa.LargeBinary),
    sa.Column("about", sa.LargeBinary, nullable=False),
)

log_leaf = sa.Table(
    "log_leaf",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.SmallInteger, nullable=False),
    sa.Column("commitment", sa.LargeBinary, nullable=False),
)

log_node = sa.Table(
    "log_node",
    metadata,
    sa.Column("level", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)

log_checkpoint = sa.Table(
    "log_checkpoint",
    metadata,
    sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
)

log_cosignature = sa.Table(
    "log_cosignature",
    metadata,
    sa.Column("size", sa.BigInteger, sa.ForeignKey("log_checkpoint.size"), primary_key=True, autoincrement=False),
    sa.Column("host", sa.Text, primary_key=True),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)

log_witness = sa.Table(
    "log_witness",
    metadata,
    sa.Column("host", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
)

log_beginning = sa.Table(
    "log_beginning",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("about", sa.LargeBinary, nullable=False),
)

member_log = sa.Table(
    "member_log",
    metadata,
    sa.Column("ref", sa.LargeBinary, sa.ForeignKey("account.ref"), primary_key=True),
    sa.Column("key", sa.LargeBinary, nullable=False),
    sa.Column("slots", sa.LargeBinary, nullable=False),
)

log_inbox = sa.Table(
    "log_inbox",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True, server_default=sa.func.gen_random_uuid()),
    sa.Column("ref", sa.LargeBinary, sa.ForeignKey("account.ref"), nullable=False),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("entry", sa.LargeBinary),
)
