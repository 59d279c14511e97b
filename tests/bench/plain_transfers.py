"""Double entry as it is written first: two account rows locked in order, one transfer, two postings, two running balances."""

import secrets

from chassis.database import Database, Transaction

DDL = (
    """
    CREATE TABLE bench.account (
        id integer PRIMARY KEY, balance bigint NOT NULL, free boolean NOT NULL,
        CONSTRAINT account_not_overdrawn CHECK (free OR balance >= 0)
    )
    """,
    "CREATE TABLE bench.transfer (id bytea PRIMARY KEY, debit integer NOT NULL, credit integer NOT NULL, amount bigint NOT NULL)",
    """
    CREATE TABLE bench.posting (
        transfer bytea NOT NULL, account integer NOT NULL, amount bigint NOT NULL, PRIMARY KEY (transfer, account)
    )
    """,
)
_LOCK = "SELECT id, balance FROM bench.account WHERE id = ANY ($1::integer[]) ORDER BY id FOR UPDATE"
_TRANSFER = "INSERT INTO bench.transfer (id, debit, credit, amount) VALUES ($1, $2, $3, $4)"
_POSTINGS = "INSERT INTO bench.posting (transfer, account, amount) VALUES ($1, $2, -$4::bigint), ($1, $3, $4::bigint)"
_BALANCES = """
UPDATE bench.account SET balance = balance + CASE WHEN id = $1 THEN -$3::bigint ELSE $3::bigint END WHERE id IN ($1, $2)
"""


async def opened(db: Database, accounts: int, rich: int) -> None:
    """Make accounts, numbered from 0, with so much each."""
    async with db.transaction("open-accounts") as tx:
        await tx.run("INSERT INTO bench.account SELECT id, $2, true FROM generate_series(0, $1 - 1) AS id", accounts, rich)


async def transfer(db: Database, debit: int, credit: int, amount: int) -> None:
    """Move an amount from one account to another, in a transaction."""
    async with db.transaction("transfer") as tx:
        await _moved(tx, secrets.token_bytes(16), debit, credit, amount)


async def _moved(tx: Transaction, name: bytes, debit: int, credit: int, amount: int) -> None:
    balances = {row["id"]: row["balance"] for row in await tx.run(_LOCK, [debit, credit])}
    if balances[debit] < amount:
        raise ValueError("not enough")
    await tx.run(_TRANSFER, name, debit, credit, amount)
    await tx.run(_POSTINGS, name, debit, credit, amount)
    await tx.run(_BALANCES, debit, credit, amount)
