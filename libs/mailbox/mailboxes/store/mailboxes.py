"""Rows of ``mailbox``."""

from collections.abc import Sequence

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.messages.mailbox import Mailbox
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, insert

from mailboxes.store.given import given
from mailboxes.store.tables import mailbox, suspension

_COLUMNS = [column.name for column in mailbox.columns]
_given = given(*mailbox.columns)
_OPEN = statement(
    insert(mailbox)
    .from_select(_COLUMNS, sa.select(*(_given.c[name] for name in _COLUMNS)).order_by(_given.c.token))
    .on_conflict_do_nothing(index_elements=[mailbox.c.token])
    .returning(mailbox.c.token)
)
_KEYS = statement(
    sa.select(mailbox.c.token, mailbox.c.claim_key, mailbox.c.mailbox_key).where(
        mailbox.c.token == sa.any_(sa.bindparam("tokens", type_=ARRAY(BYTEA)))
    )
)
_NUMBERS = statement(
    sa.select(mailbox.c.token, mailbox.c.number, suspension.c.token.is_not(None).label("suspended"))
    .select_from(mailbox.outerjoin(suspension, suspension.c.token == mailbox.c.token))
    .where(mailbox.c.token == sa.any_(sa.bindparam("tokens", type_=ARRAY(BYTEA))))
)
_KNOWN = statement(sa.select(mailbox.c.token).where(mailbox.c.token == sa.any_(sa.bindparam("tokens", type_=ARRAY(BYTEA)))))


async def open_all(tx: Transaction, rows: Sequence[Mailbox]) -> set[bytes]:
    """Insert what is not there, in the order of tokens, and return the tokens that were new."""
    opened = await _OPEN.all(
        tx,
        token=[row.token for row in rows],
        claim_key=[row.claim_key for row in rows],
        mailbox_key=[row.mailbox_key for row in rows],
        number=[row.number for row in rows],
    )
    return {row["token"] for row in opened}


async def keys(tx: Transaction, tokens: Sequence[bytes]) -> dict[bytes, tuple[bytes, bytes]]:
    """Return claim key and mailbox key of those tokens that have a mailbox."""
    return {row["token"]: (row["claim_key"], row["mailbox_key"]) for row in await _KEYS.all(tx, tokens=tokens)}


async def numbers(tx: Transaction, tokens: Sequence[bytes]) -> dict[bytes, bytes | None]:
    """Return the split-sealed member numbers of those tokens that have a mailbox; nothing where it is suspended."""
    rows = await _NUMBERS.all(tx, tokens=tokens)
    return {row["token"]: None if row["suspended"] else row["number"] for row in rows}


async def known(tx: Transaction, tokens: Sequence[bytes]) -> set[bytes]:
    """Return those tokens that have a mailbox."""
    return {row["token"] for row in await _KNOWN.all(tx, tokens=tokens)}
