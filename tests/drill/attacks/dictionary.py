"""Walks through all member numbers and work ids with every key that was seized."""

import hashlib
import hmac
from functools import partial

from protocol.derive import hkdf
from protocol.encoding import EncodingError, lp, unb64u
from protocol.names import AUTHORITIES, STORES
from protocol.oprf import evaluator
from protocol.roots import RawRoot
from protocol.tokens import USE_MEMBER, TokenSeed

from drill.attack import AtRest
from drill.criteria import Outcome, exact
from drill.scan import Needles, files_below
from drill.seizure import HostCopy, Seizure
from drill.truth import Person, Truth

_HASHES = (hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512)


def _keys(copy: HostCopy) -> list[bytes]:
    """Return every 32-byte secret that lies in the host's key folder."""
    keys = []
    for path in files_below(copy.secrets):
        try:
            keys.append(unb64u(path.read_text(encoding="ascii").strip(), 32))
        except (EncodingError, UnicodeDecodeError):
            continue
    return keys


def _words(person: Person) -> list[bytes]:
    """Return the spellings in which a careless program would hash a member number or work id."""
    number = person.number
    texts = [
        f"{number.insurer}{number.symbol}{number.number}{number.branch}",
        f"{number.symbol}{number.number}",
        number.number,
        *([person.work_id] if person.work_id else []),
    ]
    # Whoever has an authority has its verifiers' ids: they are words as well.
    return [number.x, *(text.encode() for text in texts), *person.ways.named]


def _guesses(key: bytes | None, truth: Truth) -> dict[bytes, int]:
    """Return what a careless design would have used as a token: hashes, or with a seized key HMACs and evaluations."""
    found: dict[bytes, int] = {}
    own = evaluator(RawRoot(key), USE_MEMBER) if key else None
    for index, person in enumerate(truth.persons):
        for word in _words(person):
            values = [hmac.digest(key, word, "sha256")] if key else [hashed(word).digest() for hashed in _HASHES]
            found.update(dict.fromkeys(values, index))
        if own:
            # One seized root stands in for all three evaluators.
            y = hkdf(own.evaluate_known_input(person.number.x) * len(AUTHORITIES), lp("F", USE_MEMBER))
            found.update(dict.fromkeys((TokenSeed.from_evaluation(y, store).token for store in STORES), index))
    return found


def _recognised(copy: HostCopy, truth: Truth) -> dict[bytes | None, set[int]]:
    """Return for each key of any host (``None``: no key at all) whom its guesses recognise in this host's files.

    All keys are tried in one reading of the files; an attack then counts only the keys that it has.
    """
    guesses = truth.once("dictionary", lambda: {key: _guesses(key, truth) for key in (None, *truth.all_secrets)})
    needles = truth.once("dictionary-needles", lambda: Needles(value for found in guesses.values() for value in found))
    values = {value for path in files_below(copy.folder) for _, value in needles.find(path.read_bytes())}
    return {key: {found[value] for value in values & found.keys()} for key, found in guesses.items()}


def _run(seizure: Seizure, truth: Truth) -> Outcome:
    held = {None, *(key for copy in seizure.hosts.values() for key in _keys(copy))}
    known: set[int] = set()
    for copy in seizure.hosts.values():
        recognised = copy.once("dictionary", partial(_recognised, copy, truth))
        known.update(person for key in held for person in recognised.get(key, ()))
    return exact(len(known), len(truth.persons), "numbers or work ids recognised")


ATTACK = AtRest(
    "dictionary",
    "Hashes, keys and evaluates every member number and work id with all seized secrets and looks for the result.",
    _run,
)
