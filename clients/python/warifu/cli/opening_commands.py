"""The shell's command about the release logs."""

from protocol.names import AUTHORITIES
from rich.console import Console
from rich.table import Table

from warifu._openings import OpeningsReport
from warifu.session import MemberSession

from .words import Words


class OpeningCommands:
    """Each public method is the command of its name."""

    def __init__(self, session: MemberSession, console: Console, words: Words) -> None:
        self._session = session
        self._console = console
        self._words = words

    async def openings(self) -> None:
        """Show the list, and say aloud what does not fit."""
        report = await self._session.openings()
        table = Table(title=self._words("title-openings"))
        for column in ("date", "opening-kind", "opening-by", "opening-logs"):
            table.add_column(self._words(column))
        for one in report.openings:
            by = self._words("opening-own" if one.own else "opening-other")
            logs = ", ".join(host for host in AUTHORITIES if host in one.hosts)
            table.add_row(
                one.day.isoformat(), self._words(f"opening-{one.kind}"), by, logs, style="bold red" if one.missing else ""
            )
        self._console.print(table)
        self._warn_of(report)
        if report.good:
            self._console.print(self._words("logs-good"))

    def _warn_of(self, report: OpeningsReport) -> None:
        for one in report.openings:
            for host in sorted(one.missing):
                self._warn("opening-missing", host=host, day=one.day.isoformat(), kind=self._words(f"opening-{one.kind}"))
        for host, day in report.begun.items():
            self._warn("log-begun", host=host, day=day.isoformat())
        for alarm in report.alarms:
            self._warn(f"log-{alarm.trouble}", host=alarm.host)
        for host in sorted(report.unavailable):
            self._warn("log-unavailable", host=host)
        for host, cosigners in report.cosigners.items():
            for other in AUTHORITIES:
                if other != host and other not in cosigners:
                    self._warn("log-not-vouched", host=host, other=other)

    def _warn(self, key: str, **values: object) -> None:
        self._console.print(self._words(key, **values), style="bold red", markup=False, highlight=False, soft_wrap=True)
