"""The command line's shell."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from protocol.messages.records import Item, Observation
from rich.console import Console
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import World
from rooms.sdk.test_session import CHECKUP, WEIGHT, with_details
from typer.testing import CliRunner
from warifu.cli import app
from warifu.cli.shell import USAGES, Shell
from warifu.cli.words import WORDS, Language, Words

TODAY = date(2026, 4, 1)


async def _run(sign_in: SignIn, commands: str, language: Language = "en") -> tuple[bool, str, Shell]:
    shown = StringIO()
    shell = Shell(await sign_in(), Console(file=shown, width=100), Words(language), lambda: TODAY)
    good = await shell.run(commands.split(";"))
    return good, shown.getvalue(), shell


async def test_commands_run_one_after_another(sign_in: SignIn) -> None:
    """What is recorded shows, with units, and logoff ends the session."""
    good, shown, shell = await _run(sign_in, "weigh 62.5; pressure 121 79; steps 8000; vitals; profile; logoff; vitals")

    assert (good, shell.ended) == (True, True)
    for word in ("62.5", "kg", "121", "mmHg", "8,000", "steps", "架空 花子", "Signed off"):
        assert word in shown


async def test_checkups_show_items_values_and_units(world: World, sign_in: SignIn) -> None:
    """A checkup is a table with the item's printed name, value and unit."""
    world.stores["anon-data"].mailbox.checkups.append(CHECKUP)
    world.stores["anon-data"].mailbox.items.append(WEIGHT)
    _, shown, _ = await _run(sign_in, "checkups", "ja")

    assert [word in shown for word in ("身長", "160.5", "cm", "基準内", "2026年度")] == [True] * 5


async def test_choices_show_in_words(world: World, sign_in: SignIn) -> None:
    """A coded result is shown as printed on results; a code without words, and one of an unknown item, as it is."""
    items = [Item(code=f"9N73600000000001{at}", name="n", display=f"問診{at}", kind="code", labels={"1": "はい"}) for at in (1, 2)]
    seen = [Observation(item=item.code, choice=str(at)) for at, item in enumerate(items, 1)]
    odd = Observation(item="9N736000000000013", choice="odd")
    world.stores["anon-data"].mailbox.checkups.append(CHECKUP.model_copy(update={"observations": (*seen, odd)}))
    world.stores["anon-data"].mailbox.items.extend(items)
    _, shown, _ = await _run(sign_in, "checkups", "ja")
    cells = [[cell.strip() for cell in line.split("│")] for line in shown.splitlines() if "│" in line]

    assert [row[1:3] for row in cells] == [["問診1", "はい"], ["問診2", "2"], ["9N736000000000013", "odd"]]


async def test_sealed_choices_show_in_words(world: World, sign_in: SignIn) -> None:
    """A coded result that was kept out of the open part brings its words along."""
    one = {"code": "9N736000000000011", "name": "smoking", "value": "2", "label": "以前は吸っていた"}
    world.stores["anon-data"].mailbox.checkups.append(with_details(world, {"observations": [one]}))
    _, shown, _ = await _run(sign_in, "checkups", "ja")

    assert "以前は吸っていた" in shown


async def test_sealed_details_show_beside_the_open_results(world: World, sign_in: SignIn) -> None:
    """Institution and physician, which only the member can open, stand in the same table."""
    content = {
        "institution": {"number": "9910000018", "name": "架空健診センター"},
        "observations": [{"code": "9N516000000000049", "name": "physician-name", "value": "架空医 一号"}],
    }
    world.stores["anon-data"].mailbox.checkups.append(with_details(world, content))
    _, shown, _ = await _run(sign_in, "checkups", "ja")

    assert [word in shown for word in ("架空健診センター", "医師の氏名", "架空医 一号")] == [True] * 3


@pytest.mark.parametrize("line", ["weigh", "weigh much", "pressure 120", "steps many", "steps 1 someday", "dance", '"'])
async def test_wrong_input_is_explained_not_repeated(sign_in: SignIn, line: str) -> None:
    """A wrong command shows its usage, records nothing and leaves the session open."""
    good, shown, shell = await _run(sign_in, line)

    assert (good, shell.ended, "Usage" in shown or "no such command" in shown) == (False, False, True)
    assert "much" not in shown


async def test_a_host_that_is_down_is_said_plainly(world: World, sign_in: SignIn) -> None:
    """An unavailable host is named in a sentence."""
    session = await sign_in()
    world.faults.down.add("anon-data")
    shown = StringIO()
    good = await Shell(session, Console(file=shown), Words("en")).command("checkups")

    assert (good, shown.getvalue().strip()) == (False, "anon-data cannot be reached. Please try again later.")


def test_both_languages_say_the_same_things() -> None:
    """Every key stands in both languages, and every command has a usage and a help text."""
    assert set(WORDS["ja"]) == set(WORDS["en"])
    assert {f"help-{name}" for name in USAGES} <= set(WORDS["en"])


def test_a_missing_deployment_is_a_usage_error(tmp_path: Path) -> None:
    """The command line names the file that it cannot read."""
    result = CliRunner().invoke(app, ["login", "--deployment", str(tmp_path / "none.json")])

    assert result.exit_code == 2
