"""``subjects.json``."""

from protocol.names import HostName
from protocol.subjects import Subject, SubjectList

from make_vectors.cases import Case, Stored
from make_vectors.inputs import fixed

_SUBJECTS: tuple[tuple[HostName, str, int], ...] = (
    ("keyvault", "one", 16),
    ("keyvault", "two", 16),
    ("identity", "one", 16),
    ("gateway", "one", 16),
    ("gateway", "two", 16),
)


def build(_stored: Stored) -> Case:
    """Show a window's subject list: its leaves in their order, its root, and the proof of each entry."""
    listed = SubjectList.of(
        Subject(host, fixed(f"subject {host} {name}", size), fixed(f"subject salt {host} {name}", 16))
        for host, name, size in _SUBJECTS
    )
    entries = [
        {
            "host": one.host,
            "id": one.id.hex(),
            "leaf": one.leaf.hex(),
            "proof": listed.proof(one.host, one.id).model_dump_json(),
        }
        for one in listed.entries
    ]
    return {"cases": [{"root": listed.root.hex(), "count": listed.size, "entries": entries}]}
