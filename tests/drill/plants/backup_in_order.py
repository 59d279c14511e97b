"""Two hosts write their rows into backups in the order of the insurer's file."""

from typing import Literal

from drill.attack import Plant
from drill.backups import FOLDER, write
from drill.seizure import Seizure
from drill.truth import Truth

_HOSTS: tuple[Literal["gateway"], Literal["anon-data"]] = ("gateway", "anon-data")


async def _apply(seizure: Seizure, truth: Truth) -> None:
    for host in _HOSTS:
        rows = b"".join(person.ids[host] for person in truth.persons)
        write(seizure[host].folder / FOLDER / "second.backup", host, truth.restore_keys[host], "member", rows)


PLANT = Plant("backup-in-order", "backup-order", "Backups hold rows in the order in which they came.", _HOSTS, _apply)
