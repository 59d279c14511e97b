"""The command line's shell."""

import re
from datetime import date
from io import StringIO
from pathlib import Path
from typing import get_args

import httpx
import pytest
import warifu
from protocol.code import Code
from protocol.messages.records import Item, Observation
from protocol.messages.verifiers import VerifierKind
from rich.console import Console
from rooms.sdk.agent import WalkingAgent
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import World
from rooms.sdk.test_session import CHECKUP, WEIGHT, with_details
from typer.testing import CliRunner
from warifu.cli import app
from warifu.cli.asking import code_way
from warifu.cli.shell import USAGES, Shell
from warifu.cli.words import WORDS, Language, Words

TODAY = date(2026, 4, 1)
CODE_ON_SCREEN = re.compile(r"WF1[A-Z0-9-]+")
LETTER = Code(bytes(range(16)))
FAULTS = (
    "length",
    "character",
    "checksum",
    "pin",
    "label",
    "wish",
    "pins",
    "written",
    "file",
    "archive",
    "way",
    "note",
    "unit",
    "health-file",
    "agree",
    "view",
    "view-code",
    "message",
    "cart",
    "address",
    "order",
    "contest",
    "challenge",
)


class Typing:
    """A person at a terminal, who answers each prompt in turn; remembers which prompts were hidden."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.hidden: list[bool] = []
        self.shown = StringIO()

    async def __call__(self, prompt: str, *, hidden: bool = False) -> str:
        assert prompt.rstrip().endswith((":", "："))
        self.hidden.append(hidden)
        answer = self.answers.pop(0)
        # Copied from the screen.
        return CODE_ON_SCREEN.findall(self.shown.getvalue())[-1][-3:] if answer == "<copied>" else answer


def _shell(session: warifu.MemberSession, http: httpx.AsyncClient, typing: Typing, language: Language = "en") -> Shell:
    async def proving() -> warifu.Way:
        return warifu.Group(WalkingAgent(http))

    console = Console(file=typing.shown, width=100)
    return Shell(session, console, Words(language), lambda: TODAY, proving=proving, ask=typing)


async def _run(sign_in: SignIn, commands: str, language: Language = "en") -> tuple[bool, str, Shell]:
    typing = Typing()
    shown, world = typing.shown, World()
    async with world.http() as http:
        shell = _shell(await sign_in(), http, typing, language)
    good = await shell.run(commands.split(";"))
    return good, shown.getvalue(), shell


async def test_commands_run_one_after_another(sign_in: SignIn) -> None:
    """What is recorded shows, with units, and logoff ends the session."""
    good, shown, shell = await _run(sign_in, "weigh 62.5; pressure 121 79; steps 8000; vitals; profile; logoff; vitals")

    assert (good, shell.ended) == (True, True)
    for word in ("62.5", "kg", "121", "mmHg", "8,000", "steps", "架空 花子", "Signed off"):
        assert word in shown


async def test_everything_goes_into_one_file(sign_in: SignIn, tmp_path: Path) -> None:
    """The file is for its owner alone, is as it was signed, and is never written over."""
    path = tmp_path / "mine.zip"
    good, shown, _ = await _run(sign_in, f"export {path}")
    again, _, _ = await _run(sign_in, f"export {path}")

    assert (good, again, path.stat().st_mode & 0o777) == (True, False, 0o600)
    assert "not encrypted" in shown
    assert "record.fhir.json" in warifu.checked(path.read_bytes()).files


async def test_checkups_show_items_values_and_units(world: World, sign_in: SignIn) -> None:
    """A checkup is a table with the item's printed name, value and unit."""
    world.stores["anon-data"].mailbox.checkups.append(CHECKUP)
    world.stores["anon-data"].mailbox.items.append(WEIGHT)
    _, shown, _ = await _run(sign_in, "checkups", "ja")

    assert [word in shown for word in ("身長", "160.5", "cm", "基準内", "2026年度")] == [True] * 5


async def test_choices_show_in_words(world: World, sign_in: SignIn) -> None:
    """A coded result is shown as printed on results; a code without words, and one of an unknown item, as it is."""
    items = [Item(code=f"9N99900000000001{at}", name="n", display=f"問診{at}", kind="code", labels={"1": "はい"}) for at in (1, 2)]
    seen = [Observation(item=item.code, choice=str(at)) for at, item in enumerate(items, 1)]
    odd = Observation(item="9N999000000000013", choice="odd")
    world.stores["anon-data"].mailbox.checkups.append(CHECKUP.model_copy(update={"observations": (*seen, odd)}))
    world.stores["anon-data"].mailbox.items.extend(items)
    _, shown, _ = await _run(sign_in, "checkups", "ja")
    cells = [[cell.strip() for cell in line.split("│")] for line in shown.splitlines() if "│" in line]

    assert [row[1:3] for row in cells] == [["問診1", "はい"], ["問診2", "2"], ["9N999000000000013", "odd"]]


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
    typing = Typing()
    async with world.http() as http:
        good = await _shell(session, http, typing).command("checkups")

    assert (good, typing.shown.getvalue().strip()) == (False, "anon-data cannot be reached. Please try again later.")


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_a_card_is_added_once_it_was_written_down(world: World, sign_in: SignIn, tmp_path: Path, language: Language) -> None:
    """PINs are hidden, the code is shown and written to a file that only its owner reads; then it signs in."""
    typing, sheet = Typing("合言葉12345", "合言葉12345", "<copied>"), tmp_path / "card.html"
    async with world.http() as http, warifu.Client(world.deployment, http=http, clock=world.clock) as client:
        good = await _shell(await sign_in(), http, typing, language).run([f"add-card 財布 {sheet}", "ways"])
        text = CODE_ON_SCREEN.findall(typing.shown.getvalue())[0]
        again = await client.sign_in(warifu.CodeWay(text, "合言葉12345"))

    assert (good, typing.hidden, again.ended) == (True, [True, True, False], True)
    assert (text in sheet.read_text(encoding="utf-8"), sheet.stat().st_mode & 0o777) == (True, 0o600)
    assert ("合言葉" in typing.shown.getvalue(), "財布" in typing.shown.getvalue()) == (False, True)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (["123456", "123457"], "The two do not match."),
        (["12345", "12345", "<copied>"], "A PIN has at least 6 characters."),
        (["123456", "123456", "no"], "That does not match."),
    ],
)
async def test_a_card_that_nobody_has_is_not_added(world: World, sign_in: SignIn, answers: list[str], said: str) -> None:
    """Without the right PIN twice, and the last characters of the code, nothing is stored."""
    session, typing = await sign_in(), Typing(*answers)
    async with world.http() as http:
        good = await _shell(session, http, typing).command("add-card card")

    assert (good, said in typing.shown.getvalue(), [way.kind for way in await session.ways()]) == (False, True, ["oidc"])


async def test_no_file_is_overwritten(world: World, sign_in: SignIn, tmp_path: Path) -> None:
    """A sheet goes to a new file or nowhere."""
    sheet = tmp_path / "card.html"
    sheet.write_text("mine", encoding="utf-8")
    session, typing = await sign_in(), Typing("123456", "123456", "<copied>")
    async with world.http() as http:
        good = await _shell(session, http, typing).command(f"add-card card {sheet}")

    assert (good, sheet.read_text(encoding="utf-8"), len(await session.ways())) == (False, "mine", 1)


async def test_ways_are_removed_and_recoveries_cancelled_by_their_short_id(world: World, sign_in: SignIn) -> None:
    """Both need the member's word; an id that names nothing, and the last way, are explained."""
    letter = world.letter(LETTER)
    recovery = world.letter(Code(bytes(16)), not_before=world.clock.now + 86_400)
    session, typing = await sign_in(), Typing()
    commands = [f"cancel-recovery {recovery.hex()[:8]}", f"remove-way {letter.hex()[:8]}", "remove-way 00"]
    async with world.http() as http:
        shell = _shell(session, http, typing)
        shell.greet()
        done = [await shell.command(line) for line in [*commands, f"remove-way {world.subject_id.hex()[:8]}"]]
    shown = typing.shown.getvalue()

    assert done == [True, True, False, False]
    assert [word in shown for word in ("Warning: a new way", recovery.hex()[:8], "Cancelled.", "Removed.")] == [True] * 4
    assert [word in shown for word in ("names no single way", "The last way")] == [True, True]
    assert [way.kind for way in await session.ways()] == ["oidc"]


@pytest.mark.parametrize(("language", "warning", "done"), [("en", "may be handed", "Cancelled."), ("ja", "引き渡せる", "取り消し")])
async def test_recoveries_at_the_stores_are_shown_and_refused(
    world: World, sign_in: SignIn, language: Language, warning: str, done: str
) -> None:
    """Right after sign-in, with the day and the command that refuses it; a host that is no store is not asked."""
    await sign_in()
    mailbox = world.stores["programs"].mailbox
    mailbox.recovery = date(2026, 4, 3)
    session, typing = await sign_in(), Typing()
    async with world.http() as http:
        shell = _shell(session, http, typing, language)
        shell.greet()
        good = [await shell.command(f"refuse-recovery {host}") for host in ("keyvault", "programs")]
    shown = typing.shown.getvalue()

    assert [word in shown for word in (warning, "2026-04-03", "refuse-recovery programs", done)] == [True] * 4
    assert good == [False, True]
    assert world.stores["programs"].mailbox.recovery is None


async def test_keys_wishes_and_the_end_everywhere(world: World, sign_in: SignIn) -> None:
    """Keys change, a wish goes to the insurer, and all sessions end."""
    good, shown, shell = await _run(sign_in, "change-keys; wish address 架空県1-1 telephone 03-0000-0000; logoff-everywhere")

    assert (good, shell.ended, len(world.authorities["identity"].wishes)) == (True, True, 1)
    assert ("架空県" in shown, "all devices are signed off" in shown) == (False, True)
    assert world.authorities["keyvault"].account.version == 3


@pytest.mark.parametrize("line", ["wish", "wish address", "wish name X", "wish address a address b"])
async def test_a_wish_is_about_contact_data(sign_in: SignIn, line: str) -> None:
    """Each field once, with its text."""
    good, shown, _ = await _run(sign_in, line)

    assert (good, "Usage" in shown) == (False, True)


@pytest.mark.parametrize(("pin", "kept"), [("", None), ("123456", "123456")])
async def test_code_and_pin_are_asked_for(pin: str, kept: str | None) -> None:
    """The PIN is hidden; without one the code is a letter's."""
    typing = Typing(LETTER.text, pin)
    way = await code_way(typing, Words("en"))

    assert (typing.hidden, way._pin) == ([False, True], kept)


def test_a_code_is_never_an_argument() -> None:
    """``--code`` takes no value: a command line is seen by everybody on the machine."""

    assert CliRunner().invoke(app, ["login", "--code", LETTER.text]).exit_code == 2


def test_both_languages_say_the_same_things() -> None:
    """Every key stands in both languages, and every command has a usage and a help text."""
    assert set(WORDS["ja"]) == set(WORDS["en"])
    assert {f"help-{name}" for name in USAGES} <= set(WORDS["en"])
    assert {f"kind-{kind}" for kind in get_args(VerifierKind)} <= set(WORDS["en"])
    assert {f"input-{fault}" for fault in FAULTS} <= set(WORDS["en"])


def test_a_missing_deployment_is_a_usage_error(tmp_path: Path) -> None:
    """The command line names the file that it cannot read."""
    result = CliRunner().invoke(app, ["login", "--deployment", str(tmp_path / "none.json")])

    assert result.exit_code == 2
