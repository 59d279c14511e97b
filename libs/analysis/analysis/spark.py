"""Apache Spark as the backend: the same expressions, for snapshots that are larger than one machine.

PySpark and Java are not installed with this package (`make spark`). Unlike DuckDB a session of Spark is not locked to the
snapshot's folder: it reads whatever its account may read.
"""

import os
import shutil
from collections.abc import Sequence

import ibis
from ibis.expr.types import Table

from analysis.backends import Row
from analysis.errors import BackendMissing
from analysis.expressions import Side, blocks, expression
from analysis.policy import Policy
from analysis.questions import Plan
from analysis.snapshots import Snapshot

_SETTINGS = {
    # Nobody else talks to a session on this machine.
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.showConsoleProgress": "false",
}


class Spark:
    """One session of Spark, on this machine where no other is under way (`SparkSession.getOrCreate`)."""

    def __init__(self, snapshot: Snapshot) -> None:
        try:
            from pyspark.sql import SparkSession  # noqa: PLC0415  # whoever lists all modules does not need it
        except ImportError:
            raise BackendMissing("PySpark is not installed: see `make spark`") from None
        if not shutil.which("java") and "JAVA_HOME" not in os.environ:
            raise BackendMissing("Apache Spark needs Java 17: there is none, and JAVA_HOME names none")
        builder = SparkSession.builder.appName("analysis")
        if SparkSession.getActiveSession() is None:
            # Ibis changes settings of a session after its start, which Spark refuses for some: so it is made before.
            for name, value in _SETTINGS.items():
                builder = builder.config(name, value)
        self._session = builder.getOrCreate()
        self.connection = ibis.pyspark.connect(self._session)
        self.member_years: Table = self.connection.read_parquet(str(snapshot.member_years))
        self.disease_years: Table = self.connection.read_parquet(str(snapshot.disease_years))

    def rows(self, asked: Plan, policy: Policy, side: Side = "all") -> Sequence[Row]:
        """Return a row for each group of whom something is shown, in any order."""
        rows = self.disease_years if side == "diseases" else self.member_years
        return self._collected(expression(rows, asked, policy, side))

    def blocks(self) -> Sequence[Row]:
        """Return the fiscal year and the levels of all blocks, each once."""
        return self._collected(blocks(self.member_years))

    def stop(self) -> None:
        """End the session."""
        self._session.stop()

    def _collected(self, table: Table) -> Sequence[Row]:
        return [tuple(row) for row in self._session.sql(self.connection.compile(table)).collect()]
