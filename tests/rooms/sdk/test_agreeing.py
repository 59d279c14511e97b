"""Consents, household views and messages on the member's device."""

import re
from datetime import date
from io import StringIO

import pytest
import warifu
from protocol.encoding import b64u
from protocol.messages.consents import CONSENT_PURPOSES, ConsentText, ConsentWords
from protocol.messages.member_messages import MemberMessage, Words, read_mark
from protocol.view_code import ViewCode
from rich.console import Console
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import World
from rooms.sdk.test_cli import Typing
from rooms.sdk.test_session import WEIGHT, with_details
from warifu.cli.shell import Shell
from warifu.cli.words import Language
from warifu.cli.words import Words as Said

TODAY = date(2026, 4, 1)
PIN = "合言葉12345"
CODE_ON_SCREEN = re.compile(r"WV1[A-Z0-9-]+")
TEXTS = [
    ConsentText(
        purpose=purpose,
        version=3,
        counts_from=2,
        ja=ConsentWords(title=f"題 {purpose}", body=f"本文 {purpose}"),
        en=ConsentWords(title=f"Title {purpose}", body=f"Body {purpose}"),
    )
    for purpose in CONSENT_PURPOSES
]
MESSAGES = [
    MemberMessage(
        id=bytes([at]) * 16,
        ja=Words(title=f"お知らせ{at}", body="本文です。\n二行目。"),
        en=Words(title=f"News {at}", body="Text.") if at else None,
        link=None,
        sent=date(2026, 4, 1 + at),
        until=date(2026, 5, 1),
    )
    for at in range(2)
]


@pytest.fixture(autouse=True)
def _texts(world: World) -> None:
    world.stores["anon-data"].mailbox.texts.extend(TEXTS)


async def _shell(sign_in: SignIn, commands: str, *answers: str, language: Language = "en") -> tuple[bool, str]:
    shown, typing = StringIO(), Typing(*answers)

    async def proving() -> warifu.Way:
        raise AssertionError("nothing here is proved anew")

    console = Console(file=shown, width=100)
    shell = Shell(await sign_in(), console, Said(language), lambda: TODAY, proving=proving, ask=typing)
    return await shell.run(commands.split(";")), shown.getvalue()


@pytest.mark.parametrize(("language", "yes", "body"), [("ja", "はい", "本文 messages"), ("en", "Yes", "Body messages")])
async def test_a_consent_is_given_to_the_text_that_was_shown(
    world: World, sign_in: SignIn, language: Language, yes: str, body: str
) -> None:
    """The text is shown before anybody is asked; its version is what is agreed to."""
    good, shown = await _shell(sign_in, "consent give messages;consents", yes, language=language)
    given = world.stores["anon-data"].mailbox.consents

    assert (good, body in shown) == (True, True)
    assert {purpose: (said[0].given, said[0].version) for purpose, said in given.items()} == {"messages": (True, 3)}


async def test_without_a_yes(world: World, sign_in: SignIn) -> None:
    """Whatever else is typed agrees to nothing."""
    good, shown = await _shell(sign_in, "consent give analysis", "maybe")

    assert (good, world.stores["anon-data"].mailbox.consents) == (False, {})
    assert "You did not agree" in shown


async def test_a_consent_is_withdrawn(world: World, sign_in: SignIn) -> None:
    """Without a question."""
    good, _ = await _shell(sign_in, "consent give analysis;consent withdraw analysis", "yes")

    assert (good, [one.given for one in world.stores["anon-data"].mailbox.consents["analysis"]]) == (True, [False, True])


@pytest.mark.parametrize(
    "line", ["consent give everything", "consent take analysis", "give-view", "give-view everything", "read x"]
)
async def test_wrong_input(sign_in: SignIn, line: str) -> None:
    """Shows the usage."""
    good, shown = await _shell(sign_in, line)

    assert (good, "Usage" in shown) == (False, True)


async def test_a_view_from_hand_to_hand(world: World, sign_in: SignIn) -> None:
    """The code on the giver's screen and the PIN open the checkups on a device that signs in nowhere, until the view is ended."""
    mailbox = world.stores["anon-data"].mailbox
    mailbox.checkups.append(with_details(world, {"institution": "架空健診センター"}))
    mailbox.items.append(WEIGHT)
    good, shown = await _shell(sign_in, "consent give household;give-view checkups;views", "yes", PIN, PIN)
    text = CODE_ON_SCREEN.findall(shown)[0]
    async with world.http() as http, warifu.Client(world.deployment, http=http, clock=world.clock) as client:
        view = await client.household_view(text, PIN)
        seen = await view.checkups()
        with pytest.raises(warifu.HostRefused) as wrong:
            await (await client.household_view(text, "another1")).checkups()
        handle = ViewCode.parse(text).handle
        ended, _ = await _shell(sign_in, f"end-view {handle.hex()[:8]}")
        with pytest.raises(warifu.HostRefused) as after:
            await view.checkups()

    assert (good, ended, [one.details for one in seen.checkups]) == (True, True, [None])
    assert (wrong.value.type, after.value.type, repr(view)) == ("view-unknown", "view-unknown", "HouseholdView()")
    assert (PIN in shown, b64u(handle) in shown) == (False, False)


async def test_a_view_without_the_consent(sign_in: SignIn) -> None:
    """Said in a sentence."""
    good, shown = await _shell(sign_in, "give-view checkups", PIN, PIN)

    assert (good, "This needs a consent" in shown) == (False, True)


async def test_codes_that_cannot_be(world: World) -> None:
    """A text that is no view's code, and a PIN that is too short, are refused before any host is asked."""
    faults = []
    async with world.http() as http, warifu.Client(world.deployment, http=http, clock=world.clock) as client:
        for code, pin in (("WF1-QQQQ", PIN), (ViewCode(bytes(16)).text, "12345")):
            with pytest.raises(warifu.InputRefused) as refused:
                await client.household_view(code, pin)
            faults.append(refused.value.fault)

    assert faults == ["view-code", "pin"]


async def test_messages_are_listed_and_read(world: World, sign_in: SignIn) -> None:
    """A message without English words is read in Japanese; what one device has read another shows as read."""
    mailbox = world.stores["anon-data"].mailbox
    mailbox.messages.extend(reversed(MESSAGES))
    good, shown = await _shell(sign_in, "messages;read 1;read 2")
    _, again = await _shell(sign_in, "messages")
    session = await sign_in()
    seed = session._keys().settled.held.mailbox_seed

    assert (good, [word in shown for word in ("News 1", "お知らせ0", "二行目。")]) == (True, [True] * 3)
    assert (shown.count("new"), again.count("read")) == (2, 2)
    assert {one.mark for one in mailbox.marks} == {read_mark(seed, one.id) for one in MESSAGES}
    assert len({one.mark for one in mailbox.marks}) == 2


async def test_no_message_and_no_such_number(world: World, sign_in: SignIn) -> None:
    """Said in a sentence."""
    _, none = await _shell(sign_in, "messages")
    world.stores["anon-data"].mailbox.messages.extend(MESSAGES)
    good, shown = await _shell(sign_in, "read 3")

    assert ("There are no messages" in none, good, "No message has that number" in shown) == (True, False, True)


async def test_a_link_elsewhere_is_an_alarm(world: World, sign_in: SignIn) -> None:
    """The device knows by itself where messages may lead."""
    forged = MESSAGES[0].model_copy(update={"link": "https://elsewhere.example/"})
    world.stores["anon-data"].mailbox.messages.append(forged)
    with pytest.raises(warifu.KeyMaterialRefused):
        await (await sign_in()).messages()
