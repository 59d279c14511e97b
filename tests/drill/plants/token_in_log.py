"""A debug line with the member's token in the service log."""

from drill.attack import Plant
from drill.seizure import Seizure
from drill.truth import Truth


async def _apply(seizure: Seizure, truth: Truth) -> None:
    with (seizure["anon-data"].logs / "service.log").open("a", encoding="utf-8") as log:
        log.writelines(f'{{"event": "claimed", "member": "{person.ids["anon-data"].hex()}"}}\n' for person in truth.persons)


PLANT = Plant("token-in-log", "log-grep", "The service logs the token of every request.", ("anon-data",), _apply)
