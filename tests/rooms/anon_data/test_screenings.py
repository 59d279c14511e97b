"""Who took part in cancer screenings: told by the registrar, read by the member alone."""

from typing import Any

import pytest
from protocol.messages.screenings import OwnScreenings, ScreenedYear, Screening, ScreeningRow, Screenings
from support.store_host import Member, StoreHost, problem

Said = tuple[Member, int, Screening]


async def tell(host: StoreHost, *said: Said, path: str = "/screenings") -> Any:
    rows = sorted(
        (ScreeningRow(token=one.token, fiscal_year=year, kind=kind) for one, year, kind in said), key=lambda row: row.token
    )
    return await host.as_registrar("ingest", "POST", path, Screenings(rows=tuple(rows)))


async def read(host: StoreHost, member: Member) -> tuple[ScreenedYear, ...]:
    answer = await host.as_member(member, "GET", "/me/screenings")
    assert answer.status_code == 200, answer.text
    return OwnScreenings.model_validate_json(answer.content).years


async def test_told_read_and_taken_back(host: StoreHost) -> None:
    """A member reads their own by year, the same again changes nothing, and what is taken back is gone."""
    member, other = await host.member(), await host.member()
    said: list[Said] = [(member, 2025, "breast"), (member, 2025, "stomach"), (member, 2024, "cervix"), (other, 2025, "lung")]
    answers = [(await tell(host, *said)).json() for _ in range(2)]
    before = await read(host, member)
    gone = [(await tell(host, said[0], path="/screenings/withdrawals")).json() for _ in range(2)]

    assert answers == [{"inserted": 4, "unchanged": 0, "unknown": []}, {"inserted": 0, "unchanged": 4, "unknown": []}]
    assert before == (
        ScreenedYear(fiscal_year=2025, kinds=("stomach", "breast")),
        ScreenedYear(fiscal_year=2024, kinds=("cervix",)),
    )
    assert gone == [{"withdrawn": 1, "absent": 0}, {"withdrawn": 0, "absent": 1}]
    assert [one.kinds for one in await read(host, member)] == [("stomach",), ("cervix",)]
    assert await read(host, other) == (ScreenedYear(fiscal_year=2025, kinds=("lung",)),)


async def test_no_mailbox(host: StoreHost) -> None:
    """A row for nobody is named and not kept; nobody without a reader key reads."""
    nobody = Member.new("anon-data")
    answer = await tell(host, (nobody, 2025, "lung"))

    assert answer.json() == {"inserted": 0, "unchanged": 0, "unknown": [0]}
    assert await host.rows("SELECT FROM screening") == []
    assert problem(await host.as_member(nobody, "GET", "/me/screenings")) == (401, "reader-unknown")


async def test_each_row_counts(host: StoreHost) -> None:
    """Rows spend a quota of their own, and withdrawals that of withdrawals."""
    member = await host.member()
    host.windows["ingest"] = await host.open_window("ingest", {"screening": 1, "withdraw": 1})
    statuses = [
        (await tell(host, (member, 2025, "lung"), path=path)).status_code
        for path in ("/screenings", "/screenings", "/screenings/withdrawals", "/screenings/withdrawals")
    ]

    assert statuses == [200, 429, 200, 429]


@pytest.mark.parametrize("path", ["/screenings", "/screenings/withdrawals"])
async def test_refused_rows(host: StoreHost, path: str) -> None:
    """Rows out of order or twice, and a screening that there is none of, are refused; nothing is kept."""
    first, second = sorted([await host.member(), await host.member()], key=lambda member: member.token)
    rows = tuple(ScreeningRow(token=one.token, fiscal_year=2025, kind="lung") for one in (second, first))
    disordered = await host.as_registrar("ingest", "POST", path, Screenings(rows=rows))
    twice = await tell(host, (first, 2025, "lung"), (first, 2025, "lung"), path=path)
    other = rows[0].model_copy(update={"kind": "肺がんの疑い"})
    unknown = await host.as_registrar("ingest", "POST", path, Screenings.model_construct(rows=(other,)))

    assert [answer.json()["reason"] for answer in (disordered, twice)] == ["order", "repeated"]
    assert (unknown.status_code, "疑い" in unknown.text) == (422, False)
    assert await host.rows("SELECT FROM screening") == []
