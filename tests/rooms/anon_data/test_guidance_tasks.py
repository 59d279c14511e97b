"""The staff who guide read tokens and steps, and nobody else of the staff does; nothing they read is a name, a value or a day."""

from datetime import date
from pathlib import Path

import pytest
from health.support import DONE, NEEDED, ONCE
from protocol.messages.base import Message
from protocol.messages.guidance import Guidance, GuidanceRow, StoreGuidance
from protocol.messages.guidance_tasks import (
    SUPPORTS,
    AskTasks,
    GuidanceSupport,
    GuidanceTask,
    GuidanceTasks,
    GuidedYear,
    ReminderTask,
    ReminderTasks,
    Supported,
    SupportRow,
    TellSupport,
)
from protocol.messages.mailbox import OpenMailboxes, SetSuspensions, Suspension
from protocol.messages.records import Item, Observation, WithdrawCheckups, WithdrawnCheckup
from protocol.staff import Role, StaffGrant
from pydantic import ValidationError
from registrar.reidentify import read_tokens
from support.office import Colleague, Seat, put_list, signed_list, staffed
from support.store_host import Member, StoreHost, problem
from warifu.staff_tasks import TasksDesk

from .samples import checkup, put_items, store

REMINDERS, GUIDANCE, SUPPORT = "/staff/tasks/reminders", "/staff/tasks/guidance", "/staff/tasks/guidance/support"
ASKED = AskTasks(fiscal_year=2026)
LEVEL = Item(code="9N506000000000011", name="guidance-level", display="保健指導レベル", kind="code", labels={"1": "積極的支援"})


async def guide(host: StoreHost) -> tuple[Colleague, TasksDesk]:
    one = Colleague("desk-9", roles=("guidance",))
    await staffed(host, one)
    return one, TasksDesk(Seat(host, one))


async def people(host: StoreHost, number: int) -> list[Member]:
    """Enrol fictional members, the lowest token first, and make the level's item known."""
    members = sorted((Member.new("anon-data") for _ in range(number)), key=lambda member: member.token)
    await host.enrol(members, claim=False)
    assert await put_items(host, LEVEL) == 204
    return members


async def examined(host: StoreHost, *who: tuple[Member, str, date]) -> None:
    """Import checkups that say a guidance level."""
    rows = []
    for member, level, day in who:
        year = day.year - (day.month < 4)
        said = (Observation(item=LEVEL.code, choice=level),)
        rows.append((member, checkup(exam_date=day, fiscal_year=year, observations=said, details=None)))
    assert (await store(host, *rows)).json()["inserted"] == len(rows)


async def reported(host: StoreHost, *who: tuple[Member, date, str]) -> None:
    rows = (GuidanceRow(token=member.token, guidance=Guidance(day=day, stage=stage)) for member, day, stage in who)
    message = StoreGuidance(rows=tuple(sorted(rows, key=lambda row: (row.token, row.guidance.day))))
    assert (await host.as_registrar("ingest", "POST", "/guidance", message)).status_code == 200


async def test_reminders(host: StoreHost, tmp_path: Path) -> None:
    """Due are those of 40 to 74 who were not examined in the year and may sign in, with the year in which they last were."""
    members = await people(host, 5)
    never, before, now, young, suspended = members
    row = young.mailbox()
    assert row.attributes is not None
    child = row.model_copy(update={"attributes": row.attributes.model_copy(update={"birth_year": 1987})})
    await host.as_registrar("enrol", "POST", "/mailboxes", OpenMailboxes(rows=(child,)))
    await examined(host, (before, "3", date(2024, 6, 1)), (before, "3", date(2026, 3, 31)), (now, "3", date(2026, 4, 1)))
    listed = await host.decided("suspend", suspended)
    entry = Suspension(token=suspended.token, suspended=True, subject=listed.proof("anon-data", suspended.token))
    await host.as_registrar("suspend", "POST", "/suspensions", SetSuspensions(rows=(entry,)))
    colleague, desk = await guide(host)
    rest = await colleague.call(host, "POST", REMINDERS, message=AskTasks(fiscal_year=2026, after=never.token))
    (tmp_path / "tokens.csv").write_text(await desk.reminders_csv(2026), encoding="utf-8")

    assert await desk.reminders(2026) == [
        ReminderTask(token=never.token, last_examined=None),
        ReminderTask(token=before.token, last_examined=2025),
    ]
    assert [one.token for one in ReminderTasks.model_validate_json(rest.content).rows] == [before.token]
    assert read_tokens(tmp_path / "tokens.csv") == [never.token, before.token]


async def test_guidance(host: StoreHost) -> None:
    """Steps follow reports until the next checkup and what was told; points are those of active support."""
    members = await people(host, 6)
    target, begun, stopped, completed, other, earlier = members
    june = date(2026, 6, 1)
    await examined(
        host,
        *((member, "1", june) for member in (target, begun, stopped)),
        (completed, "2", june),
        (other, "1", june),
        (other, "3", date(2026, 9, 1)),
        (earlier, "1", date(2025, 6, 1)),
        (earlier, "2", june),
    )
    await reported(
        host,
        (begun, date(2026, 7, 1), "21"),
        (stopped, date(2026, 7, 1), "21"),
        (stopped, date(2026, 8, 1), "23"),
        (completed, date(2026, 7, 1), "21"),
        (completed, date(2026, 12, 1), "22"),
        (earlier, date(2026, 5, 1), "22"),
    )
    _, desk = await guide(host)
    told = [SupportRow(token=begun.token, kind=kind, times=times) for kind, times in (("interview", 1), ("telephone", 2))]
    unknown = await desk.tell(2026, [*told, SupportRow(token=other.token, kind="mail", times=1)])
    found = {task.token: task for task in await desk.guidance(2026)}

    assert [row.token for row in unknown] == [other.token]
    assert {token: (task.level, task.step, task.points, task.needed) for token, task in found.items()} == {
        target.token: ("active", "target", 0, 180),
        begun.token: ("active", "begun", 130, 180),
        stopped.token: ("active", "stopped", 0, 180),
        completed.token: ("motivational", "completed", None, None),
        earlier.token: ("motivational", "target", None, None),
    }
    assert found[begun.token].done == (Supported(kind="interview", times=1), Supported(kind="telephone", times=2))
    assert [task.step for task in await desk.guidance(2025)] == ["completed"]
    assert (await desk.guidance_csv(2025)).splitlines()[1].split(",")[1:5] == ["active", "completed", "0", "180"]


async def test_told_again(host: StoreHost) -> None:
    """What is told again changes nothing, another number is written over, zero takes it back, of one year alone."""
    (member,) = await people(host, 1)
    await examined(host, (member, "1", date(2025, 6, 1)), (member, "1", date(2026, 6, 1)))
    colleague, desk = await guide(host)
    seen = []
    for year, times in ((2025, 1), (2026, 2), (2026, 2), (2026, 3), (2026, 0)):
        assert await desk.tell(year, [SupportRow(token=member.token, kind="group", times=times)]) == []
        seen.append((await desk.guidance(2026))[0].points)
    row = SupportRow(token=member.token, kind="mail", times=1)
    twice = await colleague.call(host, "PUT", SUPPORT, message=TellSupport(fiscal_year=2026, rows=(row, row)))

    assert seen == [0, 140, 140, 210, 0]
    assert [tuple(row) for row in await host.rows("SELECT * FROM guidance_support")] == [(member.token, 2025, 2, 1)]
    assert (problem(twice), twice.json()["reason"]) == ((400, "rows-refused"), "repeated")


async def test_members_read_it(host: StoreHost) -> None:
    """A member reads of each year what those who guide read, also of a checkup that was withdrawn since, and of nobody else."""
    first, second = await people(host, 2)
    withdrawn = date(2024, 6, 1)
    await examined(host, (first, "1", withdrawn), (first, "2", date(2025, 6, 1)), (first, "1", date(2026, 6, 1)))
    await examined(host, (second, "2", date(2026, 6, 1)))
    await reported(host, (first, date(2025, 7, 1), "21"), (first, date(2025, 12, 1), "22"))
    _, desk = await guide(host)
    for year, rows in ((2024, [(first, "mail")]), (2026, [(first, "telephone"), (second, "group")])):
        await desk.tell(year, [SupportRow(token=member.token, kind=kind, times=2) for member, kind in rows])
    gone = WithdrawCheckups(rows=(WithdrawnCheckup(token=first.token, exam_date=withdrawn, program="010"),))
    assert (await host.as_registrar("ingest", "POST", "/checkups/withdrawals", gone)).status_code == 200
    read = []
    for member in (first, second):
        await host.as_member(member, "POST", "/claims", member.claim())
        answer = await host.as_member(member, "GET", "/me/guidance-support")
        read.append(GuidanceSupport.model_validate_json(answer.content).years)
    seen = [task.model_dump(exclude={"token"}) for year in (2026, 2025) for task in await desk.guidance(year)]
    nobody = await host.client.get("/me/guidance-support")

    told = {"step": "begun", "points": None, "needed": None, "done": (Supported(kind="mail", times=2),)}
    old = GuidedYear.model_validate({"fiscal_year": 2024, "level": None, **told})
    assert [one.model_dump(exclude={"fiscal_year"}) for one in (*read[0][:1], *read[1], *read[0][1:2])] == seen
    assert [one.fiscal_year for one in read[0]] == [2026, 2025, 2024]
    assert read[0][2] == old
    assert problem(nobody) == (401, "proof-refused")


async def test_who_may_not(host: StoreHost) -> None:
    """Analysts, the office, managers, members and anybody else read no token and tell nothing; nobody is staff for an employer."""
    roles: tuple[Role, ...] = ("analyst", "office", "program-manager")
    colleagues = [Colleague(f"desk-{at}", roles=(role,)) for at, role in enumerate(roles)]
    await staffed(host, *colleagues)
    member = await host.member()
    row = SupportRow(token=member.token, kind="mail", times=1)
    calls: list[tuple[str, str, Message]] = [
        ("POST", REMINDERS, ASKED),
        ("POST", GUIDANCE, ASKED),
        ("PUT", SUPPORT, TellSupport(fiscal_year=2026, rows=(row,))),
    ]
    for method, path, message in calls:
        refused = [await colleague.call(host, method, path, message=message) for colleague in colleagues]
        others = [
            await host.as_member(member, method, path, message),
            await host.client.request(
                method, path, content=message.model_dump_json(), headers={"Content-Type": "application/json"}
            ),
        ]
        assert [problem(answer) for answer in refused] == [(403, "staff-role")] * 3
        assert [problem(answer) for answer in others] == [(401, "staff-token-refused")] * 2
    with pytest.raises(ValidationError):
        StaffGrant.model_validate({"subject": bytes(32), "roles": ["employer"]})


async def test_nobody_analyses_and_guides(host: StoreHost) -> None:
    """A list that makes one person both, by one passkey or by two, is none; whoever guides asks no snapshot."""
    guiding, _ = await guide(host)
    asked = await guiding.call(host, "GET", "/staff/analysis/catalogue")
    analyst = Colleague("desk-1", subject=guiding.subject)
    with pytest.raises(ValidationError, match="both analyst and guidance"):
        signed_list(guiding.listed("anon-data"), analyst.listed("anon-data"), number=2)
    apart = await put_list(host, signed_list(guiding.listed("anon-data"), Colleague("desk-2").listed("anon-data"), number=2))

    assert problem(asked) == (403, "staff-role")
    assert apart.status_code == 201


def test_what_tasks_say() -> None:
    """Tasks hold tokens, years, levels, steps and counts, and have no place for a day, a name or a value measured."""
    fields = {name for kind in (ReminderTask, GuidanceTask, Supported) for name in kind.model_fields}

    assert fields == {"token", "last_examined", "level", "step", "done", "points", "needed", "kind", "times"}
    assert set(GuidanceTasks.model_fields) == {"rows", "next"}
    assert (set(SUPPORTS), NEEDED) == ({*DONE, *ONCE}, 180)
