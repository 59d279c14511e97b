"""What tests of life events share: a desk on one day, tables of a few people, and looks into the hosts' databases."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from protocol.names import AUTHORITIES
from protocol.oprf import BlindedBatch, evaluate
from protocol.tokens import USE_MEMBER, TokenSeed
from registrar.home import Home
from registrar.importers import EligibilityRow
from registrar.report import ImportSummary
from registrar.roster_member import Member
from registrar.run import Desk
from rooms.registrar.five_hosts import FiveHosts, Killed
from rooms.registrar.paperwork import write_table

TODAY = date(2026, 11, 26)
LEFT = date(2026, 10, 1)
SENDER = """name = "架空健康保険組合"
name_english = "Fictional Health Insurance Society"
postcode = "000-0101"
address = "架空県試験市見本町1丁目1番1号"
telephone = "00-0000-0000"
hours = "平日9時から17時"
hours_english = "weekdays 9:00 to 17:00"
portal = "localhost:8106"
"""


@dataclass(frozen=True)
class Held:
    """A verifier as an authority has it."""

    kind: str
    not_before: int | None
    expires: int | None
    guardian_until: int | None
    public_key: bytes | None


def desk(hosts: FiveHosts, day: date = TODAY) -> Desk:
    """Return what a command is given on one day."""
    return Desk(hosts.papers.home, hosts.papers.deployment, hosts.papers.officers, mounts=hosts.mounts, today=day)


async def given(hosts: FiveHosts, folder: Path, *rows: EligibilityRow, day: date = TODAY) -> ImportSummary:
    """Import a table of these rows."""
    return await hosts.run(write_table(folder / "eligibility.csv", rows), today=day)


def member_with(hosts: FiveHosts, number: int, branch: str = "00") -> Member:
    """Return the roster's member who has this number now."""
    roster = Home.load(hosts.papers.home).roster()
    found = [one for one in roster.members() if (one.current.number, one.current.branch) == (str(number), branch)]
    roster.close()
    return found[0]


async def sign_in(hosts: FiveHosts, *members: Member) -> None:
    """Do to the databases what a first sign-in does."""
    for one in members:
        for host in AUTHORITIES:
            await hosts.rows(host, "UPDATE account SET ever_released = true WHERE ref = $1", one.refs[host])


async def access(hosts: FiveHosts, member: Member) -> list[tuple[int | None, int | None]]:
    """Return when access and the first work account end, at each authority."""
    work = "(SELECT min(expires) FROM verifier WHERE verifier.ref = account.ref AND kind = 'oidc')"
    found: list[tuple[int | None, int | None]] = []
    for host in AUTHORITIES:
        rows = await hosts.rows(host, f"SELECT access_ends, {work} FROM account WHERE ref = $1", member.refs[host])
        found += [(ends, until) for ends, until in rows]
    return found


async def verifiers_of(hosts: FiveHosts, member: Member) -> list[list[Held]]:
    """Return a member's verifiers at each authority."""
    query = "SELECT kind, not_before, expires, guardian_until, public_key FROM verifier WHERE ref = $1 ORDER BY hash"
    return [[Held(*each) for each in await hosts.rows(host, query, member.refs[host])] for host in AUTHORITIES]


async def killed_after_each_call(hosts: FiveHosts, work: Callable[[], Awaitable[object]]) -> int:
    """Do something that is killed after its first call, then after its second, and so on, until it is done; return the tries."""
    after = 0
    while True:
        hosts.calls.clear()
        after += 1
        hosts.kill_after[:] = [after]
        try:
            await work()
        except Killed:
            continue
        hosts.kill_after.clear()
        return after


def seed_of(hosts: FiveHosts, member: Member) -> TokenSeed:
    """Compute a member's seed at anon-data as nobody but all three authorities together could."""
    batch = BlindedBatch([member.anchor.x])
    keys = hosts.papers.authorities
    answers = {host: evaluate(keys[host].evaluator(USE_MEMBER), batch.blinded[host]) for host in AUTHORITIES}
    public = {host: hosts.papers.deployment.authorities[host].voprf[USE_MEMBER] for host in AUTHORITIES}
    return TokenSeed.from_evaluation(batch.finalize(answers, public, USE_MEMBER)[0], "anon-data")
