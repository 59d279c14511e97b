"""Searches every file of a seized host for what it must never hold."""

from functools import partial

from protocol.names import AUTHORITIES, HOSTS

from drill.attack import AtRest
from drill.criteria import Outcome, exact
from drill.scan import Needles, files_below
from drill.seizure import HostCopy, Seizure
from drill.truth import Truth


def forbidden(host: str, truth: Truth) -> set[bytes]:
    """Return the values that must not stand at this host in any spelling."""
    found: set[bytes] = set()
    for person in truth.persons:
        found.update(person.secrets)
        found.update(person.ways.forbidden(host))
        found.update(text.encode() for text in person.plaintexts)
        if person.work_id:
            found.add(person.work_id.encode())
        for other in HOSTS:
            # The gateway keeps the references of the other two authorities: its tokens carry them.
            if other != host and not (host == "gateway" and other in AUTHORITIES):
                found.add(person.ids[other])
    for other, secrets in truth.roots.items():
        if other != host:
            found.update(secrets)
    return found


def _found(copy: HostCopy, truth: Truth) -> int:
    needles = Needles(forbidden(copy.host, truth))
    return len({value for path in files_below(copy.folder) for _, value in needles.find(path.read_bytes())})


def _run(seizure: Seizure, truth: Truth) -> Outcome:
    hits = sum(copy.once("key-search", partial(_found, copy, truth)) for copy in seizure.hosts.values())
    return exact(hits, len(truth.persons), "members' secrets, names or foreign identifiers on disk")


ATTACK = AtRest(
    "key-search", "Searches all files, also the write-ahead log and dead rows, for keys, plaintext and foreign identifiers.", _run
)
