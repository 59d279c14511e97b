"""Rows of the tables ``kept_*``: what statistics may still count of erased people, under names that nobody knows.

Names are hashes under a secret that the erasure draws and forgets. They are shorter than tokens, so no request can name one.
Exact days, workplaces, what is sealed, what members wrote themselves, and hashes of what was imported do not come along.
"""

import sqlalchemy as sa
from chassis.database import Statement, statement
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA

from anon_data.store.checkups import InternalChar

metadata = sa.MetaData()
person = sa.Table(
    "kept_person",
    metadata,
    sa.Column("person", BYTEA, primary_key=True),
    sa.Column("sex", sa.Text, nullable=False),
    sa.Column("birth_year", sa.SmallInteger, nullable=False),
)
checkup = sa.Table(
    "kept_checkup",
    metadata,
    sa.Column("person", BYTEA, primary_key=True),
    sa.Column("visit", BYTEA, primary_key=True),
    sa.Column("fiscal_year", sa.SmallInteger, nullable=False),
    sa.Column("program", sa.SmallInteger, nullable=False),
    sa.Column("age", sa.SmallInteger, nullable=False),
)
observation = sa.Table(
    "kept_observation",
    metadata,
    sa.Column("person", BYTEA, primary_key=True),
    sa.Column("visit", BYTEA, primary_key=True),
    sa.Column("item", sa.SmallInteger, primary_key=True),
    sa.Column("absent", sa.SmallInteger),
    sa.Column("flag", InternalChar),
    sa.Column("value", sa.Numeric),
    sa.Column("choice", sa.Text),
)
claim = sa.Table(
    "kept_claim",
    metadata,
    sa.Column("person", BYTEA, primary_key=True),
    sa.Column("claim", BYTEA, primary_key=True),
    sa.Column("month", sa.Date, nullable=False),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("own_payment", sa.Integer, nullable=False),
    sa.Column("days", sa.SmallInteger, nullable=False),
    sa.Column("kind", sa.SmallInteger, nullable=False),
    sa.Column("inpatient", sa.Boolean, nullable=False),
    sa.Column("estimated", sa.Boolean, nullable=False),
)
diagnosis = sa.Table(
    "kept_diagnosis",
    metadata,
    sa.Column("person", BYTEA, primary_key=True),
    sa.Column("claim", BYTEA, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("main", sa.Boolean, nullable=False),
)
drug = sa.Table(
    "kept_drug",
    metadata,
    sa.Column("person", BYTEA, primary_key=True),
    sa.Column("claim", BYTEA, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("amount", sa.Numeric),
)
guidance = sa.Table(
    "kept_guidance",
    metadata,
    sa.Column("person", BYTEA, primary_key=True),
    sa.Column("report", BYTEA, primary_key=True),
    sa.Column("fiscal_year", sa.SmallInteger, nullable=False),
    sa.Column("stage", sa.SmallInteger, nullable=False),
    sa.Column("level", sa.SmallInteger),
)

_PERSON = "substr(sha256(:secret || token), 1, 16)"
_VISIT = "substr(sha256(:secret || token || convert_to(exam_date::text || ' ' || program, 'UTF8')), 1, 16)"
_CLAIM = "substr(sha256(:secret || token || claim), 1, 16)"
_REPORT = "substr(sha256(:secret || token || convert_to(day::text || ' ' || stage, 'UTF8')), 1, 16)"


def _keep(into: sa.Table, names: str, source: str) -> Statement:
    """Return the statement that copies rows of ``tokens``, in the order of their new names; ``names`` make the first columns."""
    columns = ", ".join(column.name for column in into.columns)
    keys = ", ".join(str(at) for at in range(1, len(into.primary_key) + 1))
    text = f"INSERT INTO {into.name} ({columns}) SELECT {names} FROM {source} WHERE token = ANY (:tokens) ORDER BY {keys}"  # noqa: S608
    return statement(sa.text(text).bindparams(sa.bindparam("tokens", type_=ARRAY(BYTEA)), sa.bindparam("secret", type_=BYTEA)))


KEEPING = (
    _keep(person, f"{_PERSON}, sex, birth_year", "person"),
    _keep(checkup, f"{_PERSON}, {_VISIT}, fiscal_year, program, age", "checkup"),
    _keep(observation, f"{_PERSON}, {_VISIT}, item, absent, flag, value, choice", "observation"),
    _keep(claim, f"{_PERSON}, {_CLAIM}, month, points, own_payment, days, kind, inpatient, estimated", "medical_claim"),
    _keep(diagnosis, f"{_PERSON}, {_CLAIM}, code, main", "medical_claim_diagnosis"),
    _keep(drug, f"{_PERSON}, {_CLAIM}, code, amount", "medical_claim_drug"),
    _keep(guidance, f"{_PERSON}, {_REPORT}, extract(year FROM day - interval '3 months')::smallint, stage, level", "guidance"),
)
"""Statements about ``tokens`` that an erasure runs first where the insurer's rules say that health records stay."""
