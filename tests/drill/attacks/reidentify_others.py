"""The registrar's workstation is in other hands for one window to re-identify, and has every sealed number of a seized store."""

from protocol.messages.search import Open, OpeningPart
from protocol.names import AUTHORITIES, AuthorityName
from protocol.split_seal import SplitSealer, inner_hash, sealed_part

from drill.attack import Live
from drill.criteria import Outcome, exact
from drill.truth import Truth
from drill.workstation import Window, Workstation
from drill.world import World

_VICTIMS = 6


async def _opens(workstation: Workstation, window: Window, host: AuthorityName, listed: bytes, wanted: bytes) -> bool:
    """Ask for the part of a seal on the proof of the listed one, and say whether it came."""
    subject = window.proof(host, inner_hash(listed))
    part = OpeningPart(sealed=sealed_part(wanted, host), inner=inner_hash(wanted), subject=subject)
    return (await workstation.call(window, host, "/openings", Open(use="number", rows=(part,)))).is_success


async def _run(world: World, truth: Truth) -> Outcome:  # noqa: ARG001 - attacks are called alike
    sealer = SplitSealer(
        "number", world.deployment.insurer_key, {host: world.deployment.authorities[host].unseal["number"] for host in AUTHORITIES}
    )
    listed, *others = [sealer.seal(one.number.x, one.tokens["anon-data"]) for one in world.people[: 1 + _VICTIMS]]
    workstation = world.workstation
    window = await workstation.open("reidentify", AUTHORITIES, subjects={host: [inner_hash(listed)] for host in AUTHORITIES})
    opened = [any([await _opens(workstation, window, host, listed, blob) for host in AUTHORITIES]) for blob in others]
    return exact(
        sum(opened), len(others), "member numbers of which an authority opened its part, though the officers did not list them"
    )


ATTACK = Live(
    "reidentify-others",
    "In a window about one sealed member number the three authorities are asked for their parts of others.",
    ("registrar",),
    _run,
)
