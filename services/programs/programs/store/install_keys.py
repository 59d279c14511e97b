"""Rows of ``install_key``: keys that write steps and read nothing."""

import sqlalchemy as sa
from chassis import once
from chassis.database import Transaction, statement
from mailboxes.readers import Token
from mailboxes.store.admission import Signed
from sqlalchemy.dialects.postgresql import BYTEA, insert

MOST = 16
"""Installations of one member that have a key."""

metadata = sa.MetaData()
install_key = sa.Table(
    "install_key",
    metadata,
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("install", BYTEA, primary_key=True),
    sa.Column("jkt", BYTEA, nullable=False),
)

_token, _install, _jkt = (sa.bindparam(name, type_=BYTEA) for name in ("token", "install", "jkt"))
_KNOWN = (
    "EXISTS (SELECT FROM install_key WHERE token = :token AND install = :install AND jkt = :jkt) "
    "AND NOT EXISTS (SELECT FROM suspension WHERE token = :token)"
)
_ADMIT = tuple(
    statement(
        sa.text(once.remembering(slot, ":proof", ":issued_at", provided=_KNOWN)).bindparams(
            _token, _install, _jkt, sa.bindparam("proof", type_=BYTEA), sa.bindparam("issued_at", type_=sa.BigInteger)
        )
    )
    for slot in once.SLOTS
)
_INSTALLS = statement(sa.select(install_key.c.install).where(install_key.c.token == _token).order_by(install_key.c.install))
_PUT = statement(
    insert(install_key)
    .values(token=_token, install=_install, jkt=_jkt)
    .on_conflict_do_update(index_elements=[install_key.c.token, install_key.c.install], set_={"jkt": _jkt})
)
_REVOKE = statement(sa.delete(install_key).where(install_key.c.token == _token, install_key.c.install == _install))


async def admit(tx: Transaction, signed: Signed, install: bytes) -> bool:
    """Remember the proof of a key that may write for this installation; False, remembering nothing, for all others."""
    return bool(await _ADMIT[signed.slot].all(tx, install=install, **signed.parameters))


async def installs(tx: Transaction, token: Token) -> tuple[bytes, ...]:
    """Return the installations that have a key."""
    return tuple(row["install"] for row in await _INSTALLS.all(tx, token=token))


async def put(tx: Transaction, token: Token, install: bytes, jkt: bytes) -> None:
    """Let this key write for the installation, in the place of any before."""
    await _PUT.execute(tx, token=token, install=install, jkt=jkt)


async def revoke(tx: Transaction, token: Token, install: bytes) -> None:
    """Let no key write for the installation."""
    await _REVOKE.execute(tx, token=token, install=install)
