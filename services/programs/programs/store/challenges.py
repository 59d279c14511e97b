"""Rows of ``challenge`` and ``challenge_entry``: what members do alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from mailboxes.readers import Token
from protocol.messages.challenges import Challenge, Question
from pydantic import TypeAdapter
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, insert

metadata = sa.MetaData()
challenge = sa.Table(
    "challenge",
    metadata,
    sa.Column("id", BYTEA, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("first", sa.Date, nullable=False),
    sa.Column("last", sa.Date, nullable=False),
    sa.Column("goal", sa.SmallInteger, nullable=False),
    sa.Column("goal_steps", sa.Integer),
    sa.Column("questions", sa.Text, nullable=False),
)
challenge_entry = sa.Table(
    "challenge_entry",
    metadata,
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("challenge", BYTEA, primary_key=True),
    sa.Column("days", ARRAY(sa.Date), nullable=False),
    sa.Column("told", sa.Boolean, nullable=False),
    sa.Column("score", sa.SmallInteger, nullable=False),
)

_QUESTIONS = TypeAdapter(tuple[Question, ...])
_id, _token, _challenge = (sa.bindparam(name, type_=BYTEA) for name in ("id", "token", "challenge"))
_SAID = tuple(column.name for column in challenge.columns if column.name != "id")
_SET = {name: sa.bindparam(name, type_=challenge.c[name].type) for name in _SAID}
_ALL = sa.select(challenge.c.id, *(challenge.c[name] for name in _SAID))
_PUT = statement(insert(challenge).values(id=_id, **_SET).on_conflict_do_update(index_elements=[challenge.c.id], set_=_SET))
_FIND = statement(_ALL.where(challenge.c.id == _id))
_EVERY = statement(_ALL.order_by(challenge.c.last.desc(), challenge.c.id))
_COUNTS = statement(sa.select(challenge_entry.c.challenge, sa.func.count().label("members")).group_by(challenge_entry.c.challenge))
_entry = sa.and_(challenge_entry.c.token == _token, challenge_entry.c.challenge == _challenge)
_JOIN = statement(
    insert(challenge_entry)
    .values(token=_token, challenge=_challenge, days=sa.text("'{}'"), told=sa.false(), score=sa.literal_column("0"))
    .on_conflict_do_nothing()
)
_LEAVE = statement(sa.delete(challenge_entry).where(_entry))
_CHANGE = statement(
    sa.update(challenge_entry)
    .where(_entry)
    .values({name: sa.bindparam(name, type_=challenge_entry.c[name].type) for name in ("days", "told", "score")})
)
_ENTRY = (challenge_entry.c.challenge, challenge_entry.c.days, challenge_entry.c.told, challenge_entry.c.score)
_OF_TOKEN = statement(sa.select(*_ENTRY).where(challenge_entry.c.token == _token))


@dataclass(frozen=True)
class Entry:
    """How far a member has come."""

    challenge: bytes
    days: tuple[date, ...] = ()
    told: bool = False
    score: int = 0


async def put(tx: Transaction, said: Challenge) -> None:
    """Store a program, in the place of what it was before."""
    fields = {name: getattr(said, name) for name in _SAID if name != "questions"}
    await _PUT.execute(tx, id=said.id, questions=_QUESTIONS.dump_json(said.questions).decode(), **fields)


async def find(tx: Transaction, challenge_id: bytes) -> Challenge | None:
    """Return a program."""
    row = await _FIND.one_or_none(tx, id=challenge_id)
    return None if row is None else _read(row)


async def every(tx: Transaction) -> list[Challenge]:
    """Return all programs; those that end last come first."""
    return [_read(row) for row in await _EVERY.all(tx)]


async def counts(tx: Transaction) -> dict[bytes, int]:
    """Return how many have joined each."""
    return {row["challenge"]: row["members"] for row in await _COUNTS.all(tx)}


async def join(tx: Transaction, token: Token, challenge_id: bytes) -> None:
    """Let a member join; who has joined stays as far as they are."""
    await _JOIN.execute(tx, token=token, challenge=challenge_id)


async def leave(tx: Transaction, token: Token, challenge_id: bytes) -> None:
    """Forget what a member did in a program."""
    await _LEAVE.execute(tx, token=token, challenge=challenge_id)


async def change(tx: Transaction, token: Token, said: Entry) -> None:
    """Store how far a member has come."""
    await _CHANGE.execute(tx, token=token, challenge=said.challenge, days=said.days, told=said.told, score=said.score)


async def entries(tx: Transaction, token: Token) -> Sequence[Entry]:
    """Return what a member has joined."""
    return [Entry(row["challenge"], tuple(row["days"]), row["told"], row["score"]) for row in await _OF_TOKEN.all(tx, token=token)]


def _read(row: Record) -> Challenge:
    said = dict(row)
    # What is stored was checked when it came.
    return Challenge.model_construct(**said | {"questions": _QUESTIONS.validate_json(said["questions"])})
