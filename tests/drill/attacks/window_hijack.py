"""A live identity that has seen a whole manifest and its calls tries to use them at other hosts, and after their time.

Windows of two purposes: one in which member numbers are evaluated, one about listed members. Only the workstation has the request
key; the attacker has it as well where the officers alone must hold it back: for members who are not on their list, and in a window
that was closed or has expired.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from protocol import oprf
from protocol.jose import generate_p256
from protocol.manifest import Purpose
from protocol.messages.base import Message
from protocol.messages.enrolment import Evaluate
from protocol.messages.life_events import Access, SetAccess
from protocol.names import AUTHORITIES, STORES, AuthorityName

from drill.attack import Live
from drill.correspondence import subjects
from drill.criteria import Outcome, exact
from drill.people import Someone
from drill.truth import Truth
from drill.workstation import Window, Workstation
from drill.world import World

_VICTIMS = 4
_HOST: AuthorityName = "identity"
_TARGET: AuthorityName = "keyvault"
_SHORT_S = 5
"""For how long the window that expires is open."""


@dataclass(frozen=True)
class _Windows:
    """What the workstation opened, and what identity then knows."""

    numbers: Window
    listed: Window
    """About one member only."""
    member: Someone
    closed: Window
    expired: Window


def _blinded(someone: Someone) -> Message:
    return Evaluate(elements=oprf.BlindedBatch([someone.number.x]).blinded[_TARGET])


def _access(window: Window, proved: Someone, at: AuthorityName, someone: Someone) -> Message:
    """End somebody's access at the target, on the proof that the window is about ``proved`` at ``at``."""
    return SetAccess(rows=(Access(ref=someone.refs[_TARGET], subject=window.proof(at, proved.refs[at]), ends=1),))


async def _opened(workstation: Workstation, member: Someone) -> _Windows:
    """Open the windows and make the calls that identity sees; close one, let one expire."""

    async def evaluating(purpose: Purpose, seconds: int) -> Window:
        window = await workstation.open(purpose, AUTHORITIES, quotas={"member": 100}, seconds=seconds)
        (await workstation.call(window, _HOST, "/evaluations", _blinded(member))).raise_for_status()
        return window

    ends = time.monotonic() + _SHORT_S
    expired = await evaluating("enrol", _SHORT_S)
    closed = await evaluating("enrol", 60)
    for host in AUTHORITIES:
        (await workstation.call(closed, host, "/windows/closing")).raise_for_status()
    listed = await workstation.open("suspend", AUTHORITIES, subjects=subjects([member]))
    row = Access(ref=member.refs[_HOST], subject=listed.proof(_HOST, member.refs[_HOST]))
    (await workstation.call(listed, _HOST, "/access", SetAccess(rows=(row,)))).raise_for_status()
    windows = _Windows(await evaluating("enrol", 60), listed, member, closed, expired)
    await asyncio.sleep(max(0.0, ends + 1 - time.monotonic()))
    return windows


async def _elsewhere(workstation: Workstation, windows: _Windows) -> list[httpx.Response]:
    """Replay every call that identity saw at the keyvault and again at identity, and show the manifests to the other zone."""
    seen = [windows.numbers, windows.listed, windows.closed]
    calls = [sent for window in seen for sent in window.sent if sent.host == _HOST]
    answers = [await workstation.again(sent, host) for sent in calls for host in (_HOST, _TARGET)]
    answers += [await workstation.opened(store, window.opening) for window in seen for store in STORES]
    return answers


async def _about(workstation: Workstation, windows: _Windows, victim: Someone) -> list[httpx.Response]:
    """Try to evaluate a victim's number, and to end their access, at the keyvault."""
    key, number = generate_p256(), _blinded(victim)
    answers = [
        await workstation.call(windows.numbers, _TARGET, "/evaluations", number, key=key),
        await workstation.call(windows.closed, _TARGET, "/evaluations", number),
        await workstation.call(windows.expired, _TARGET, "/evaluations", number),
        await workstation.call(windows.listed, _TARGET, "/evaluations", number),
    ]
    for at in (_HOST, _TARGET):
        wanted = _access(windows.listed, windows.member, at, victim)
        answers.append(await workstation.call(windows.listed, _TARGET, "/access", wanted))
        answers.append(await workstation.call(windows.listed, _TARGET, "/access", wanted, key=key))
        answers.append(await workstation.call(windows.numbers, _TARGET, "/access", wanted))
    return answers


def _any(answers: Sequence[httpx.Response]) -> bool:
    return any(answer.is_success for answer in answers)


async def _run(world: World, truth: Truth) -> Outcome:  # noqa: ARG001 - attacks are called alike
    workstation = world.workstation
    member, *victims = world.victims(1 + _VICTIMS)
    windows = await _opened(workstation, member)
    replayed = _any(await _elsewhere(workstation, windows))
    won = sum([_any(await _about(workstation, windows, victim)) for victim in victims])
    return exact(won + replayed, 1 + len(victims), "members reached with a window that was not for them, or calls replayed")


ATTACK = Live(
    "window-hijack",
    "Identity uses manifests, calls and proofs of subjects that it saw at other hosts, for other members, and after their time.",
    (_HOST,),
    _run,
)
