"""The tables of an authority, as the migration makes them."""

import sqlalchemy as sa

metadata = sa.MetaData()

account = sa.Table(
    "account",
    metadata,
    sa.Column("ref", sa.LargeBinary, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("ever_released", sa.Boolean, nullable=False),
    sa.Column("access_ends", sa.BigInteger),
)

salt = sa.Table(
    "salt",
    metadata,
    sa.Column("ref", sa.LargeBinary, sa.ForeignKey("account.ref"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("root", sa.SmallInteger, nullable=False, server_default="1"),
)

share_root = sa.Table(
    "share_root",
    metadata,
    sa.Column("generation", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("mark", sa.LargeBinary, nullable=False),
)

verifier = sa.Table(
    "verifier",
    metadata,
    sa.Column("hash", sa.LargeBinary, primary_key=True),
    # Always 0: a release that needs no column lets it stay, and a later one takes it away.
    sa.Column("place", sa.SmallInteger, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("ref", sa.LargeBinary, sa.ForeignKey("account.ref"), primary_key=True),
    sa.Column("id", sa.LargeBinary, nullable=False),
    sa.Column("public_key", sa.LargeBinary),
    sa.Column("label", sa.LargeBinary),
    sa.Column("confirmed", sa.Boolean, nullable=False),
    sa.Column("not_before", sa.BigInteger),
    sa.Column("expires", sa.BigInteger),
    sa.Column("guardian_until", sa.BigInteger),
)

code_try = sa.Table(
    "code_try",
    metadata,
    sa.Column("hash", sa.LargeBinary, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
)

evidence_nonce = sa.Table(
    "evidence_nonce",
    metadata,
    sa.Column("id", sa.LargeBinary, primary_key=True),
    sa.Column("expires", sa.BigInteger, nullable=False),
)

release_count = sa.Table(
    "release_count",
    metadata,
    sa.Column("ref", sa.LargeBinary, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
)

release_session = sa.Table(
    "release_session",
    metadata,
    sa.Column("sid", sa.LargeBinary, primary_key=True),
    sa.Column("ended", sa.Boolean, nullable=False),
    sa.Column("ref", sa.LargeBinary),
    sa.Column("jkt", sa.LargeBinary),
    sa.Column("statement", sa.LargeBinary),
    sa.Column("session_key", sa.LargeBinary),
    sa.Column("expires", sa.BigInteger, nullable=False),
)

BYTES = sa.LargeBinary()
MANY_BYTES = sa.ARRAY(sa.LargeBinary)


def p_bytes(name: str) -> "sa.BindParameter[bytes]":
    """Return a parameter of bytes."""
    return sa.bindparam(name, type_=BYTES)


def p_int(name: str) -> "sa.BindParameter[int]":
    """Return a parameter that is a time in seconds."""
    return sa.bindparam(name, type_=sa.BigInteger)


def p_root(name: str) -> "sa.BindParameter[int]":
    """Return a parameter that is a generation of roots."""
    return sa.bindparam(name, type_=sa.SmallInteger)


def p_version(name: str) -> "sa.BindParameter[int]":
    """Return a parameter that is a key version."""
    return sa.bindparam(name, type_=sa.Integer)
