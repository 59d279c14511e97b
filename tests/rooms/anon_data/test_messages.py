"""Messages: whom they address, who is shown them, and what is told of who read them."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from anon_data.use_cases.send_message import MOST_A_DAY
from hypothesis import given
from hypothesis import strategies as st
from protocol.messages.mailbox import Attributes, EraseMailboxes, Erasure, OpenMailboxes
from protocol.messages.member_messages import (
    CountMessages,
    Guidance,
    Mark,
    Marks,
    Segment,
    SendMessage,
    Words,
    read_mark,
    shown,
)
from protocol.messages.records import Item, Observation
from support.office import Colleague, staffed
from support.store_host import NOW, Member, StoreHost, problem

from .samples import checkup, put_items, store
from .test_consents import decide
from .test_portal_use import _seal_at

TODAY = NOW.date()
ID = bytes(range(16))
GUIDANCE = "9N506000000000011"
LEVEL = Item(code=GUIDANCE, name="guidance-level", display="保健指導レベル", kind="code", labels={"1": "積極的支援"})


def _message(**changes: Any) -> SendMessage:
    fields: dict[str, Any] = {
        "id": ID,
        "ja": Words(title="健診のご案内", body="今年度の健診をまだ受けていません。\nお近くの健診機関でお受けください。"),
        "en": Words(title="Your checkup", body="You have not had this year's checkup yet."),
        "until": TODAY + timedelta(days=30),
        "to": Segment(born_from=1900),
    }
    return SendMessage(**{**fields, **changes})


async def _send(host: StoreHost, **changes: Any) -> httpx.Response:
    return await host.as_registrar("message", "POST", "/messages", _message(**changes))


async def _people(host: StoreHost, count: int, **about: Any) -> list[Member]:
    """Open the mailboxes of so many, who have agreed to nothing."""
    fields = {"sex": "female", "birth_year": 1975, "relation": "insured", "group": "works-1", **about}
    members = sorted((Member.new("anon-data") for _ in range(count)), key=lambda one: one.token)
    rows = tuple(member.mailbox(attributes=Attributes(**fields)) for member in members)
    assert (await host.as_registrar("enrol", "POST", "/mailboxes", OpenMailboxes(rows=rows))).status_code == 200
    return members


async def _claimed(host: StoreHost, members: list[Member], *, agree: bool = True) -> None:
    for member in members:
        assert (await host.as_member(member, "POST", "/claims", member.claim())).status_code == 201
        if agree:
            await decide(host, member, "messages")


async def _titles(host: StoreHost, member: Member) -> list[str]:
    answer = await host.as_member(member, "GET", "/me/messages")
    assert answer.status_code == 200, answer.text
    return [one["ja"]["title"] for one in answer.json()["messages"]]


async def _addressed(host: StoreHost) -> set[bytes]:
    return {row["token"] for row in await host.rows("SELECT token FROM message_to")}


async def _left(host: StoreHost) -> int:
    return int((await host.rows("SELECT sum(quota - used) FROM window_quota WHERE use = 'message'"))[0][0])


def _marks(member: Member) -> Marks:
    return Marks(marks=(Mark(message=ID, mark=read_mark(member.seed.seed, ID)),))


async def test_read_by_whoever_agreed(host: StoreHost) -> None:
    """Of those addressed only who agreed to messages is shown one, also who agrees later, and nobody after withdrawing."""
    first, second, *_ = members = await _people(host, 10)
    await _claimed(host, members[:2], agree=False)
    await decide(host, first, "messages")
    answer = (await _send(host)).json()
    seen = [await _titles(host, first), await _titles(host, second)]
    await decide(host, second, "messages")
    await decide(host, first, "messages", given=False)
    seen += [await _titles(host, first), await _titles(host, second)]

    assert answer == {"new": True, "people": 10, "unknown": []}
    assert seen == [["健診のご案内"], [], [], ["健診のご案内"]]


async def test_the_same_again_addresses_whoever_is_new(host: StoreHost) -> None:
    """A repeated call spends nothing; later it addresses those who came since. Other words under the same id are refused."""
    await _people(host, 12)
    await _send(host)
    spent = [await _left(host)]
    again = (await _send(host)).json()
    await _people(host, 3)
    later = (await _send(host)).json()
    spent.append(await _left(host))
    other = await _send(host, ja=Words(title="別の件", body="別の文"))

    assert (again["new"], later, spent) == (False, {"new": True, "people": 15, "unknown": []}, [99_988, 99_985])
    assert problem(other) == (409, "message-differs")


@pytest.mark.parametrize(
    "to",
    [
        Segment(sex="male"),
        Segment(relation="dependant"),
        Segment(workplace="works-2"),
        Segment(born_from=1980),
        Segment(born_from=1980, born_until=1985),
        Segment(no_checkup_in=2026),
        Segment(guidance=Guidance(fiscal_year=2025, levels=("active", "motivational"))),
        Segment(no_checkup_in=2026, sex="male", born_until=1990),
    ],
)
async def test_criteria(host: StoreHost, to: Segment) -> None:
    """Each criterion addresses exactly those whom it is about."""
    fitting = await _people(host, 10, sex="male", relation="dependant", group="works-2", birth_year=1982)
    others = await _people(host, 10)
    await put_items(host, LEVEL)

    def said(level: str, year: int, month: int) -> Any:
        observed = (Observation(item=GUIDANCE, choice=level),)
        return checkup(exam_date=date(year, month, 1), fiscal_year=year, observations=observed)

    # Only the newest checkup of the year counts.
    rows = [(one, said("3", 2025, 5)) for one in fitting] + [(one, said("1", 2025, 9)) for one in fitting]
    rows += [(one, said("1", 2025, 5)) for one in others] + [(one, said("3", 2025, 9)) for one in others]
    await store(host, *rows, *((one, said("1", 2026, 6)) for one in others))
    answer = await _send(host, to=to)

    assert (answer.json().get("people"), await _addressed(host)) == (10, {one.token for one in fitting})


async def test_listed_tokens(host: StoreHost) -> None:
    """A list of tokens addresses those that have a mailbox, and names the others by their place; the quota counts people."""
    members = await _people(host, 12)
    tokens = sorted([*(member.token for member in members[:11]), bytes(32)])
    answer = (await _send(host, to=None, tokens=tokens)).json()

    assert answer == {"new": True, "people": 10, "unknown": [0]}
    assert (await _addressed(host), await _left(host)) == ({one.token for one in members[:11]}, 99_989)


@pytest.mark.parametrize(("count", "said"), [(9, (400, "message-refused")), (10, None)])
async def test_fewer_than_ten(host: StoreHost, count: int, said: tuple[int, str] | None) -> None:
    """A message to fewer than ten people is refused, and leaves neither itself, an address nor a spent quota."""
    members = await _people(host, count)
    answer = await _send(host, to=None, tokens=[member.token for member in members])
    rows = [len(await host.rows(f"SELECT FROM {table}")) for table in ("message", "message_to")]

    assert (problem(answer) if answer.is_error else None, rows) == (said, [0, 0] if said else [1, 10])
    assert await _left(host) == 100_000 - (0 if said else count)


async def test_a_quota_for_fewer(host: StoreHost) -> None:
    """What addresses more people than the officers allowed addresses nobody."""
    await _people(host, 12)
    host.windows["message"] = await host.open_window("message", {"message": 11})

    assert (problem(await _send(host)), await _addressed(host)) == ((429, "quota-exceeded"), set())


async def test_staff_writes_too(host: StoreHost) -> None:
    """An analyst addresses members by criteria and counts readers under the same rules, and twenty messages a day are enough."""
    await _people(host, 12)
    analyst = Colleague("desk-1", roles=("analyst",))
    await staffed(host, analyst)
    said = [
        await analyst.call(host, "POST", "/staff/messages", message=_message(id=bytes([at]) * 16)) for at in range(MOST_A_DAY + 1)
    ]
    few = await analyst.call(host, "POST", "/staff/messages", message=_message(to=Segment(born_from=2000)))
    counts = await analyst.call(host, "POST", "/staff/messages/counts", message=CountMessages(ids=(bytes(16),)))
    host.clock.instant = NOW + timedelta(days=1)
    await analyst.open(host)
    next_day = await analyst.call(host, "POST", "/staff/messages", message=_message())

    assert [one.json().get("people") for one in said] == [*[10] * MOST_A_DAY, None]
    assert [problem(said[-1]), problem(few), next_day.status_code] == [(400, "message-refused")] * 2 + [200]
    assert (said[-1].json()["reason"], few.json()["reason"], counts.json()["counts"][0]["people"]) == ("too-many", "too-few", 10)


async def test_who_is_no_staff(host: StoreHost) -> None:
    """A programme manager and a member write to nobody."""
    manager, member = Colleague("desk-2", roles=("program-manager",)), await host.member()
    await staffed(host, manager)
    answers = [
        await manager.call(host, "POST", "/staff/messages", message=_message()),
        await host.as_member(member, "POST", "/staff/messages", _message()),
    ]

    assert [problem(answer) for answer in answers] == [(403, "staff-role"), (401, "staff-token-refused")]


async def test_a_window_for_something_else(host: StoreHost) -> None:
    """Who may import may not write to members."""
    host.windows["message"] = await host.open_window("ingest", {"checkup": 1})

    assert problem(await _send(host)) == (403, "window-purpose")


@pytest.mark.parametrize(
    "link",
    ["https://elsewhere.example/", "http://localhost:8101.evil.example/", "http://localhost:8199/a?id=1", "javascript:alert(1)"],
)
async def test_links_elsewhere(host: StoreHost, link: str) -> None:
    """A link leads to an origin of the deployment's, without anything that could be another for each reader."""
    await _people(host, 10)

    assert problem(await _send(host, link=link)) == (400, "message-refused")


@pytest.mark.parametrize(
    "text", ["see https://evil.example", "www.evil.example", "a\u202eb", "a\x07b", "zero\u200bwidth", " blank", "か\u3099"]
)
def test_text_that_is_not_plain(text: str) -> None:
    """Addresses, control and format characters, and text that is not in NFC are refused."""
    with pytest.raises(ValueError, match=r"text|addresses"):
        Words(title="t", body=text)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"to": None}, "either criteria or tokens"),
        ({"tokens": (bytes(32),)}, "either criteria or tokens"),
        ({"to": {}}, "a segment has a criterion"),
        ({"ja": {"title": "健診の\nご案内", "body": "文"}}, "one line"),
    ],
    ids=["nobody", "twice", "no-criterion", "two-lines"],
)
def test_whom_a_message_is_for(changes: dict[str, Any], said: str) -> None:
    """A message is for a segment or for listed people, never for everybody because a criterion was forgotten; a title is a line."""
    with pytest.raises(ValueError, match=said):
        _message(**changes)


async def test_the_last_day(host: StoreHost) -> None:
    """A message is shown until its last day; the fold then deletes it with everything about it."""
    member, *_ = members = await _people(host, 10)
    await _claimed(host, members[:1])
    await _send(host)
    await host.as_member(member, "PUT", "/me/messages/marks", _marks(member))
    await _seal_at(host, 30)
    host.clock.instant = NOW + timedelta(days=30)
    last = await _titles(host, member)
    host.clock.instant = NOW + timedelta(days=31)
    after = await _titles(host, member)
    await _seal_at(host, 31)
    rows = [await host.rows(f"SELECT FROM {table}") for table in ("message", "message_to", "message_mark")]

    assert (len(last), after, rows) == (1, [], [[], [], []])


@pytest.mark.parametrize("days", [-1, 201])
async def test_days_that_are_refused(host: StoreHost, days: int) -> None:
    """Neither over already nor longer than two hundred days."""
    await _people(host, 10)

    assert problem(await _send(host, until=TODAY + timedelta(days=days))) == (400, "message-refused")


async def test_counts_are_rough(host: StoreHost) -> None:
    """Readers are counted from ten on, in fives, and not where all but a few have read; a second reading counts nothing."""
    members = await _people(host, 25)
    await _claimed(host, members)
    await _send(host)
    counts = []
    for at, member in enumerate(members, 1):
        for _ in range(2):
            assert (await host.as_member(member, "PUT", "/me/messages/marks", _marks(member))).status_code == 204
        answer = await host.as_registrar("message", "POST", "/messages/counts", CountMessages(ids=(ID,)))
        found = answer.json()["counts"][0]
        assert (found["people"], len(await host.rows("SELECT FROM message_mark"))) == (25, at)
        counts.append(found["read"])

    assert counts == [*[None] * 9, *[10] * 5, 15, *[None] * 10]


async def test_marks_say_nothing_of_whose_they_are(host: StoreHost) -> None:
    """Members read on different days; after a seal no mark has a token, an order or a day, and the addresses are as sent."""
    members = await _people(host, 30)
    await _claimed(host, members)
    await _send(host)
    sent = await host.rows("SELECT token, xmin::text AS x, ctid::text AS c FROM message_to ORDER BY token")
    for day in range(3):
        for member in members[day::3]:
            await host.as_member(member, "PUT", "/me/messages/marks", _marks(member))
        await _seal_at(host, day)
    rows = await host.rows("SELECT mark, xmin::text AS xmin FROM message_mark ORDER BY ctid")
    written = [read_mark(member.seed.seed, ID) for day in range(3) for member in members[day::3]]
    known = {member.token for member in members}

    assert await host.rows("SELECT token, xmin::text AS x, ctid::text AS c FROM message_to ORDER BY token") == sent
    assert ({row["mark"] for row in rows}, {row["mark"] for row in rows} & known) == (set(written), set())
    assert len({row["xmin"] for row in rows}) == 1
    assert [row["mark"] for row in rows] != written


async def test_devices_find_their_own_marks(host: StoreHost) -> None:
    """Another device of the member asks for the mark and finds it; another member's does not, nor can mark what it is not shown."""
    reader, other, *_ = members = await _people(host, 11)
    await _claimed(host, members[:2])
    stranger = (await _people(host, 1))[0]
    await _send(host, to=None, tokens=[member.token for member in members])
    await _claimed(host, [stranger])
    for member in (reader, stranger):
        await host.as_member(member, "PUT", "/me/messages/marks", _marks(member))
    found = [
        (await host.as_member(member, "POST", "/me/messages/marks", _marks(member))).json()["read"]
        for member in (reader, other, stranger)
    ]

    assert [len(one) for one in found] == [1, 0, 0]


async def test_no_more_marks_than_people(host: StoreHost) -> None:
    """One member who makes marks up cannot make a message look read by more people than it addresses."""
    member, *_ = members = await _people(host, 10)
    await _claimed(host, members[:1])
    await _send(host)
    for at in range(15):
        await host.as_member(member, "PUT", "/me/messages/marks", Marks(marks=(Mark(message=ID, mark=bytes([at]) * 32),)))

    assert len(await host.rows("SELECT FROM message_mark")) == 10


async def test_an_erasure_takes_addresses_along(host: StoreHost) -> None:
    """Of an erased member no message knows any more."""
    member, *_ = await _people(host, 10)
    await _send(host)
    listed = await host.decided("erase", member)
    row = Erasure(token=member.token, subject=listed.proof("anon-data", member.token))
    await host.as_registrar("erase", "POST", "/erasures", EraseMailboxes(rows=(row,)))

    assert (len(await _addressed(host)), member.token in await _addressed(host)) == (9, False)


@given(st.integers(0, 200), st.integers(0, 200))
def test_what_a_number_tells(count: int, more: int) -> None:
    """No number below ten is shown, none whose complement is below ten, and one person more or less rarely shows."""
    of = count + more
    told = shown(count, of)

    assert told is None or (told % 5, told <= count < told + 5, count >= 10, more >= 10) == (0, True, True, True)
    assert (told is None) == (count < 10 or more < 10)
