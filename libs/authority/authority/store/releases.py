"""The release: one statement in which each step happens only when the one before it succeeded, and all of them or none."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

import sqlalchemy as sa
from chassis import once
from chassis.database import Raised, Statement, Transaction, statement
from sqlalchemy.dialects.postgresql import insert

from authority.store.accounts import Salt, Salts
from authority.store.log_queue import RELEASED
from authority.store.log_tables import log_queue
from authority.store.tables import (
    account,
    evidence_nonce,
    p_bytes,
    p_int,
    release_count,
    release_session,
    salt,
    verifier,
)
from authority.store.verifiers import VALID

Step = Literal["proof", "verifier", "cap", "nonce", "session"]
"""The step that did not succeed."""

_ref = p_bytes("member")
_known = (
    sa.select(account.c.ref, account.c.access_ends, verifier.c.guardian_until)
    .join(verifier, verifier.c.ref == account.c.ref)
    .where(
        verifier.c.hash == p_bytes("verifier_hash"),
        verifier.c.ref == _ref,
        VALID,
        sa.or_(account.c.access_ends.is_(None), account.c.access_ends > p_int("now")),
    )
    .limit(1)
    .cte("known")
)
_counted = (
    insert(release_count)
    .from_select(
        ["ref", "day", "n"], sa.select(_known.c.ref, sa.bindparam("today", type_=sa.Date), sa.literal_column("1", sa.Integer))
    )
    .on_conflict_do_update(
        index_elements=[release_count.c.ref, release_count.c.day],
        set_={"n": release_count.c.n + 1},
        where=release_count.c.n < sa.bindparam("cap", type_=sa.Integer),
    )
    .returning(release_count.c.ref)
    .cte("counted")
)
_fresh = (
    insert(evidence_nonce)
    .from_select(["id", "expires"], sa.select(p_bytes("nonce"), p_int("nonce_expires")).select_from(_counted))
    .on_conflict_do_nothing(index_elements=[evidence_nonce.c.id])
    .returning(evidence_nonce.c.id)
    .cte("fresh")
)
_opened = (
    insert(release_session)
    .from_select(
        ["sid", "ended", "ref", "jkt", "statement", "session_key", "expires"],
        sa.select(
            p_bytes("session"),
            sa.false(),
            _ref,
            p_bytes("key"),
            p_bytes("statement_hash"),
            p_bytes("session_public"),
            # Nulls are left out: no end of access or of a guardianship, no earlier end of the session.
            sa.func.least(p_int("session_expires"), _known.c.access_ends, _known.c.guardian_until, type_=sa.BigInteger),
        ).select_from(_fresh.join(_known, sa.true())),
    )
    .on_conflict_do_nothing(index_elements=[release_session.c.sid])
    .returning(release_session.c.sid, release_session.c.expires)
    .cte("opened")
)
_marked = (
    sa.update(account)
    .where(account.c.ref == _ref, sa.not_(account.c.ever_released), sa.exists(sa.select(_opened.c.sid)))
    .values(ever_released=sa.true())
    .returning(account.c.ref)
    .cte("marked")
)
_logged = (
    sa.insert(log_queue)
    .from_select(
        ["kind", "ref", "about"],
        sa.select(sa.literal_column(str(RELEASED), sa.SmallInteger), _ref, p_bytes("key")).select_from(_opened),
    )
    .cte("logged")
)


def _unless(cte: sa.CTE, step: Step) -> "tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]":
    return ~sa.exists(sa.select(sa.literal_column("1")).select_from(cte)), sa.func.refuse(step, type_=sa.Boolean)


def _release(slot: int) -> Statement:
    remembering = sa.text(once.remembering(slot, ":proof", ":issued_at")).bindparams(p_bytes("proof"), p_int("issued_at"))
    proof = remembering.columns(sa.column("first", sa.Boolean)).cte("proof")
    # A row even where there is no account, so that there is something to refuse.
    one = sa.select(sa.literal_column("1")).subquery("one")
    return statement(
        sa.select(
            account.c.version.label("current"),
            salt.c.version.label("version"),
            salt.c.salt,
            salt.c.root,
            sa.select(_opened.c.expires).scalar_subquery().label("expires"),
            sa.case(
                _unless(proof, "proof"),
                _unless(_known, "verifier"),
                _unless(_counted, "cap"),
                _unless(_fresh, "nonce"),
                _unless(_opened, "session"),
                else_=True,
            ).label("released"),
        )
        .add_cte(_marked, _logged)
        .select_from(one.outerjoin(account, account.c.ref == _ref).outerjoin(salt, salt.c.ref == account.c.ref))
    )


RELEASE = tuple(_release(slot) for slot in once.SLOTS)
CURRENT = statement(
    sa.select(account.c.version.label("current"), salt.c.version, salt.c.salt, salt.c.root)
    .select_from(account.join(salt, salt.c.ref == account.c.ref))
    .where(account.c.ref == _ref)
)
NONCE = statement(
    insert(evidence_nonce)
    .values(id=p_bytes("nonce"), expires=p_int("nonce_expires"))
    .on_conflict_do_nothing(index_elements=[evidence_nonce.c.id])
)
ENDED = statement(
    sa.select(account.c.ref)
    .join(verifier, verifier.c.ref == account.c.ref)
    .where(verifier.c.hash == p_bytes("verifier_hash"), verifier.c.ref == _ref, VALID, account.c.access_ends <= p_int("now"))
)
PURGE_NONCES = statement(sa.delete(evidence_nonce).where(evidence_nonce.c.expires < p_int("before")))
PURGE_COUNTS = statement(sa.delete(release_count).where(release_count.c.day < sa.bindparam("today", type_=sa.Date)))


@dataclass(frozen=True)
class Attempt:
    """A release whose signatures hold."""

    proof: bytes
    """SHA-256 of the proof key's thumbprint and the proof's identifier."""
    issued_at: int
    """When the proof was made."""
    slot: int
    """Where proofs of that time are remembered."""
    ref: bytes
    sid: bytes
    jkt: bytes
    now: int
    verifier_hash: bytes
    nonce: bytes
    """SHA-256 of the statement's nonce and hash."""
    nonce_expires: int
    statement_hash: bytes
    session_key: bytes
    expires: int
    """When the session's answers end at the latest."""
    today: date
    cap: int


@dataclass(frozen=True)
class Done:
    """A release that happened."""

    salts: Salts
    expires: int
    """When the session's answers end: with the session, with the member's access, or with a guardianship."""


async def release(tx: Transaction, attempt: Attempt) -> Done | Step:
    """Release, or return the step that failed: then nothing happened."""
    try:
        rows = await RELEASE[attempt.slot].all(
            tx,
            proof=attempt.proof,
            issued_at=attempt.issued_at,
            member=attempt.ref,
            session=attempt.sid,
            key=attempt.jkt,
            now=attempt.now,
            verifier_hash=attempt.verifier_hash,
            nonce=attempt.nonce,
            nonce_expires=attempt.nonce_expires,
            statement_hash=attempt.statement_hash,
            session_public=attempt.session_key,
            session_expires=attempt.expires,
            today=attempt.today,
            cap=attempt.cap,
        )
    except Raised as refused:
        return cast("Step", str(refused))
    return Done(_salts(rows), rows[0]["expires"])


async def access_ended(tx: Transaction, ref: bytes, verifier_hash: bytes, now: int) -> bool:
    """Return whether nothing but the end of their access keeps a member with this verifier from a release."""
    return bool(await ENDED.all(tx, member=ref, verifier_hash=verifier_hash, now=now))


async def current(tx: Transaction, ref: bytes) -> Salts | None:
    """Return a member's salts as they are now."""
    rows = await CURRENT.all(tx, member=ref)
    return _salts(rows) if rows else None


async def use_nonce(tx: Transaction, nonce: bytes, expires: int) -> bool:
    """Use evidence up; return False when it was used before."""
    return bool(await NONCE.execute(tx, nonce=nonce, nonce_expires=expires))


async def delete_expired(tx: Transaction, now: int, today: date) -> None:
    """Delete evidence that can no longer be replayed and the counters of days before today."""
    await PURGE_NONCES.execute(tx, before=now)
    await PURGE_COUNTS.execute(tx, today=today)


def _salts(rows: list[Any]) -> Salts:
    return Salts(rows[0]["current"], {row["version"]: Salt(row["salt"], row["root"]) for row in rows})
