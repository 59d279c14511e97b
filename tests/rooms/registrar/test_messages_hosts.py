"""The registrar's messages, at the five hosts in this process."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from protocol.encoding import b64u
from registrar.errors import QuotaExceeded, RegistrarError
from registrar.messages import count, message_id, read_draft, send
from rooms.registrar.five_hosts import FiveHosts
from rooms.registrar.lives import desk, given
from rooms.registrar.paperwork import row

UNTIL = date.today() + timedelta(days=60)  # noqa: DTZ011 - the hosts go by the system's clock
MESSAGE = f"""
until = {UNTIL.isoformat()}

[ja]
title = "健診のご案内"
body = '''
今年度の健診をまだ受けていません。
お近くの健診機関でお受けください。'''

[to]
sex = "male"
no_checkup_in = 2026
"""


def _file(folder: Path, text: str = MESSAGE) -> Path:
    path = folder / "message.toml"
    path.write_text(text, encoding="utf-8")
    return path


async def _addressed(hosts: FiveHosts) -> int:
    return await hosts.count("anon-data", "message_to")


async def test_a_segment_is_written_to(hosts: FiveHosts, tmp_path: Path) -> None:
    """Those who fit are addressed, by a window of two officers; the same file again changes nothing, and reaches who came since."""
    people = [row(at, sex="male" if at <= 12 else "female") for at in range(1, 16)]
    await given(hosts, tmp_path, *people)
    draft = read_draft(_file(tmp_path), None, hosts.papers.deployment)
    first = await send(desk(hosts), draft, 100)
    again = await send(desk(hosts), draft, 100)
    await given(hosts, tmp_path, *people, *(row(at) for at in range(16, 19)))
    later = await send(desk(hosts), read_draft(_file(tmp_path), None, hosts.papers.deployment), 100)
    counted = await count(desk(hosts), [draft.message.id])

    assert [(one.new, one.people) for one in (first, again, later)] == [(True, 10), (False, 10), (True, 15)]
    assert (await _addressed(hosts), [(one.people, one.read) for one in counted]) == (15, [(15, None)])


async def test_a_lost_answer_counts_once(hosts: FiveHosts, tmp_path: Path) -> None:
    """The call is repeated and nobody is counted twice, so a quota of just as many is enough."""
    await given(hosts, tmp_path, *(row(at) for at in range(1, 13)))
    hosts.lose.append("POST anon-data/messages")
    sent = await send(desk(hosts), read_draft(_file(tmp_path), None, hosts.papers.deployment), 12)

    assert (sent.people, await _addressed(hosts)) == (10, 12)


async def test_a_quota_for_fewer(hosts: FiveHosts, tmp_path: Path) -> None:
    """Officers who allow eleven people allow no message to twelve."""
    await given(hosts, tmp_path, *(row(at) for at in range(1, 13)))
    with pytest.raises(QuotaExceeded):
        await send(desk(hosts), read_draft(_file(tmp_path), None, hosts.papers.deployment), 11)

    assert await _addressed(hosts) == 0


async def test_listed_tokens(hosts: FiveHosts, tmp_path: Path) -> None:
    """A list of tokens, such as an analyst makes, in whatever order; those of nobody are counted."""
    await given(hosts, tmp_path, *(row(at) for at in range(1, 13)))
    tokens = [token for (token,) in await hosts.rows("anon-data", "SELECT token FROM mailbox ORDER BY random()")][:11]
    listed = tmp_path / "tokens.txt"
    listed.write_text("\n".join(b64u(token) for token in (*tokens, bytes(32))), encoding="ascii")
    text = MESSAGE[: MESSAGE.index("[to]")]
    sent = await send(desk(hosts), read_draft(_file(tmp_path, text), listed, hosts.papers.deployment), 12)

    assert (sent.people, sent.unknown, await _addressed(hosts)) == (10, 1, 11)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("until = ", "is not TOML"),
        (MESSAGE.replace("sex = ", "name = "), "see to.name"),
        (MESSAGE.replace("今年度", "https://evil.example 今年度"), "see ja.body"),
        (MESSAGE.replace("[ja]", 'link = "https://elsewhere.example/"\n[ja]'), "the link does not lead"),
        (MESSAGE.replace("[ja]", 'id = "00"\n[ja]'), "neither id nor tokens"),
        (MESSAGE[: MESSAGE.index("[to]")], "is not a message"),
    ],
)
def test_files_that_are_refused(hosts: FiveHosts, tmp_path: Path, text: str, said: str) -> None:
    """With the place, and never with what stood there."""
    with pytest.raises(RegistrarError, match=said) as refused:
        read_draft(_file(tmp_path, text), None, hosts.papers.deployment)

    assert "evil" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "00", "x" * 32])
def test_ids_that_are_none(text: str) -> None:
    """Sixteen bytes in hexadecimal."""
    with pytest.raises(RegistrarError):
        message_id(text)
