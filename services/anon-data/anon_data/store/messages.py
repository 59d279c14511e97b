"""Rows of ``message``, ``message_to`` and ``message_mark``."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from mailboxes.readers import Token
from mailboxes.store.given import given
from protocol.messages.member_messages import Mark, MemberMessage, Segment, SendMessage, Words
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, insert

from anon_data.store.checkups import checkup, observation
from anon_data.store.consents import agreed
from anon_data.store.items import item
from anon_data.store.people import person

GUIDANCE_ITEM = "9N506000000000011"
"""保健指導レベル, in whose choice list (3001) these are the codes:"""
GUIDANCE_LEVELS: Mapping[str, str] = {"active": "1", "motivational": "2", "information": "3"}

metadata = sa.MetaData()
message = sa.Table(
    "message",
    metadata,
    sa.Column("id", BYTEA, primary_key=True),
    sa.Column("title_ja", sa.Text, nullable=False),
    sa.Column("body_ja", sa.Text, nullable=False),
    sa.Column("title_en", sa.Text),
    sa.Column("body_en", sa.Text),
    sa.Column("link", sa.Text),
    sa.Column("sent", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("people", sa.Integer, nullable=False),
)
addressed = sa.Table(
    "message_to", metadata, sa.Column("token", BYTEA, primary_key=True), sa.Column("message", BYTEA, primary_key=True)
)
marks = sa.Table(
    "message_mark", metadata, sa.Column("message", BYTEA, primary_key=True), sa.Column("mark", BYTEA, primary_key=True)
)

_SAID = ("title_ja", "body_ja", "title_en", "body_en", "link", "until")
_id, _token, _today = (
    sa.bindparam("message", type_=BYTEA),
    sa.bindparam("token", type_=BYTEA),
    sa.bindparam("today", type_=sa.Date),
)
_PUT = statement(
    insert(message)
    .values(
        id=_id,
        sent=sa.bindparam("sent", type_=sa.Date),
        people=0,
        **{name: sa.bindparam(name, type_=message.c[name].type) for name in _SAID},
    )
    .on_conflict_do_nothing(index_elements=[message.c.id])
)
_FIND = statement(sa.select(*(message.c[name] for name in (*_SAID, "people"))).where(message.c.id == _id))
_COUNT = statement(
    sa.update(message).where(message.c.id == _id).values(people=message.c.people + sa.bindparam("more", type_=sa.Integer))
)

_SENT_ON = statement(sa.select(sa.func.count()).select_from(message).where(message.c.sent == sa.bindparam("day", type_=sa.Date)))


def _address(people: "sa.Select[tuple[bytes]]") -> "sa.sql.dml.Insert":
    named = people.subquery("people")
    return (
        insert(addressed)
        .from_select(["token", "message"], sa.select(named.c.token, _id).order_by(named.c.token))
        .on_conflict_do_nothing(index_elements=[addressed.c.token, addressed.c.message])
    )


def _unless_given(name: str, kind: "sa.types.TypeEngine[Any]", condition: "sa.ColumnElement[bool]") -> "sa.ColumnElement[bool]":
    return sa.or_(sa.bindparam(name, type_=kind).is_(None), condition)


_given = given(person.c.token)
_ADDRESS_TOKENS = statement(_address(sa.select(_given.c.token).where(sa.exists().where(person.c.token == _given.c.token))))
_year, _levels = sa.bindparam("guidance_year", type_=sa.SmallInteger), sa.bindparam("levels", type_=ARRAY(sa.Text))
_newest = (
    sa.select(observation.c.choice)
    .select_from(
        checkup.join(
            observation,
            sa.and_(*(observation.c[name] == checkup.c[name] for name in ("token", "exam_date", "program"))),
        ).join(item, item.c.id == observation.c.item)
    )
    .where(checkup.c.token == person.c.token, checkup.c.fiscal_year == _year, item.c.code == GUIDANCE_ITEM)
    .order_by(checkup.c.exam_date.desc())
    .limit(1)
    .scalar_subquery()
)
_none_in = sa.bindparam("no_checkup_in", type_=sa.SmallInteger)
_ADDRESS_SEGMENT = statement(
    _address(
        sa.select(person.c.token).where(
            _unless_given("sex", sa.Text(), person.c.sex == sa.bindparam("sex", type_=sa.Text)),
            _unless_given("relation", sa.Text(), person.c.relation == sa.bindparam("relation", type_=sa.Text)),
            _unless_given("workplace", sa.Text(), person.c.workplace == sa.bindparam("workplace", type_=sa.Text)),
            _unless_given("born_from", sa.SmallInteger(), person.c.birth_year >= sa.bindparam("born_from", type_=sa.SmallInteger)),
            _unless_given(
                "born_until", sa.SmallInteger(), person.c.birth_year <= sa.bindparam("born_until", type_=sa.SmallInteger)
            ),
            _unless_given("guidance_year", sa.SmallInteger(), _newest == sa.any_(_levels)),
            _unless_given(
                "no_checkup_in",
                sa.SmallInteger(),
                ~sa.exists().where(checkup.c.token == person.c.token, checkup.c.fiscal_year == _none_in),
            ),
        )
    )
)

_mine = sa.and_(
    addressed.c.token == _token,
    addressed.c.message == message.c.id,
    message.c.until >= _today,
    agreed(addressed.c.token, "messages"),
)
_OF_TOKEN = statement(
    sa.select(message.c.id, message.c.sent, *(message.c[name] for name in _SAID))
    .select_from(addressed.join(message, addressed.c.message == message.c.id))
    .where(_mine)
    .order_by(message.c.sent.desc(), message.c.id)
)
_marked = given(*marks.columns)
_MARK = statement(
    insert(marks)
    .from_select(
        ["message", "mark"],
        sa.select(_marked.c.message, _marked.c.mark)
        .select_from(_marked.join(message, message.c.id == _marked.c.message).join(addressed, addressed.c.message == message.c.id))
        .where(
            _mine,
            # Nobody makes a message look read by more than it was addressed to.
            sa.select(sa.func.count()).where(marks.c.message == message.c.id).correlate(message).scalar_subquery()
            < message.c.people,
        ),
    )
    .on_conflict_do_nothing(index_elements=[marks.c.message, marks.c.mark])
)
_KEPT = statement(
    sa.select(marks.c.message).select_from(
        _marked.join(marks, sa.and_(marks.c.message == _marked.c.message, marks.c.mark == _marked.c.mark))
    )
)
_COUNTS = statement(
    sa.select(
        message.c.id,
        message.c.people,
        sa.select(sa.func.count()).where(marks.c.message == message.c.id).correlate(message).scalar_subquery().label("read"),
    )
    .where(message.c.id == sa.any_(sa.bindparam("ids", type_=ARRAY(BYTEA))), message.c.until >= _today)
    .order_by(message.c.id)
)

_OVER = "(SELECT id FROM message WHERE until < (to_timestamp(current_setting('seal.now')::bigint) AT TIME ZONE 'UTC')::date)"
FOLD = (
    f"DELETE FROM message_mark WHERE message IN {_OVER}",  # noqa: S608  # our own words
    f"DELETE FROM message_to WHERE message IN {_OVER}",  # noqa: S608  # our own words
    f"DELETE FROM message WHERE id IN {_OVER}",  # noqa: S608  # our own words
)
"""Messages whose last day is over go, with everything about them."""


async def hold(tx: Transaction) -> None:
    """Keep other senders waiting until the transaction ends."""
    await tx.lock("messages")


async def put(tx: Transaction, sent: SendMessage, today: date) -> bool:
    """Insert a message that addresses nobody yet; False where its id is there with other words."""
    said = _said(sent)
    if await _PUT.execute(tx, message=sent.id, sent=today, **said):
        return True
    known = await _FIND.one(tx, message=sent.id)
    return all(known[name] == value for name, value in said.items())


async def address_tokens(tx: Transaction, sent: bytes, tokens: Sequence[bytes]) -> int:
    """Address those tokens that are somebody's, and return how many were not before."""
    return await _counted(tx, sent, await _ADDRESS_TOKENS.execute(tx, message=sent, token=tokens))


async def address_segment(tx: Transaction, sent: bytes, to: Segment) -> int:
    """Address whoever fits, and return how many were not addressed before."""
    criteria = to.model_dump(exclude={"guidance"})
    guidance = to.guidance
    added = await _ADDRESS_SEGMENT.execute(
        tx,
        message=sent,
        guidance_year=guidance.fiscal_year if guidance else None,
        levels=[GUIDANCE_LEVELS[level] for level in guidance.levels] if guidance else None,
        **criteria,
    )
    return await _counted(tx, sent, added)


async def people(tx: Transaction, sent: bytes) -> int:
    """Return how many a message addresses."""
    return int((await _FIND.one(tx, message=sent))["people"])


async def sent_on(tx: Transaction, day: date) -> int:
    """Return how many messages were sent first on a day."""
    return int(await _SENT_ON.scalar(tx, day=day))


async def of_token(tx: Transaction, token: Token, today: date) -> tuple[MemberMessage, ...]:
    """Return what a member who agreed to messages is shown, the newest first."""
    return tuple(_shown(row) for row in await _OF_TOKEN.all(tx, token=token, today=today))


async def mark(tx: Transaction, token: Token, given_marks: Sequence[Mark], today: date) -> None:
    """Keep marks for messages that the member is shown; those that are there stay."""
    await _MARK.execute(tx, token=token, today=today, **_arrays(given_marks))


async def kept(tx: Transaction, given_marks: Sequence[Mark]) -> list[bytes]:
    """Return the messages whose marks are kept."""
    return [row["message"] for row in await _KEPT.all(tx, **_arrays(given_marks))]


async def counts(tx: Transaction, ids: Sequence[bytes], today: date) -> list[tuple[bytes, int, int]]:
    """Return of each message that is still shown how many it addresses, and how many marks there are."""
    return [(row["id"], row["people"], row["read"]) for row in await _COUNTS.all(tx, ids=ids, today=today)]


async def _counted(tx: Transaction, sent: bytes, added: int) -> int:
    if added:
        await _COUNT.execute(tx, message=sent, more=added)
    return added


def _arrays(given_marks: Sequence[Mark]) -> dict[str, object]:
    return {"message": [one.message for one in given_marks], "mark": [one.mark for one in given_marks]}


def _said(sent: SendMessage) -> dict[str, object]:
    english = sent.en
    return {
        "title_ja": sent.ja.title,
        "body_ja": sent.ja.body,
        "title_en": english.title if english else None,
        "body_en": english.body if english else None,
        "link": sent.link,
        "until": sent.until,
    }


def _shown(row: Record) -> MemberMessage:
    # What is stored was checked when it came.
    english = row["title_en"]
    return MemberMessage.model_construct(
        id=row["id"],
        ja=Words.model_construct(title=row["title_ja"], body=row["body_ja"]),
        en=None if english is None else Words.model_construct(title=english, body=row["body_en"]),
        link=row["link"],
        sent=row["sent"],
        until=row["until"],
    )
