"""The tables of contests."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA

metadata = sa.MetaData()


def _key(name: str) -> "sa.Column[bytes]":
    return sa.Column(name, BYTEA, primary_key=True)


contest = sa.Table(
    "contest",
    metadata,
    _key("id"),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("teams", sa.Text, nullable=False),
    sa.Column("score", sa.Text, nullable=False),
    sa.Column("top", sa.SmallInteger),
    sa.Column("enter_from", sa.Date, nullable=False),
    sa.Column("enter_until", sa.Date, nullable=False),
    sa.Column("first", sa.Date, nullable=False),
    sa.Column("last", sa.Date, nullable=False),
    sa.Column("daily_cap", sa.Integer, nullable=False),
    sa.Column("manual", sa.Boolean, nullable=False),
    sa.Column("largest_team", sa.SmallInteger, nullable=False),
    sa.Column("leagues", ARRAY(sa.Integer), nullable=False),
    sa.Column("active_days", sa.SmallInteger, nullable=False),
    sa.Column("active_steps", sa.Integer, nullable=False),
    sa.Column("thresholds", ARRAY(sa.SmallInteger), nullable=False),
    sa.Column("stage_names", ARRAY(sa.Text), nullable=False),
    sa.Column("stage_metres", ARRAY(sa.Integer), nullable=False),
    sa.Column("frozen", sa.Boolean, nullable=False),
)
team = sa.Table(
    "team",
    metadata,
    _key("id"),
    sa.Column("contest", BYTEA, sa.ForeignKey("contest.id")),
    sa.Column("name", sa.Text),
    sa.Column("code", BYTEA, unique=True),
)
unit_member = sa.Table(
    "unit_member", metadata, _key("token"), sa.Column("since", sa.Date, primary_key=True), sa.Column("unit", BYTEA)
)
roster_row = sa.Table(
    "roster_row", metadata, _key("token"), sa.Column("since", sa.Date, primary_key=True), sa.Column("unit", BYTEA, nullable=False)
)
entry = sa.Table(
    "entry",
    metadata,
    _key("token"),
    _key("contest"),
    sa.Column("team", BYTEA),
    sa.Column("captain", sa.Boolean, nullable=False),
    sa.Column("nickname", sa.Text),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("excused", sa.Boolean, nullable=False),
    sa.Column("steps", sa.Integer, nullable=False),
    sa.Column("days", sa.SmallInteger, nullable=False),
)
step_change = sa.Table("step_change", metadata, _key("token"), sa.Column("day", sa.Date, primary_key=True), _key("mark"))


def _counted(name: str) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        _key("token"),
        _key("contest"),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("team", BYTEA),
        sa.Column("steps", sa.Integer, nullable=False),
    )


contest_day = _counted("contest_day")
contest_day_recent = _counted("contest_day_recent")
held_day = sa.Table(
    "held_day",
    metadata,
    _key("token"),
    _key("contest"),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("steps", sa.Integer, nullable=False),
    sa.Column("review", BYTEA, nullable=False, unique=True),
    sa.Column("accepted", sa.Boolean),
    sa.Column("decided_by", sa.Text),
    sa.Column("reason", sa.Text),
)
team_day = sa.Table(
    "team_day",
    metadata,
    _key("contest"),
    _key("team"),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("steps", sa.BigInteger, nullable=False),
)
adjustment = sa.Table(
    "adjustment",
    metadata,
    _key("contest"),
    _key("id"),
    sa.Column("team", BYTEA, nullable=False),
    sa.Column("made", sa.Date, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("before", sa.BigInteger, nullable=False),
    sa.Column("after", sa.BigInteger, nullable=False),
)
ranking = sa.Table(
    "ranking",
    metadata,
    _key("contest"),
    sa.Column("generation", sa.Integer, primary_key=True),
    sa.Column("computed_at", sa.BigInteger, nullable=False),
    sa.Column("final", sa.Boolean, nullable=False),
)
ranking_team = sa.Table(
    "ranking_team",
    metadata,
    _key("contest"),
    sa.Column("generation", sa.Integer, primary_key=True),
    _key("team"),
    sa.Column("league", sa.SmallInteger, nullable=False),
    sa.Column("own", sa.Text, nullable=False),
)
ranking_page = sa.Table(
    "ranking_page",
    metadata,
    _key("contest"),
    sa.Column("generation", sa.Integer, primary_key=True),
    sa.Column("league", sa.SmallInteger, primary_key=True),
    sa.Column("page", sa.Integer, primary_key=True),
    sa.Column("content", sa.Text, nullable=False),
)
recount_night = sa.Table(
    "recount_night",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    *(sa.Column(name, sa.Integer, nullable=False) for name in ("contests", "team_days", "entries")),
)
