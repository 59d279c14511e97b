"""What the command line refuses by itself, and says why: a number that is in no list, a word that means nothing."""

from datetime import date
from pathlib import Path

import pytest
import warifu
from protocol.messages.challenges import OfferedChallenge
from protocol.messages.exchange import Order
from rooms.programs.walking import contest
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import World
from rooms.sdk.test_cli import _run
from rooms.sdk.test_shopping import GOODS, product
from typer.testing import CliRunner
from warifu.cli import app

DAY = date(2026, 4, 1)


def _offered(world: World) -> None:
    """Offer one of each."""
    mailbox = world.stores["programs"].mailbox
    mailbox.products = [product(GOODS)]
    mailbox.contests = [contest()]
    about = {
        "kind": "habit",
        "title": "毎日の習慣 (架空)",
        "first": DAY,
        "last": DAY,
        "goal": 1,
        "goal_steps": None,
        "questions": (),
    }
    own = {"joined": True, "done": 0, "streak": 0, "reached": False}
    mailbox.challenges = [OfferedChallenge.model_validate({"id": bytes(16), **about, **own})]
    order = {"supplier": "shop", "kind": "goods", "state": "placed", "revision": 2, "points": 300, "lines": (), "until": None}
    mailbox.orders = [Order.model_validate({"id": bytes(16), "day": DAY, **order})]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("order", "Type catalogue"),
        ("cancel-order", "Type orders"),
        ("take-on", "See challenges"),
        ("give-up", "See challenges"),
        ("leave", "See contests"),
        ("excuse", "See contests"),
    ],
)
@pytest.mark.parametrize("number", ["0", "-1", "2"])
async def test_a_number_that_is_in_no_list(world: World, sign_in: SignIn, command: str, said: str, number: str) -> None:
    """Lists are counted from one; no other number reaches anything, and nothing is written."""
    _offered(world)
    good, shown = await _refused(world, sign_in, f"{command} {number}")

    assert (good, said in shown) == (False, True)
    assert [line for line in world.faults.log if " GET " not in line] == []


async def test_words_that_mean_nothing(world: World, sign_in: SignIn, tmp_path: Path) -> None:
    """A view that nobody gave, a way back that is none, and a file that is no list are refused, and nothing is written."""
    _offered(world)
    (tmp_path / "one.json").write_text("{}", encoding="utf-8")
    said = []
    for line in ("end-view 00000000", "excuse 1 forth", f"sync {tmp_path}/one.json"):
        _, shown = await _refused(world, sign_in, line)
        said.append(shown.split(".")[0])
        assert [line for line in world.faults.log if " GET " not in line] == []

    assert said == ["That ID names no single view", "Usage: excuse N [back]\n", "The file cannot be read"]


async def _refused(world: World, sign_in: SignIn, line: str) -> tuple[bool, str]:
    """Run a command in a session that is open already, and return what was shown; the log holds what it asked."""
    session = await sign_in()
    world.faults.log.clear()

    async def signed_in() -> warifu.MemberSession:
        return session

    good, shown, _ = await _run(signed_in, line)
    return good, shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["login", "--code", "--child", "1"], "a code says whose account it opens"),
        (["login", "--code", "--group", "http://localhost:8100"], "a code says whose account it opens"),
        (["begin-log", "programs"], "not an authority"),
        (["login", "--lang", "de"], "ja or en"),
        (["view", "--lang", "JA"], "ja or en"),
    ],
)
def test_options_that_do_not_fit(tmp_path: Path, arguments: list[str], said: str) -> None:
    """They are a usage error, and nobody is asked anything."""
    described = tmp_path / "deployment.json"
    described.write_text(World().deployment.model_dump_json(), encoding="utf-8")
    result = CliRunner().invoke(app, [*arguments, "--deployment", str(described)])

    assert (result.exit_code, said in result.output) == (2, True)


def test_a_terminal_without_anybody(tmp_path: Path) -> None:
    """Where input ends before there is a code, the sign-in fails in a sentence."""
    described = tmp_path / "deployment.json"
    described.write_text(World().deployment.model_dump_json(), encoding="utf-8")
    result = CliRunner().invoke(app, ["login", "--code", "--lang", "en", "--deployment", str(described)], input="")

    assert (result.exit_code, "nobody answers" in result.output) == (1, True)
