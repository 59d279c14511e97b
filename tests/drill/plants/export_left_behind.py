"""Somebody exported the tokens of anon-data and left the file on the keyvault."""

from protocol.encoding import b64u

from drill.attack import Plant
from drill.seizure import Seizure
from drill.truth import Truth


async def _apply(seizure: Seizure, truth: Truth) -> None:
    lines = [b64u(person.ids["anon-data"]) for person in truth.persons]
    (seizure["keyvault"].folder / "migration-notes.txt").write_text("\n".join(lines), encoding="ascii")


PLANT = Plant(
    "export-left-behind", "key-search", "A file with the other zone's tokens lies on the keyvault.", ("keyvault",), _apply
)
