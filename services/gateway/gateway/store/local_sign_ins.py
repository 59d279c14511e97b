"""Sign-ins that are proved at the portal: to it with a reference, back with a ticket, in one and the same browser."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from chassis.database import Transaction, statement

from gateway.store.attempts import ASKED, UNSENT, Attempt, read
from gateway.store.tables import authorization_attempt as table

_LIVE = (table.c.handle == sa.bindparam("old"), table.c.expires_at > sa.bindparam("now"))
_MINE = (*_LIVE, table.c.cookie == sa.bindparam("browser"))
_NEXT: dict[str, Any] = {"handle": sa.bindparam("new"), "expires_at": sa.bindparam("until")}

_to_portal = statement(
    sa.update(table)
    .where(*_LIVE, UNSENT, table.c.client_id == sa.bindparam("client"))
    .values(**_NEXT, stage="portal", cookie=sa.bindparam("browser"), provider=sa.null())
)
_waiting = statement(sa.select(table.c.client_id).where(*_LIVE, table.c.stage == "portal"))
_to_ticket = statement(
    sa.update(table)
    .where(*_LIVE, table.c.stage == "portal")
    .values(
        **_NEXT,
        stage="ticket",
        ref=sa.bindparam("member"),
        session_id=sa.bindparam("session"),
        acr=sa.bindparam("how"),
        auth_time=sa.bindparam("now"),
    )
)
_to_code = statement(
    sa.update(table)
    .where(*_MINE, table.c.stage == "ticket")
    .values(**_NEXT, stage="code")
    .returning(*ASKED, table.c.ref, table.c.acr)
)
_of_browser = statement(
    sa.update(table).where(table.c.handle == sa.bindparam("code")).values(browser_id=sa.bindparam("signed_in_browser"))
)
_given_up = statement(sa.delete(table).where(*_MINE, table.c.stage == "portal").returning(*ASKED))


async def send_to_portal(
    tx: Transaction, request: bytes, client_id: str, *, reference: bytes, cookie: bytes, now: datetime, until: datetime
) -> bool:
    """Use a request_uri up and put a reference in its place; return False when there is none of that client (any more)."""
    moved = await _to_portal.execute(tx, old=request, client=client_id, new=reference, browser=cookie, now=now, until=until)
    return moved == 1


async def waiting(tx: Transaction, reference: bytes, now: datetime) -> str | None:
    """Return which application waits for a reference to be proved; None when none does (any more)."""
    client_id: str | None = await _waiting.scalar(tx, old=reference, now=now)
    return client_id


async def give_ticket(
    tx: Transaction, reference: bytes, ticket: bytes, *, ref: bytes, acr: str, session_id: bytes, now: datetime, until: datetime
) -> bool:
    """Use a reference up whose member is known now, and put a ticket in its place."""
    moved = await _to_ticket.execute(tx, old=reference, new=ticket, member=ref, how=acr, session=session_id, now=now, until=until)
    return moved == 1


async def give_code(
    tx: Transaction, ticket: bytes, cookie: bytes, code: bytes, *, now: datetime, until: datetime
) -> tuple[Attempt, bytes, str] | None:
    """Use a ticket up, in the browser that was sent to the portal only, and put a code in its place.

    Return what was asked, who signed in, and how.
    """
    row = await _to_code.one_or_none(tx, old=ticket, browser=cookie, new=code, now=now, until=until)
    return None if row is None else (read(row), row["ref"], row["acr"])


async def name_browser(tx: Transaction, code: bytes, browser_id: bytes) -> None:
    """Note in which browser the member of a code is signed in."""
    await _of_browser.execute(tx, code=code, signed_in_browser=browser_id)


async def give_up(tx: Transaction, reference: bytes, cookie: bytes, now: datetime) -> Attempt | None:
    """Forget a sign-in that nobody has proved, in the browser that was sent to the portal only."""
    row = await _given_up.one_or_none(tx, old=reference, browser=cookie, now=now)
    return None if row is None else read(row)
