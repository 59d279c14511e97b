"""The registrar's workstation is in other hands for one window, and asks an authority for more than its quota, all at once."""

import asyncio

from protocol import oprf
from protocol.messages.enrolment import Evaluate
from protocol.names import AUTHORITIES, AuthorityName

from drill.attack import Live
from drill.criteria import Outcome, exact
from drill.truth import Truth
from drill.world import World

_QUOTA = 8
_EACH = 4
_CALLS = 16
"""As many as a host works on at a time without sending some away."""
_TARGETS: tuple[AuthorityName, ...] = ("keyvault", "identity")


async def _run(world: World, truth: Truth) -> Outcome:
    workstation = world.workstation
    window = await workstation.open("enrol", AUTHORITIES, quotas={"member": _QUOTA})
    numbers = [person.number.x for person in truth.persons[:_EACH]]
    elements = oprf.BlindedBatch(numbers).blinded

    async def answered(host: AuthorityName) -> int:
        asked = Evaluate(elements=elements[host])
        answers = await asyncio.gather(*(workstation.call(window, host, "/evaluations", asked) for _ in range(_CALLS)))
        return _EACH * sum(answer.is_success for answer in answers)

    most = max([await answered(host) for host in _TARGETS])
    return exact(max(0, most - _QUOTA), _EACH * _CALLS - _QUOTA, "evaluations beyond the quota of a window")


ATTACK = Live(
    "quota-race",
    "Many calls in one window ask an authority at the same instant for more evaluations than the officers signed for.",
    ("registrar",),
    _run,
)
