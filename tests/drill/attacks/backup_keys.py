"""Reads backups: as they lie there, and with every secret of every seized host tried as the key that opens them."""

from protocol.encoding import EncodingError, unb64u

from drill.attack import AtRest
from drill.backups import files_of, opened
from drill.criteria import Outcome, exact
from drill.scan import Needles, files_below
from drill.seizure import HostCopy, Seizure
from drill.truth import Truth


def _keys(copy: HostCopy) -> set[bytes]:
    """Return whatever on the host could be a seed."""
    found = set()
    for path in [*files_below(copy.secrets), *files_below(copy.folder / "backups")]:
        raw = path.read_bytes()
        if len(raw) == 32:
            found.add(raw)
        elif len(raw) < 64:
            try:
                found.add(unb64u(raw.decode("ascii").strip(), 32))
            except (EncodingError, UnicodeDecodeError):
                continue
    return found


def _run(seizure: Seizure, truth: Truth) -> Outcome:
    keys, backups = {key for copy in seizure.hosts.values() for key in _keys(copy)}, 0
    read: set[int] = set()
    for copy in seizure.hosts.values():
        needles = Needles(truth.owners[copy.host])
        for path in files_of(copy):
            backups += 1
            contents = [path.read_bytes()]
            contents += [table for key in keys for table in (opened(path, copy.host, key) or {}).values()]
            read.update(truth.owners[copy.host][value] for data in contents for _, value in needles.find(data))
    return exact(len(read), len(truth.persons) if backups else 0, "members found in backups")


ATTACK = AtRest("backup-keys", "Reads backups as they lie, and with every secret of the seized hosts as their key.", _run)
