"""The service's own database: SQLAlchemy Core writes each statement once, asyncpg runs it."""

from asyncpg import CheckViolationError as CheckViolation
from asyncpg import ForeignKeyViolationError as ForeignKeyViolation
from asyncpg import RaiseError as Raised
from asyncpg import Record
from asyncpg import UniqueViolationError as UniqueViolation

from chassis.database.drift import drift
from chassis.database.pool import Database, Transaction
from chassis.database.statement import NotOneRow, Statement, statement

__all__ = [
    "CheckViolation",
    "Database",
    "ForeignKeyViolation",
    "NotOneRow",
    "Raised",
    "Record",
    "Statement",
    "Transaction",
    "UniqueViolation",
    "drift",
    "statement",
]
