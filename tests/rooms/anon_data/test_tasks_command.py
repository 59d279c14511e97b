"""What `warifu-staff tasks` does, at a real anon-data."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.encoding import b64u
from protocol.messages.guidance_tasks import SUPPORTS, SupportRow
from support.store_host import StoreHost
from typer.testing import CliRunner
from warifu.errors import InputRefused
from warifu.staff_cli import app
from warifu.staff_tasks import support_of
from warifu.staff_tasks_cli import guidance_lines, reminder_lines, told_lines
from warifu.staff_terminal import write

from .test_guidance_tasks import examined, guide, people, reported

TOKEN = "A" * 43


async def test_what_is_due(host: StoreHost) -> None:
    """Reminders with the year of the last checkup; guidance with step and points; what is completed only when asked for."""
    never, before, begun, done = await people(host, 4)
    june = date(2026, 6, 1)
    await examined(host, (before, "3", date(2025, 6, 1)), (begun, "1", june), (done, "2", june))
    await reported(host, (done, date(2026, 7, 1), "22"))
    _, desk = await guide(host)
    told = await told_lines(desk, 2026, [SupportRow(token=begun.token, kind="telephone", times=2)])

    name = [b64u(member.token) for member in (never, before, begun, done)]
    stands = f"{name[2]}: active, begun, 60 of 180 points, telephone 2"
    assert told == [stands]
    assert await reminder_lines(desk, 2026) == [
        f"{name[0]}: last examined in no year before",
        f"{name[1]}: last examined in 2025",
        "2 to be reminded",
    ]
    assert await guidance_lines(desk, 2026, due=True) == [stands, "1 due"]
    assert await guidance_lines(desk, 2026, due=False) == [stands, f"{name[3]}: motivational, completed", "2 in all"]


async def test_a_table_goes_out_and_back(host: StoreHost, tmp_path: Path) -> None:
    """Numbers that are filled in are told, what is empty stays, 0 takes back; of who is no target nothing is kept."""
    one, other = await people(host, 2)
    await examined(host, (one, "1", date(2026, 6, 1)), (other, "3", date(2026, 6, 1)))
    _, desk = await guide(host)
    await told_lines(desk, 2026, [SupportRow(token=one.token, kind=kind, times=1) for kind in ("interview", "mail")])
    path = tmp_path / "tasks.csv"
    said = await write(path, desk.guidance_csv(2026, due=True))
    head, line = path.read_text(encoding="utf-8").splitlines()
    cells = dict(zip(head.split(","), line.split(","), strict=True)) | {"interview": "0", "group": "2", "mail": ""}
    stranger = {"token": b64u(other.token), "mail": "1"}
    table = "\n".join([head, *(",".join(row.get(name, "") for name in head.split(",")) for row in (cells, stranger))])
    stands = await told_lines(desk, 2026, support_of(table))

    assert said == [f"{path} written"]
    assert stands == [
        f"{b64u(one.token)}: active, begun, 170 of 180 points, group 2, mail 1",
        f"{b64u(other.token)}: guidance of 2026 is not for them, nothing was kept",
    ]
    assert len(await host.rows("SELECT FROM guidance_support")) == 2


@given(
    st.lists(
        st.builds(SupportRow, token=st.binary(min_size=32, max_size=32), kind=st.sampled_from(SUPPORTS), times=st.integers(0, 99))
    )
)
def test_any_table_is_read(rows: list[SupportRow]) -> None:
    """Each number comes back as it was written, in whatever column, also after a mark of the encoding and beside other columns."""
    lines = [",".join([b64u(row.token), *(str(row.times) if row.kind == kind else "" for kind in SUPPORTS), "x"]) for row in rows]
    table = "\ufeff" + "\r\n".join([",".join(["token", *SUPPORTS, "remark"]), *lines])
    if rows:
        assert support_of(table) == rows
    else:
        with pytest.raises(InputRefused):
            support_of(table)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", "needs a line of names"),
        (f"token,remark\n{TOKEN},1", "needs a line of names"),
        (f"token,mail\n{TOKEN},1\nsecret,1", "line 3: no token of 43 characters"),
        (f"token,mail,group\n{TOKEN},1,secret", "line 2, group: no number from 0 to 99"),
        (f"token,mail\n{TOKEN},100", "line 2, mail: no number from 0 to 99"),
    ],
)
def test_what_is_wrong_with_a_table(table: str, said: str) -> None:
    """Line and column are named, and never what stands there."""
    with pytest.raises(InputRefused, match=said) as refused:
        support_of(table)

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("reminders 1999", "value for 'year'"),
        ("tell 2026 ??? mail 1", "a token has 43 characters"),
        (f"tell 2026 {TOKEN} massage 1", "no such kind of support"),
        (f"tell 2026 {TOKEN} mail 0", "value for 'times'"),
        (f"take-back 2026 {TOKEN} massage", "no such kind of support"),
        ("tell-table 2026 nowhere.csv", "does not exist"),
    ],
)
def test_what_cannot_be_is_said_first(words: str, said: str) -> None:
    """Before anybody signs in."""
    authenticator = ["--authenticator", "support.platform_authenticator:PlatformAuthenticator"]
    done = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["tasks", *words.split(), *authenticator])

    assert done.exit_code == 2
    assert said in done.output
