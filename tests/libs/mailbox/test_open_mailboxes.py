"""The registrar opens mailboxes."""

import os
from typing import Any

import pytest
from protocol.messages.mailbox import Mailbox, OpenMailboxes
from support.store_host import Member, StoreHost, problem


async def _open(host: StoreHost, *rows: Mailbox) -> Any:
    return await host.as_registrar("enrol", "POST", "/mailboxes", OpenMailboxes(rows=rows))


async def test_opened_once(host: StoreHost) -> None:
    """A repeated batch changes nothing and says so."""
    rows = sorted((Member.new(host.store).mailbox() for _ in range(5)), key=lambda row: row.token)
    answers = [(await _open(host, *rows[:3])).json(), (await _open(host, *rows)).json(), (await _open(host, *rows)).json()]

    assert answers == [
        {"opened": 3, "unchanged": 0},
        {"opened": 2, "unchanged": 3},
        {"opened": 0, "unchanged": 5},
    ]


async def test_other_keys_are_refused_and_nothing_is_stored(host: StoreHost) -> None:
    """A batch with other keys for a known token is refused as a whole."""
    known, new = Member.new(host.store), Member.new(host.store)
    await _open(host, known.mailbox())
    rows = sorted([known.mailbox(claim_key=os.urandom(32)), new.mailbox()], key=lambda row: row.token)
    answer = await _open(host, *rows)

    assert problem(answer) == (409, "mailbox-differs")
    assert answer.json()["rows"] == [0 if rows[0].token == known.token else 1]
    assert (await host.rows("SELECT count(*) FROM mailbox"))[0][0] == 1


async def test_a_number_sealed_anew_is_no_difference(host: StoreHost) -> None:
    """The split seal is random, so only the keys decide whether a mailbox is the same."""
    member = Member.new(host.store)
    await _open(host, member.mailbox())

    assert (await _open(host, member.mailbox(number=os.urandom(1670)))).json() == {"opened": 0, "unchanged": 1}


@pytest.mark.parametrize("reason", ["order", "repeated", "number-size", "attributes"])
async def test_rows_that_break_a_rule(host: StoreHost, reason: str) -> None:
    """Unsorted, repeated, oversized or wrongly attributed rows are refused."""
    low, high = sorted((Member.new(host.store).mailbox() for _ in range(2)), key=lambda row: row.token)
    attributes = None if host.store == "anon-data" else Member.new("anon-data").mailbox().attributes
    rows, expected = {
        "order": ((high, low), ("order", [1])),
        "repeated": ((low, high, high), ("repeated", [2])),
        "number-size": ((low.model_copy(update={"number": bytes(1669)}), high), ("number-size", [0])),
        "attributes": (
            (low, high.model_copy(update={"attributes": attributes})),
            ("attributes-missing" if host.store == "anon-data" else "attributes-unwanted", [1]),
        ),
    }[reason]
    answer = await _open(host, *rows)

    assert problem(answer) == (400, "rows-refused")
    assert (answer.json()["reason"], answer.json()["rows"]) == expected


async def test_only_new_rows_spend_the_quota(host: StoreHost) -> None:
    """The quota counts new mailboxes, and refuses a batch that would open more."""
    rows = sorted((Member.new(host.store).mailbox() for _ in range(3)), key=lambda row: row.token)
    host.windows["enrol"] = await host.open_window("enrol", {"mailbox": 2})
    first = await _open(host, *rows[:2])
    again = await _open(host, *rows[:2])
    over = await _open(host, *rows)

    assert (first.status_code, again.status_code) == (200, 200)
    assert problem(over) == (429, "quota-exceeded")
    assert (await host.rows("SELECT count(*) FROM mailbox"))[0][0] == 2


async def test_another_windows_purpose(host: StoreHost) -> None:
    """A window for bringing records opens no mailboxes."""
    host.windows["enrol"] = await host.open_window("ingest", {"checkup": 10})

    assert problem(await _open(host, Member.new(host.store).mailbox())) == (403, "window-purpose")
