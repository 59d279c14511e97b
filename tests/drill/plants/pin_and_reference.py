"""A card's key is made of the PIN and the member's reference, so that a lost card is easily printed again."""

from hashlib import sha256

from protocol.signing import SigningKey

from drill.attack import Plant
from drill.seizure import Seizure
from drill.truth import Truth
from drill.ways import PIN


async def _apply(seizure: Seizure, truth: Truth) -> None:
    refs = [person.ids["keyvault"] for person in truth.persons]
    keys = {ref: SigningKey(sha256(ref + PIN.encode()).digest()).public_bytes for ref in refs}
    await seizure["keyvault"].change(
        *(
            f"UPDATE verifier SET public_key = '\\x{key.hex()}' WHERE kind = 'card' AND ref = '\\x{ref.hex()}'"
            for ref, key in keys.items()
        )
    )


PLANT = Plant(
    "pin-and-reference", "pin-at-rest", "The key of a card follows from its PIN and the member's reference.", ("keyvault",), _apply
)
