"""Looks for whatever leads from an erased member to the rows that stay for statistics."""

from drill.attack import AtRest
from drill.criteria import Outcome, exact
from drill.seizure import Seizure
from drill.truth import Truth


def _run(seizure: Seizure, truth: Truth) -> Outcome:
    known = {value: at for at, ids in enumerate(truth.erased) for value in ids.values()}
    found = {
        known[value]
        for copy in seizure.hosts.values()
        for table in copy.tables.values()
        for row in table.rows
        for value in row.values
        if isinstance(value, bytes) and value in known
    }
    return exact(len(found), len(truth.erased), "erased members of whom a host still has a row under a name of theirs")


ATTACK = AtRest("kept-rows", "Looks for erased members' references and tokens beside whatever stays for statistics.", _run)
