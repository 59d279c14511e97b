"""Reads the gateway's memory after a population has worked with it."""

from health.items import items
from protocol.names import STORES

from drill import memory
from drill.attack import Live
from drill.criteria import Outcome, exact
from drill.scan import Needles
from drill.truth import Truth
from drill.world import World

HOST = "gateway"


def _hidden(truth: Truth) -> set[bytes]:
    """Return what the gateway never learns, not for a moment. A work id it does: the group's provider tells it.

    Numbers of somebody's body are like any others; the 17-digit codes of the examinations, without which no value of a checkup
    travels, stand in no program that knows no health data.
    """
    found = {item.code.encode() for item in items()}
    for person in truth.persons:
        found.update(person.secrets)
        found.update(text.encode() for text in person.plaintexts)
        found.update(person.ids[store] for store in STORES)
    return found


async def _run(world: World, truth: Truth) -> Outcome:
    needles = Needles(_hidden(truth))
    read = 0
    found: set[bytes] = set()
    for piece in memory.pieces(world.pid(HOST)):
        read += len(piece)
        found.update(value for _, value in needles.find(piece))
    # A process of Python with all of this house's libraries has more than this.
    assert read > 10 << 20, "the gateway's memory was not read"
    return exact(len(found), len(truth.persons), "tokens, members' secrets, personal or health data in memory")


ATTACK = Live(
    "memory-grep",
    "Reads the running gateway's memory for tokens of the stores, members' keys, names, addresses, checkups.",
    (HOST,),
    _run,
)
