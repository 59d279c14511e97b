"""The tables of staff, as the migration makes them."""

import sqlalchemy as sa
from windows import list_tables

metadata = sa.MetaData()
staff_list, staff_signature = list_tables("staff", metadata)
staff_session = sa.Table(
    "staff_session",
    metadata,
    sa.Column("id", sa.LargeBinary, primary_key=True),
    sa.Column("passkey", sa.Text, nullable=False),
    sa.Column("expires", sa.BigInteger, nullable=False),
)
