"""A live gateway signs staff tokens for everybody, and tries to be an analyst at anon-data without a listed passkey."""

from dataclasses import replace

from protocol.jose import generate_p256

from drill.attack import Live
from drill.colleague import OWN, Colleague
from drill.criteria import Outcome, exact
from drill.truth import Truth
from drill.world import World

_EXAMINED = "/staff/examined"


async def _run(world: World, truth: Truth) -> Outcome:  # noqa: ARG001 - attacks are called alike
    honest = Colleague(world, "desk-1", roles=("analyst", "office"))
    await honest.hired()
    assert (await honest.call("GET", OWN)).is_success
    captured = honest.opening()
    (await honest.open(captured)).raise_for_status()
    stranger = Colleague(world, "desk-2")
    colleague = replace(honest, key=generate_p256())
    impostor = Colleague(world, "desk-1", roles=honest.roles, subject=honest.subject)
    thief = replace(honest, key=generate_p256())
    await stranger.open(stranger.opening())
    await impostor.open(impostor.opening(honest.credential.credential_id))
    await thief.open(captured)
    attackers = (stranger, colleague, impostor, thief)
    won = [any([(await one.call("GET", path)).is_success for path in (OWN, _EXAMINED)]) for one in attackers]
    return exact(sum(won), len(attackers), "ways to be staff with the gateway's word alone")


ATTACK = Live(
    "staff-by-gateway",
    "The gateway signs staff tokens for listed and unlisted people, shows passkeys of its own, and replays a captured assertion.",
    ("gateway",),
    _run,
)
