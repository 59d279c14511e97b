"""Walks through everybody's number, reading, telephone and e-mail with every seized key, for rows of the search index."""

from collections.abc import Iterator, Mapping, Sequence

from protocol.derive import hkdf
from protocol.encoding import lp, sha256
from protocol.names import AUTHORITIES, AuthorityName
from protocol.oprf import evaluator
from protocol.search import FIELDS, SALTS, Field, search_use, tag
from voprf.ristretto import Evaluator

from drill.attack import AtRest
from drill.criteria import Outcome, exact
from drill.floor import Floor
from drill.seizure import HostCopy, Seizure
from drill.truth import Truth

_TABLE = "search_tag"
_TRIED = 8
"""People whose words are tried, thousands of hashes for each guess."""


class _Keys:
    """Everything that the seized authorities could evaluate a word of one field with."""

    def __init__(self, floor: Floor, held: Sequence[AuthorityName], field: Field) -> None:
        self._use = search_use(field, 1)
        self._roots = {host: floor.root(host) for host in held}
        self._evaluators: Mapping[AuthorityName, Evaluator] = {
            host: evaluator(root, self._use) for host, root in self._roots.items()
        }

    def guesses(self, word: bytes) -> Iterator[bytes]:
        """Yield what might stand for the evaluation by all three: the word itself, keyed, or evaluations with one missing."""
        yield word
        yield sha256(word)
        for root in self._roots.values():
            yield root.mac(word)
        own = {host: each.evaluate_known_input(word) for host, each in self._evaluators.items()}
        for stand_in in (b"", bytes(64), *own.values()):
            yield hkdf(b"".join(own.get(host, stand_in) for host in AUTHORITIES), lp("F", self._use))


def _tags(copy: HostCopy) -> dict[Field, dict[bytes, bytes]]:
    """Return tags by field and reference."""
    table = copy.tables[_TABLE]
    places = {field: table.columns.index(f"{field.replace('-', '_')}_tag") for field in FIELDS}
    return {field: {row.values[0]: row.values[at] for row in table.rows} for field, at in places.items()}


def _run(seizure: Seizure, truth: Truth) -> Outcome:
    held = [host for host in AUTHORITIES if host in seizure.hosts]
    if "identity" not in held:
        return exact(0, _TRIED, "rows recognised: no index was seized")
    floor, tags = Floor(seizure), _tags(seizure["identity"])
    keys = {field: _Keys(floor, held, field) for field in FIELDS}
    known = 0
    tried = truth.persons[:_TRIED]
    for person in tried:
        # Only the row that is theirs could be a hit, so the walk through all others is spared.
        own = {field: rows[person.ids["identity"]] for field, rows in tags.items() if person.ids["identity"] in rows}
        known += any(
            own[field] in (tag(guess, salt) for salt in range(SALTS))
            for field, word in person.words.items()
            if word is not None and field in own
            for guess in keys[field].guesses(word)
        )
    return exact(known, len(tried), "rows of the search index recognised")


ATTACK = AtRest(
    "search-dictionary",
    "Evaluates everybody's number, reading, telephone and e-mail with the seized roots, the others left out, zero or stood in for, "
    "and looks for the tags of the search index.",
    _run,
)
