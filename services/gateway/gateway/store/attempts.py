"""Ways through the code flow. Every step is one statement that names the stage before it, so two callers cannot both take it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement

from gateway.store import references
from gateway.store.references import References
from gateway.store.tables import authorization_attempt as table

Prompt = Literal["none", "login"]


@dataclass(frozen=True)
class Attempt:
    """What an application asked for in its authorization request, pushed (RFC 9126) or not."""

    client_id: str
    redirect_uri: str
    state: str | None
    nonce: str | None
    challenge: bytes | None
    """SHA-256 of the PKCE verifier."""
    jkt: bytes | None
    resources: tuple[str, ...]
    place: int = 0
    """Which account of the provider's subject: 0 the own one, then those of minor children."""
    provider: str | None = None
    """Name of the group's provider where one was chosen; forgotten as soon as it is known who signs in."""
    scope: str = "openid"
    prompt: Prompt | None = None
    max_age: int | None = None
    """Seconds since signing in that are still good."""
    acr_values: tuple[str, ...] = ()
    """Ways of signing in that are wanted, the first one most."""
    acr_needed: bool = False
    """Whether another way is as good as none."""
    hinted_sub: str | None = None
    """The subject that the application knows already: nobody else will do."""


@dataclass(frozen=True)
class SignedIn:
    """Who signed in, how, when, and in which browser."""

    ref: bytes
    acr: str
    auth_time: datetime
    browser_id: bytes | None = None
    """None where no browser stays signed in."""


@dataclass(frozen=True)
class Grant:
    """An attempt whose member is known."""

    attempt: Attempt
    signed_in: SignedIn
    session_id: bytes


_NAMES = (
    *("client_id", "redirect_uri", "state", "nonce", "challenge", "jkt", "resources", "place", "provider"),
    *("scope", "prompt", "max_age", "acr_values", "acr_needed", "hinted_sub"),
)
_FACTS = ("ref", "acr", "auth_time", "browser_id")
ASKED = tuple(table.c[name] for name in _NAMES)
_SIGNED_IN = tuple(table.c[name] for name in (*_FACTS, "session_id"))
_LIVE = (table.c.handle == sa.bindparam("old"), table.c.expires_at > sa.bindparam("now"))
_OF_CLIENT = table.c.client_id == sa.bindparam("client")
UNSENT = (table.c.stage == "pushed") | (table.c.stage == "choosing")
_UNUSED = UNSENT | (table.c.stage == "proved")
_NEXT: dict[str, Any] = {"handle": sa.bindparam("new"), "expires_at": sa.bindparam("until")}
_WHO: dict[str, Any] = {
    "ref": sa.bindparam("member"),
    "session_id": sa.bindparam("session"),
    "acr": sa.bindparam("how"),
    "auth_time": sa.bindparam("when"),
    "browser_id": sa.bindparam("browser"),
}

_insert = statement(
    sa.insert(table).values(
        stage=sa.bindparam("stage"),
        **{name: sa.bindparam(name) for name in ("handle", *_NAMES, *_FACTS, "session_id", "expires_at")},
    )
)
_pushed = statement(sa.select(*ASKED, *_SIGNED_IN).where(*_LIVE, _OF_CLIENT, _UNUSED).with_for_update())
_to_choosing = statement(
    sa.update(table).where(*_LIVE, table.c.stage == "pushed", _OF_CLIENT).values(stage="choosing", expires_at=sa.bindparam("until"))
)
_to_upstream = statement(
    sa.update(table)
    .where(*_LIVE, UNSENT, _OF_CLIENT)
    .values(**_NEXT, stage="upstream", cookie=sa.bindparam("cookie"), provider=sa.bindparam("at"))
)
_to_returned = statement(
    sa.update(table)
    .where(*_LIVE, table.c.stage == "upstream", table.c.cookie == sa.bindparam("browser"), table.c.provider == sa.bindparam("at"))
    .values(stage="returned")
    .returning(*ASKED)
)
_to_code = statement(
    sa.update(table)
    .where(table.c.handle == sa.bindparam("old"), _UNUSED | (table.c.stage == "returned"))
    .values(**_NEXT, **_WHO, stage="code", provider=sa.null())
)
_to_used = statement(
    sa.update(table)
    .where(*_LIVE, table.c.stage == "code")
    .values(stage="used", expires_at=sa.bindparam("until"))
    .returning(*ASKED, *_SIGNED_IN, *references.of(table.c.ref))
)
_used = statement(sa.select(*ASKED, *_SIGNED_IN).where(table.c.handle == sa.bindparam("handle"), table.c.stage == "used"))
_delete = statement(sa.delete(table).where(table.c.handle == sa.bindparam("handle")))
_delete_of_session = statement(sa.delete(table).where(table.c.session_id == sa.bindparam("session")))
_delete_of_browser = statement(sa.delete(table).where(table.c.browser_id == sa.bindparam("browser")))
_delete_of_members = statement(sa.delete(table).where(table.c.ref == sa.any_(sa.bindparam("refs", type_=sa.ARRAY(sa.LargeBinary)))))
_delete_unfinished = statement(sa.delete(table).where(table.c.stage != "used"))
_purge = statement(sa.delete(table).where(table.c.expires_at <= sa.bindparam("now")))


async def push(tx: Transaction, handle: bytes, attempt: Attempt, expires_at: datetime, proved: Grant | None = None) -> None:
    """Keep a request under the hash of its request_uri; ``proved`` is what is known of its member already."""
    known = proved.signed_in if proved else None
    await _insert.execute(
        tx,
        handle=handle,
        stage="proved" if proved else "pushed",
        **{name: getattr(attempt, name) for name in _NAMES if name not in ("resources", "acr_values", "provider")},
        provider=None if proved else attempt.provider,
        resources=list(attempt.resources),
        acr_values=list(attempt.acr_values),
        **{name: getattr(known, name, None) for name in _FACTS},
        session_id=proved.session_id if proved else None,
        expires_at=expires_at,
    )


async def pushed(tx: Transaction, request: bytes, client_id: str, now: datetime) -> tuple[Attempt, Grant | None] | None:
    """Return a request that was not used yet, and what is known of its member; nobody else takes it until the transaction ends."""
    row = await _pushed.one_or_none(tx, old=request, client=client_id, now=now)
    if row is None:
        return None
    attempt = read(row)
    return attempt, None if row["ref"] is None else _grant(row)


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


async def take_back(tx: Transaction, state: bytes, cookie: bytes, provider: str, now: datetime) -> Attempt | None:
    """Use an upstream state up, in the browser and from the provider that it was given to only."""
    row = await _to_returned.one_or_none(tx, old=state, browser=cookie, at=provider, now=now)
    return None if row is None else read(row)


async def give_code(
    tx: Transaction, handle: bytes, code: bytes, signed_in: SignedIn, *, session_id: bytes, until: datetime
) -> bool:
    """Put a code in the place of a request whose member is known now, or of a state that was taken back."""
    moved = await _to_code.execute(
        tx,
        old=handle,
        new=code,
        member=signed_in.ref,
        session=session_id,
        how=signed_in.acr,
        when=signed_in.auth_time,
        browser=signed_in.browser_id,
        until=until,
    )
    return moved == 1


async def redeem(tx: Transaction, code: bytes, *, now: datetime, until: datetime) -> tuple[Grant, References | None] | None:
    """Use a code up and return what it was for, with the member's references where there is still one.

    What is left of it stays until ``until``, to recognise it again.
    """
    row = await _to_used.one_or_none(tx, old=code, now=now, until=until)
    return None if row is None else (_grant(row), references.read(row))


async def used(tx: Transaction, code: bytes) -> Grant | None:
    """Return what a code was for that was redeemed before."""
    row = await _used.one_or_none(tx, handle=code)
    return None if row is None else _grant(row)


async def delete(tx: Transaction, handle: bytes) -> None:
    """Forget one way that leads nowhere."""
    await _delete.execute(tx, handle=handle)


async def delete_of_session(tx: Transaction, session_id: bytes) -> None:
    """Forget the code of a session."""
    await _delete_of_session.execute(tx, session=session_id)


async def delete_of_browser(tx: Transaction, browser_id: bytes) -> None:
    """Forget every code that was given in a browser's session, used up or not."""
    await _delete_of_browser.execute(tx, browser=browser_id)


async def delete_of_members(tx: Transaction, refs: Sequence[bytes]) -> None:
    """Forget the codes, used up or not, and the proved requests of these members."""
    await _delete_of_members.execute(tx, refs=list(refs))


async def delete_unfinished(tx: Transaction) -> None:
    """Forget every way that has not led to a session yet."""
    await _delete_unfinished.execute(tx)


async def purge(tx: Transaction, now: datetime) -> None:
    """Delete what has expired."""
    await _purge.execute(tx, now=now)


def read(row: Record) -> Attempt:
    """Return what was asked, of a row that has `ASKED`."""
    asked = {name: row[name] for name in _NAMES}
    return Attempt(**{**asked, "resources": tuple(row["resources"]), "acr_values": tuple(row["acr_values"])})


def _grant(row: Record) -> Grant:
    return Grant(read(row), SignedIn(row["ref"], row["acr"], row["auth_time"], row["browser_id"]), row["session_id"])
