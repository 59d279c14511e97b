"""The row of ``analysis_key``, under which members have another name in each day's views for analysis."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA

metadata = sa.MetaData()
analysis_key = sa.Table(
    "analysis_key",
    metadata,
    sa.Column("single", sa.Boolean, primary_key=True),
    sa.Column("key", BYTEA, nullable=False),
)

FOLD = ("UPDATE analysis_key SET key = sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))",)
"""Both UUIDs are from PostgreSQL's strong random numbers, 122 bits each."""
