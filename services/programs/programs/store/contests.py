"""Rows of ``contest``."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from protocol.messages.contests import Contest, Stage
from sqlalchemy.dialects.postgresql import BYTEA, insert

from programs.store.tables import contest

_id = sa.bindparam("id", type_=BYTEA)
_SAID = tuple(column.name for column in contest.columns if column.name not in ("id", "frozen"))
_SET = {name: sa.bindparam(name, type_=contest.c[name].type) for name in _SAID}
_ALL = sa.select(contest.c.id, contest.c.frozen, *(contest.c[name] for name in _SAID))
_PUT = statement(
    insert(contest).values(id=_id, frozen=sa.false(), **_SET).on_conflict_do_update(index_elements=[contest.c.id], set_=_SET)
)
_FIND = statement(_ALL.where(contest.c.id == _id))
_LIST = statement(_ALL.order_by(contest.c.last.desc(), contest.c.id))
_OPEN = statement(_ALL.where(contest.c.frozen.is_(False)).order_by(contest.c.id))
_FREEZE = statement(sa.update(contest).where(contest.c.id == _id).values(frozen=sa.true()))


class Known:
    """A contest as it stands."""

    def __init__(self, row: Record) -> None:
        """Read a row."""
        said = dict(row)
        self.frozen: bool = said.pop("frozen")
        names, metres = said.pop("stage_names"), said.pop("stage_metres")
        stages = tuple(Stage.model_construct(name=name, metres=at) for name, at in zip(names, metres, strict=True))
        said |= {"leagues": tuple(said["leagues"]), "thresholds": tuple(said["thresholds"]), "stages": stages}
        # What is stored was checked when it came.
        self.contest = Contest.model_construct(**said)


def _row(said: Contest) -> Mapping[str, Any]:
    fields = {name: getattr(said, name) for name in _SAID if not name.startswith("stage_")}
    return {
        **fields,
        "id": said.id,
        "stage_names": [stage.name for stage in said.stages],
        "stage_metres": [stage.metres for stage in said.stages],
    }


async def put(tx: Transaction, said: Contest) -> None:
    """Store a contest, in the place of what it was before."""
    await _PUT.execute(tx, **_row(said))


async def find(tx: Transaction, contest_id: bytes) -> Known | None:
    """Return a contest."""
    row = await _FIND.one_or_none(tx, id=contest_id)
    return None if row is None else Known(row)


async def every(tx: Transaction) -> list[Contest]:
    """Return all contests; those that end last come first."""
    return [Known(row).contest for row in await _LIST.all(tx)]


async def unfrozen(tx: Transaction) -> list[Contest]:
    """Return the contests whose result can still change by what is walked."""
    return [Known(row).contest for row in await _OPEN.all(tx)]


async def freeze(tx: Transaction, contest_id: bytes) -> None:
    """Let no step change the result any more."""
    await _FREEZE.execute(tx, id=contest_id)
