"""Identity hashes what people are searched by itself, salted like passwords: nobody needs the authorities to search."""

from protocol.search import Tags

from drill.attack import Plant
from drill.seizure import Seizure
from drill.truth import Truth


async def _apply(seizure: Seizure, truth: Truth) -> None:
    statements, tags = [], Tags()
    for person in truth.persons:
        word = person.words["member-number"]
        assert word is not None
        said = f"member_number_tag = '\\x{tags.draw(word).hex()}'"
        statements.append(f"UPDATE search_tag SET {said} WHERE ref = '\\x{person.ids['identity'].hex()}'")
    await seizure["identity"].change(*statements)


PLANT = Plant("tags-of-words", "search-dictionary", "Tags are salted hashes of what people are searched by.", ("identity",), _apply)
