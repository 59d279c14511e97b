"""Greps all logs for identifiers, names and, at the stores, for times finer than a day."""

import re
from functools import partial

from protocol.names import STORES

from drill.attack import AtRest
from drill.attacks.key_search import forbidden
from drill.criteria import Outcome, exact
from drill.scan import Needles, files_below
from drill.seizure import HostCopy, Seizure
from drill.truth import Truth

_CLOCK = re.compile(rb"\d{2}:\d{2}:\d{2}|\b1[6-9]\d{8}(?:\d{3})?\b")
"""A time of day, or seconds or milliseconds since 1970."""
_ADDRESS = re.compile(rb'(?<!"bind":")\b(?:\d{1,3}\.){3}\d{1,3}\b|\[::1\]')
"""Any network address but the one a host says it listens on: in a drill everybody calls from this machine's own."""


def _findings(copy: HostCopy, truth: Truth) -> int:
    own = set(truth.owners[copy.host])
    needles = Needles(forbidden(copy.host, truth) | own)
    found = 0
    for path in files_below(copy.logs):
        data = path.read_bytes()
        found += len({value for _, value in needles.find(data)})
        if copy.host in STORES:
            found += len(_CLOCK.findall(data)) + len(_ADDRESS.findall(data))
    return found


def _run(seizure: Seizure, truth: Truth) -> Outcome:
    return exact(
        sum(copy.once("log-grep", partial(_findings, copy, truth)) for copy in seizure.hosts.values()),
        len(truth.persons),
        "findings in logs",
    )


ATTACK = AtRest("log-grep", "Greps every log for identifiers, names, keys, and at the stores for clock times and addresses.", _run)
