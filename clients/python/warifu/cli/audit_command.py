"""``warifu audit``: check the three release logs. Nobody signs in for it."""

from pathlib import Path

from protocol.deployment import Deployment
from protocol.names import AuthorityName
from rich.console import Console

from warifu._wire import Wire, http_client, system_clock
from warifu.transparency import AuditReport, KnownLogs, audit, beginning

from .words import Words

ALARMED, DIFFERENT = 1, 2


async def audited(deployment: Deployment, state: Path, console: Console, words: Words) -> int:
    """Check the logs against what ``state`` keeps of the last time, show what was found, and return the exit code."""
    async with http_client(deployment) as http:
        report = await audit(Wire(http, deployment, system_clock), KnownLogs.load(state))
    report.known.save(state)
    show(report, console, words)
    if report.alarms or report.unavailable:
        return ALARMED
    return DIFFERENT if report.differences or report.begun else 0


async def carried_over(deployment: Deployment, host: AuthorityName) -> str:
    """Return the entry of ``logs`` in deployment.json with which an authority that was restored begins its log anew."""
    async with http_client(deployment) as http:
        return (await beginning(Wire(http, deployment, system_clock), host)).model_dump_json(indent=2)


def show(report: AuditReport, console: Console, words: Words) -> None:
    """Print a report."""

    def say(key: str, style: str, **values: object) -> None:
        console.print(words(key, **values), style=style, markup=False, highlight=False, soft_wrap=True)

    for host, found in report.checked.items():
        counts = ", ".join(f"{kind} {count}" for kind, count in sorted(report.counted.get(host, {}).items()))
        cosigners = ", ".join(sorted(found.cosigners)) or words("audit-nobody")
        say("audit-log", "", host=host, size=found.checkpoint.size, counts=counts, cosigners=cosigners)
    for host in report.unavailable:
        say("log-unavailable", "bold red", host=host)
    for alarm in report.alarms:
        say(f"log-{alarm.trouble}", "bold red", host=alarm.host)
    for host, missed in report.begun.items():
        counts = ", ".join(f"{words(f'opening-{kind}')} {count}" for kind, count in missed.items()) or words("audit-nothing")
        say("audit-begun", "bold red", host=host, counts=counts)
    for kind, numbers in report.differences.items():
        said = ", ".join(f"{host} {number}" for host, number in numbers.items())
        say("audit-difference", "bold red", kind=words(f"opening-{kind}"), counts=said)
    if not (report.alarms or report.unavailable or report.differences or report.begun):
        say("audit-good", "")
