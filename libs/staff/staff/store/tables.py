"""The tables of staff, as the migration makes them."""

import sqlalchemy as sa

metadata = sa.MetaData()
staff_list = sa.Table(
    "staff_list",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
staff_signature = sa.Table(
    "staff_signature",
    metadata,
    sa.Column("number", sa.Integer, sa.ForeignKey("staff_list.number"), primary_key=True, autoincrement=False),
    sa.Column("officer", sa.Text, primary_key=True),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)
staff_session = sa.Table(
    "staff_session",
    metadata,
    sa.Column("id", sa.LargeBinary, primary_key=True),
    sa.Column("passkey", sa.Text, nullable=False),
    sa.Column("expires", sa.BigInteger, nullable=False),
)
