"""The registrar takes checkups back that it had put into the wrong mailbox."""

from datetime import date
from typing import Any

import pytest
from protocol.messages.records import Checkups, WithdrawCheckups, WithdrawnCheckup
from support.store_host import Member, StoreHost, problem

from .samples import checkup, put_items, store

LATER = date(2026, 7, 1)


def _row(member: Member, **changes: Any) -> WithdrawnCheckup:
    return WithdrawnCheckup(**{"token": member.token, "exam_date": date(2026, 6, 1), "program": "010", **changes})


async def _withdraw(host: StoreHost, *rows: WithdrawnCheckup) -> Any:
    return await host.as_registrar("ingest", "POST", "/checkups/withdrawals", WithdrawCheckups(rows=rows))


async def _two(host: StoreHost) -> tuple[Member, Member]:
    """Return two members, sorted by token, each with two checkups."""
    first, second = sorted([await host.member(), await host.member()], key=lambda member: member.token)
    await put_items(host)
    await store(host, *[(one, checkup(exam_date=day)) for one in (first, second) for day in (date(2026, 6, 1), LATER)])
    return first, second


async def test_it_is_gone_with_its_results(host: StoreHost) -> None:
    """The checkup that is named goes, every other stays; a repeated call counts what is not there any more."""
    wrong, right = await _two(host)
    answers = [(await _withdraw(host, _row(wrong))).json() for _ in range(2)]
    read = [(await host.as_member(member, "GET", "/me/checkups")).content for member in (wrong, right)]
    days = [[one.exam_date for one in Checkups.model_validate_json(body).checkups] for body in read]

    assert answers == [{"withdrawn": 1, "absent": 0}, {"withdrawn": 0, "absent": 1}]
    assert days == [[LATER], [LATER, date(2026, 6, 1)]]
    assert (await host.rows("SELECT count(*) FROM observation WHERE exam_date = '2026-06-01'"))[0][0] == 3


async def test_nothing_else_goes(host: StoreHost) -> None:
    """Another day, another programme, a token without a mailbox: nothing is there to remove."""
    first, second = await _two(host)
    rows = [_row(first, program="020"), _row(second, exam_date=date(2026, 6, 2)), _row(Member.new("anon-data"))]
    answer = await _withdraw(host, *sorted(rows, key=lambda row: row.token))

    assert answer.json() == {"withdrawn": 0, "absent": 3}
    assert (await host.rows("SELECT count(*) FROM checkup"))[0][0] == 4


async def test_it_can_be_stored_where_it_belongs(host: StoreHost) -> None:
    """A withdrawn checkup is stored again as new."""
    wrong, right = await _two(host)
    await _withdraw(host, *[_row(member) for member in (wrong, right)])
    stored = (await store(host, (right, checkup()))).json()

    assert (stored["inserted"], stored["replaced"]) == (1, 0)


async def test_each_row_is_counted(host: StoreHost) -> None:
    """The quota counts rows, and refuses a batch that would remove more; then nothing goes."""
    first, second = await _two(host)
    host.windows["ingest"] = await host.open_window("ingest", {"withdraw": 1})
    refused = await _withdraw(host, _row(first), _row(second))
    done = await _withdraw(host, _row(first))

    assert (problem(refused), refused.json()["remaining"]) == ((429, "quota-exceeded"), 1)
    assert (done.json()["withdrawn"], (await host.rows("SELECT count(*) FROM checkup"))[0][0]) == (1, 3)


@pytest.mark.parametrize("reason", ["order", "repeated"])
async def test_rows_that_break_a_rule(host: StoreHost, reason: str) -> None:
    """Unsorted and repeated rows are refused."""
    first, second = await _two(host)
    rows = {"order": (_row(second), _row(first)), "repeated": (_row(first), _row(first))}[reason]
    answer = await _withdraw(host, *rows)

    assert (problem(answer), answer.json()["reason"]) == ((400, "rows-refused"), reason)


async def test_a_window_for_something_else(host: StoreHost) -> None:
    """A window for enrolment withdraws nothing."""
    first, _ = await _two(host)
    host.windows["ingest"] = await host.open_window("enrol", {"mailbox": 1})

    assert problem(await _withdraw(host, _row(first))) == (403, "window-purpose")
