"""Rows of ``saved_report`` and ``report_result``."""

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from protocol.messages.saved_reports import PutReport, ReportResult, SavedReport
from sqlalchemy.dialects.postgresql import insert

metadata = sa.MetaData()
report = sa.Table(
    "saved_report",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("version", sa.SmallInteger, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("saved_by", sa.Text, nullable=False),
    sa.Column("saved", sa.Date, nullable=False),
)
result = sa.Table(
    "report_result",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("month", sa.Text, primary_key=True),
    sa.Column("version", sa.SmallInteger, primary_key=True),
    sa.Column("content", sa.Text, nullable=False),
)

_name = sa.bindparam("name", type_=sa.Text)
_month = sa.bindparam("month", type_=sa.Text)
_put = insert(report).values({column.name: sa.bindparam(column.name, type_=column.type) for column in report.columns})
_PUT = statement(
    _put.on_conflict_do_update(
        index_elements=[report.c.name],
        set_={column.name: _put.excluded[column.name] for column in report.columns if column is not report.c.name},
    )
)
_months = sa.select(sa.func.array_agg(sa.distinct(result.c.month))).where(result.c.name == report.c.name).correlate(report)
_SHOWN = sa.select(report, _months.scalar_subquery().label("months"))
_ALL = statement(_SHOWN.order_by(report.c.name))
_ONE = statement(_SHOWN.where(report.c.name == _name))
_COUNT = statement(sa.select(sa.func.count()).select_from(report))
_UNANSWERED = statement(
    sa.select(report.c.name, report.c.version, report.c.content)
    .where(~sa.exists().where(result.c.name == report.c.name, result.c.version == report.c.version, result.c.month == _month))
    .order_by(report.c.name)
)
_version = sa.bindparam("version", type_=sa.SmallInteger)
_KEEP = statement(
    insert(result)
    .from_select(
        ["name", "month", "version", "content"],
        sa.select(report.c.name, _month, report.c.version, sa.bindparam("content", type_=sa.Text)).where(
            report.c.name == _name, report.c.version == _version
        ),
    )
    .on_conflict_do_nothing()
)
_RESULT = statement(
    sa.select(result.c.content).where(result.c.name == _name, result.c.month == _month).order_by(result.c.version.desc()).limit(1)
)
_DELETE = statement(sa.delete(report).where(report.c.name == _name))
_DELETE_RESULTS = statement(sa.delete(result).where(result.c.name == _name))


class Unanswered(NamedTuple):
    """A report of which a month has no result yet."""

    name: str
    version: int
    report: PutReport


async def hold(tx: Transaction) -> None:
    """Keep others who save reports waiting until the transaction ends."""
    await tx.lock("saved-reports")


async def find(tx: Transaction, name: str) -> SavedReport | None:
    """Return a report."""
    row = await _ONE.one_or_none(tx, name=name)
    return None if row is None else _saved(row)


async def every(tx: Transaction) -> tuple[SavedReport, ...]:
    """Return all reports by name."""
    return tuple(map(_saved, await _ALL.all(tx)))


async def count(tx: Transaction) -> int:
    """Return how many reports there are."""
    return int(await _COUNT.scalar(tx))


async def put(tx: Transaction, name: str, version: int, asked: PutReport, who: str, day: date) -> None:
    """Insert a report, or write its next version over the one before."""
    await _PUT.execute(tx, name=name, version=version, content=asked.model_dump_json(), saved_by=who, saved=day)


async def unanswered(tx: Transaction, month: str) -> list[Unanswered]:
    """Return the reports whose version of today has no result of a month."""
    rows = await _UNANSWERED.all(tx, month=month)
    return [Unanswered(row["name"], row["version"], PutReport.model_validate_json(row["content"])) for row in rows]


async def keep(tx: Transaction, name: str, found: ReportResult) -> None:
    """Insert a result, unless there is one, or the report has gone or changed."""
    await _KEEP.execute(tx, name=name, month=found.snapshot, version=found.version, content=found.model_dump_json())


async def read(tx: Transaction, name: str, month: str) -> ReportResult | None:
    """Return what a report was answered of a month, by its latest version then."""
    row = await _RESULT.one_or_none(tx, name=name, month=month)
    return None if row is None else ReportResult.model_validate_json(row["content"])


async def delete(tx: Transaction, name: str) -> bool:
    """Delete a report and its results; False where there is none."""
    await _DELETE_RESULTS.execute(tx, name=name)
    return await _DELETE.execute(tx, name=name) == 1


def _saved(row: Record) -> SavedReport:
    fields = dict(row)
    asked = PutReport.model_validate_json(fields.pop("content"))
    months = sorted(fields.pop("months") or (), reverse=True)
    return SavedReport(**fields, report=asked, months=tuple(months))
