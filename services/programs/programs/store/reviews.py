"""Rows of ``held_day`` and ``adjustment``: what somebody of the staff has to look at, and what they corrected."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.messages.reviews import Adjust, Adjusted, HeldDay
from sqlalchemy.dialects.postgresql import BYTEA, insert

from programs.store.tables import adjustment, held_day

_contest, _review = (sa.bindparam(name, type_=BYTEA) for name in ("contest", "review"))
_who, _why = (sa.bindparam(name, type_=sa.Text) for name in ("who", "why"))
_WAITING = statement(
    sa.select(held_day.c.review, held_day.c.day, held_day.c.steps, held_day.c.accepted, held_day.c.decided_by, held_day.c.reason)
    .where(held_day.c.contest == _contest)
    .order_by(held_day.c.accepted.is_not(None), held_day.c.day, held_day.c.review)
)
_DECIDE = statement(
    sa.text(
        """
        WITH decided AS (
            UPDATE held_day h SET accepted = :accepted, decided_by = :who, reason = :why
            FROM contest c
            WHERE h.review = :review AND h.steps = :steps AND c.id = h.contest AND NOT c.frozen
            RETURNING h.token, h.day
        ), again AS (
            INSERT INTO step_change (token, day, mark) SELECT token, day, uuid_send(gen_random_uuid()) FROM decided
        )
        SELECT count(*) FROM decided
        """
    ).bindparams(_review, _who, _why, sa.bindparam("accepted", type_=sa.Boolean), sa.bindparam("steps", type_=sa.Integer))
)
_adjusted = ("id", "team", "made", "made_by", "reason", "before", "after")
_ADJUST = statement(
    insert(adjustment)
    .values(contest=_contest, **{name: sa.bindparam(name, type_=adjustment.c[name].type) for name in _adjusted})
    .on_conflict_do_nothing()
)
_ADJUSTMENTS = statement(
    sa.select(*(adjustment.c[name] for name in _adjusted))
    .where(adjustment.c.contest == _contest)
    .order_by(adjustment.c.made, adjustment.c.id)
)


async def held(tx: Transaction, contest: bytes) -> tuple[HeldDay, ...]:
    """Return what is held in a contest; what nobody has looked at comes first."""
    return tuple(HeldDay.model_construct(**dict(row)) for row in await _WAITING.all(tx, contest=contest))


async def decide(tx: Transaction, review: bytes, steps: int, *, accepted: bool, who: str, why: str) -> bool:
    """Say whether a held total counts; False when it is another total by now, or its contest is frozen."""
    decided: int = await _DECIDE.scalar(tx, review=review, steps=steps, accepted=accepted, who=who, why=why)
    return decided == 1


async def adjust(tx: Transaction, asked: Adjust, before: int, who: str, day: date) -> bool:
    """Correct a team's final steps; False when this correction was made before."""
    said = {"id": asked.id, "team": asked.team, "reason": asked.reason, "after": asked.steps}
    return await _ADJUST.execute(tx, contest=asked.contest, before=before, made=day, made_by=who, **said) == 1


async def adjustments(tx: Transaction, contest: bytes) -> Sequence[Adjusted]:
    """Return the corrections of a contest."""
    return [Adjusted.model_construct(**dict(row)) for row in await _ADJUSTMENTS.all(tx, contest=contest)]
