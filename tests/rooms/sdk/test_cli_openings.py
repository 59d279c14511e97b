"""The command line about the release logs."""

from io import StringIO
from pathlib import Path

import warifu
from rich.console import Console
from rooms.sdk.agent import WalkingAgent
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import World
from typer.testing import CliRunner
from warifu._wire import Wire
from warifu.cli import app
from warifu.cli.audit_command import show
from warifu.cli.shell import Shell
from warifu.cli.words import Words
from warifu.transparency import KnownLogs, audit


async def _shown(world: World, session: warifu.MemberSession) -> str:
    """What ``openings`` shows in English."""
    out = StringIO()
    async with world.http() as http:

        async def proving() -> warifu.Way:
            return warifu.Group(WalkingAgent(http))

        shell = Shell(session, Console(file=out, width=200), Words("en"), proving=proving)
        assert await shell.run(["openings"])
    return out.getvalue()


async def test_openings(world: World, sign_in: SignIn) -> None:
    """Each opening with its logs, and a word that they agree."""
    async with await sign_in() as session:
        said = await _shown(world, session)

    assert "gateway, keyvault, identity" in said
    assert "this sign-in" in said
    assert "The three logs agree" in said


async def test_what_does_not_fit_is_said_aloud(world: World, sign_in: SignIn) -> None:
    """A log that lacks an opening, and one that nobody vouches for, are named."""
    async with await sign_in():
        pass
    world.authorities["identity"].log.silent = True
    world.authorities["keyvault"].log.vouches = False
    async with await sign_in() as session:
        said = await _shown(world, session)

    assert "identity has not logged: sign-in (keys given out)" in said
    assert "keyvault has not vouched for the log of gateway" in said
    assert "The three logs agree" not in said


async def _audited(world: World, known: KnownLogs) -> tuple[str, KnownLogs]:
    """What an audit shows in English, and what it keeps."""
    out = StringIO()
    async with world.http() as http:
        report = await audit(Wire(http, world.deployment, world.clock), known)
    show(report, Console(file=out, width=200), Words("en"))
    return out.getvalue(), report.known


async def test_audit(world: World, sign_in: SignIn) -> None:
    """An audit shows what each log holds; then what was changed, and where the numbers differ."""
    async with await sign_in():
        pass
    good, known = await _audited(world, KnownLogs())
    world.authorities["identity"].log.silent = True
    del world.authorities["gateway"].log.deeds[1:]
    async with await sign_in():
        pass
    changed, _ = await _audited(world, known)

    assert "keyvault: 2 entries (release 1, rotation 1), vouched for by gateway, identity" in good
    assert "Nothing was changed since last time" in good
    assert "ALARM: the log of gateway was changed." in changed
    assert "The logs have different numbers of sign-in (keys given out)" in changed
    assert "Nothing was changed" not in changed


def test_audit_of_hosts_that_are_down(tmp_path: Path) -> None:
    """Where no host answers the command says so, keeps a file all the same, and fails."""
    described = tmp_path / "deployment.json"
    described.write_text(World().deployment.model_dump_json().replace("localhost:81", "localhost:1"), encoding="utf-8")
    result = CliRunner().invoke(app, ["audit", str(tmp_path / "logs.json"), "--deployment", str(described), "--lang", "en"])

    assert result.exit_code == 1
    assert "The log of gateway could not be checked" in result.output.replace("\n", " ")
    assert KnownLogs.load(tmp_path / "logs.json") == KnownLogs()
