"""Letters of the demo: printed by the registrar for a few members, and read as whoever opens the envelope reads them."""

import re
from contextlib import closing
from pathlib import Path

from protocol.code import Code
from protocol.deployment import Deployment
from pypdf import PdfReader
from registrar.chosen import spelt
from registrar.guardians import guardian_of, of_age
from registrar.home import Home
from registrar.posting import SENDER_FILE, print_letters
from registrar.roster import Roster
from registrar.roster_member import Member
from registrar.rules import Rules, today
from registrar.run import Desk

from local import population
from local.errors import StepFailed
from local.layout import Layout
from local.system import System

SENDER = """# How the fictional insurer signs its letters. They name the command; the portal takes the same codes.
name = "架空健康保険組合"
name_english = "Fictional Health Insurance Society"
postcode = "000-0101"
address = "架空県試験市見本町1丁目1番1号"
telephone = "00-0000-0000"
hours = "平日9時から17時"
hours_english = "weekdays 9:00 to 17:00"
command = "warifu login --code"
"""
_RETIREES = 2
_CODE = re.compile("WF1[0-9A-Z-]{40}")


async def print_for(system: System, members: list[Member], out: Path) -> None:
    """Let the registrar print letters for these members; StepFailed unless all were printed."""
    layout = system.layout
    sender = layout.registrar / SENDER_FILE
    if not sender.exists():
        sender.write_text(SENDER, encoding="utf-8")
    desk = Desk(layout.registrar, Deployment.load(system.deployment_path), sorted(layout.officers.glob("*.key")))
    chosen = [spelt(one.current) for one in members]
    summary = await system.as_registrar(lambda: print_letters(desk, out, [population.files(layout)[0]], chosen))
    if summary.printed.total() != len(members):
        raise StepFailed(f"letters were not printed: {', '.join(summary.refused)}")


def retirees(layout: Layout) -> list[Member]:
    """Return the insured without a work account who got no letter yet, in the order of their numbers."""
    with closing(Home.load(layout.registrar).roster()) as roster:
        found = [one for one in roster.members() if one.relation == "insured" and not one.work_id and _waits(one)]
    return sorted(found, key=lambda one: one.current)


def samples(layout: Layout) -> list[Member]:
    """Return whose letters whoever tries the demo gets: a few retirees', and one for a child whose guardian has no work account."""
    with closing(Home.load(layout.registrar).roster()) as roster:
        children = [one for one in roster.members() if _waits(one) and _guardian_needs_a_letter(one, roster)]
    return [*retirees(layout)[:_RETIREES], *sorted(children, key=lambda one: one.current)[:1]]


def code_on(letter: Path) -> Code:
    """Return the code that stands on a letter's first page."""
    found = _CODE.search("".join(PdfReader(letter).pages[0].extract_text().split()))
    if found is None:
        raise StepFailed("no code can be read on the letter")
    return Code.parse(found.group())


def _waits(member: Member) -> bool:
    return bool(member.group) and member.lost is None and member.letter is None and not member.released


def _guardian_needs_a_letter(child: Member, roster: Roster) -> bool:
    guardian = guardian_of(child, roster)
    return guardian is not None and not guardian.work_id and of_age(child, Rules()) > today()
