"""Ways through the code flow. Every step is one statement that names the stage before it, so two callers cannot both take it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement

from gateway.store.tables import authorization_attempt as table


@dataclass(frozen=True)
class Attempt:
    """What an application asked for when it pushed its authorization request (RFC 9126)."""

    client_id: str
    redirect_uri: str
    state: str | None
    nonce: str | None
    challenge: bytes
    """SHA-256 of the PKCE verifier."""
    jkt: bytes
    resources: tuple[str, ...]
    place: int = 0
    """Which account of the provider's subject: 0 the own one, then those of minor children."""
    provider: str | None = None
    """Name of the group's provider where one was chosen; forgotten as soon as it is known who signs in."""


@dataclass(frozen=True)
class Grant:
    """An attempt whose member is known."""

    attempt: Attempt
    ref: bytes
    session_id: bytes


_NAMES = ("client_id", "redirect_uri", "state", "nonce", "challenge", "jkt", "resources", "place", "provider")
_ASKED = tuple(table.c[name] for name in _NAMES)
_LIVE = (table.c.handle == sa.bindparam("old"), table.c.expires_at > sa.bindparam("now"))
_NEXT: dict[str, Any] = {"handle": sa.bindparam("new"), "expires_at": sa.bindparam("until")}

_insert = statement(
    sa.insert(table).values(
        stage=sa.bindparam("stage"), **{name: sa.bindparam(name) for name in ("handle", *_NAMES, "ref", "session_id", "expires_at")}
    )
)
_of_client = table.c.client_id == sa.bindparam("client")
_unsent = sa.or_(table.c.stage == "pushed", table.c.stage == "choosing")
_waiting = statement(sa.select(*_ASKED).where(*_LIVE, _unsent, _of_client))
_to_choosing = statement(
    sa.update(table).where(*_LIVE, table.c.stage == "pushed", _of_client).values(stage="choosing", expires_at=sa.bindparam("until"))
)
_to_upstream = statement(
    sa.update(table)
    .where(*_LIVE, _unsent, _of_client)
    .values(**_NEXT, stage="upstream", cookie=sa.bindparam("cookie"), provider=sa.bindparam("at"))
)
_to_returned = statement(
    sa.update(table)
    .where(*_LIVE, table.c.stage == "upstream", table.c.cookie == sa.bindparam("browser"), table.c.provider == sa.bindparam("at"))
    .values(stage="returned")
    .returning(*_ASKED)
)
_to_code = statement(
    sa.update(table)
    .where(table.c.handle == sa.bindparam("old"), table.c.stage == "returned")
    .values(**_NEXT, stage="code", ref=sa.bindparam("member"), session_id=sa.bindparam("session"), provider=sa.null())
)
_proved_to_code = statement(
    sa.update(table)
    .where(*_LIVE, table.c.stage == "proved", table.c.client_id == sa.bindparam("client"))
    .values(**_NEXT, stage="code")
    .returning(*_ASKED)
)
_to_used = statement(
    sa.update(table)
    .where(*_LIVE, table.c.stage == "code")
    .values(stage="used", expires_at=sa.bindparam("until"))
    .returning(*_ASKED, table.c.ref, table.c.session_id)
)
_session_of_used = statement(sa.select(table.c.session_id).where(table.c.handle == sa.bindparam("handle"), table.c.stage == "used"))
_delete_of_session = statement(sa.delete(table).where(table.c.session_id == sa.bindparam("session")))
_delete_of_members = statement(sa.delete(table).where(table.c.ref == sa.any_(sa.bindparam("refs", type_=sa.ARRAY(sa.LargeBinary)))))
_purge = statement(sa.delete(table).where(table.c.expires_at <= sa.bindparam("now")))


async def push(tx: Transaction, handle: bytes, attempt: Attempt, expires_at: datetime, proved: tuple[bytes, bytes] | None) -> None:
    """Keep a pushed request under the hash of its request_uri; ``proved`` is a member who is known, and a session id for them."""
    ref, session_id = proved or (None, None)
    await _insert.execute(
        tx,
        handle=handle,
        stage="proved" if proved else "pushed",
        place=attempt.place,
        provider=None if proved else attempt.provider,
        ref=ref,
        session_id=session_id,
        client_id=attempt.client_id,
        redirect_uri=attempt.redirect_uri,
        state=attempt.state,
        nonce=attempt.nonce,
        challenge=attempt.challenge,
        jkt=attempt.jkt,
        resources=list(attempt.resources),
        expires_at=expires_at,
    )


async def waiting(tx: Transaction, request: bytes, client_id: str, now: datetime) -> Attempt | None:
    """Return what a request_uri of that client asks for, without using it up."""
    row = await _waiting.one_or_none(tx, old=request, client=client_id, now=now)
    return None if row is None else _attempt(row)


async def let_choose(tx: Transaction, request: bytes, client_id: str, *, now: datetime, until: datetime) -> None:
    """Give a person once until then to choose a provider."""
    await _to_choosing.execute(tx, old=request, client=client_id, now=now, until=until)


async def send_upstream(
    tx: Transaction, request: bytes, client_id: str, *, provider: str, state: bytes, cookie: bytes, now: datetime, until: datetime
) -> bool:
    """Use a request_uri up; return False when there is none of that client (any more)."""
    moved = await _to_upstream.execute(
        tx, old=request, client=client_id, at=provider, new=state, cookie=cookie, now=now, until=until
    )
    return moved == 1


async def give_code_to_proved(
    tx: Transaction, request: bytes, client_id: str, code: bytes, *, now: datetime, until: datetime
) -> Attempt | None:
    """Use up a request_uri whose member is known and put a code in its place; None when there is none of that client."""
    row = await _proved_to_code.one_or_none(tx, old=request, client=client_id, new=code, now=now, until=until)
    return None if row is None else _attempt(row)


async def take_back(tx: Transaction, state: bytes, cookie: bytes, provider: str, now: datetime) -> Attempt | None:
    """Use an upstream state up, in the browser and from the provider that it was given to only."""
    row = await _to_returned.one_or_none(tx, old=state, browser=cookie, at=provider, now=now)
    return None if row is None else _attempt(row)


async def give_code(tx: Transaction, state: bytes, code: bytes, *, ref: bytes, session_id: bytes, until: datetime) -> bool:
    """Put a code in the place of a state that was taken back."""
    return await _to_code.execute(tx, old=state, new=code, member=ref, session=session_id, until=until) == 1


async def redeem(tx: Transaction, code: bytes, *, now: datetime, until: datetime) -> Grant | None:
    """Use a code up; what is left of it stays until ``until``, to recognise it again."""
    row = await _to_used.one_or_none(tx, old=code, now=now, until=until)
    return None if row is None else Grant(_attempt(row), row["ref"], row["session_id"])


async def session_of_used(tx: Transaction, code: bytes) -> bytes | None:
    """Return the session that a code made when it was redeemed before."""
    session: bytes | None = await _session_of_used.scalar(tx, handle=code)
    return session


async def delete_of_session(tx: Transaction, session_id: bytes) -> None:
    """Forget the code of a session."""
    await _delete_of_session.execute(tx, session=session_id)


async def delete_of_members(tx: Transaction, refs: Sequence[bytes]) -> None:
    """Forget the codes, used up or not, and the proved requests of these members."""
    await _delete_of_members.execute(tx, refs=list(refs))


async def purge(tx: Transaction, now: datetime) -> None:
    """Delete what has expired."""
    await _purge.execute(tx, now=now)


def _attempt(row: Record) -> Attempt:
    return Attempt(
        row["client_id"],
        row["redirect_uri"],
        row["state"],
        row["nonce"],
        row["challenge"],
        row["jkt"],
        tuple(row["resources"]),
        row["place"],
        row["provider"],
    )
