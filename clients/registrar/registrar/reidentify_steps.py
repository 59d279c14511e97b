"""Re-identification where officers sign on other machines: one step each time the same command is given.

Whom the second window is about is known in the first alone, so there are two requests: one about the tokens at the store, then
one about the seals that the store gave. Between the two these seals are kept, sealed to this home once more; nothing else is.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from protocol.encoding import b64u, lp, sha256, unb64u
from protocol.names import HostName, StoreName, Zone, zone_of
from protocol.sealing import seal_xwing

from . import window_store
from .errors import WindowError
from .home import Home
from .listed import drafts_about
from .officer_lists import OfficerChain
from .reidentify import Contact, Seals, contacts_in, named_subjects, seals_in
from .requests import request_of
from .run import Desk, Run, running
from .secret_files import private_folder, read_private, write_private
from .windows import Window

_INFO = lp("reidentify-seals")
_FOLDER = "reidentify"


async def next_step(desk: Desk, store: StoreName, tokens: Sequence[bytes], request: Path) -> list[Contact] | None:
    """Go as far as the open windows allow; None where ``request`` was written, which two officers are to sign.

    An answer that is lost ends the command: its window is spent, and the same step asks for another.
    """
    async with running(desk) as run:
        kept = _Kept.of(run.home, store, tokens)
        seals = kept.read()
        if seals is None:
            window = _window(run, {store: tokens})
            if window is None:
                _ask(run, desk, {store: tokens}, store, request)
                return None
            seals = await seals_in(run, window, store, tokens)
            window_store.forget(run.session.folder, [window])
            kept.write(seals)
        subjects = named_subjects(store, seals)
        named = _window(run, subjects) if seals.sealed else None
        if seals.sealed and named is None:
            _ask(run, desk, subjects, store, request)
            return None
        # Asked for before anything is opened: without it no name would come, and the openings would be spent.
        if seals.sealed:
            window_store.newest(run.session.folder, "search")
        try:
            return await contacts_in(run, named, store, tokens, seals)
        finally:
            window_store.forget(run.session.folder, [named] if named else [])
            kept.path.unlink(missing_ok=True)


def _window(run: Run, subjects: Mapping[HostName, Sequence[bytes]]) -> Window | None:
    """Return an open window about exactly these."""
    zone: Zone = zone_of(next(iter(subjects)))
    wanted = sum(map(len, subjects.values()))
    for window in reversed(window_store.listed(run.session.folder)):
        if window.purpose == "reidentify" and window.zone == zone and window.subjects and window.subjects.size == wanted:
            with suppress(WindowError):
                for host, ids in subjects.items():
                    for one in ids:
                        window.subject(host, one)
                return window
    return None


def _ask(run: Run, desk: Desk, subjects: Mapping[HostName, Sequence[bytes]], store: StoreName, path: Path) -> None:
    """Write what two officers sign: they are shown how many there are, because who it is nobody knows yet."""
    chain = OfficerChain.load(desk.home, desk.deployment)
    labels = {
        (host, one): f"{store}: one of {len(ids)} known by a token alone, number {place}"
        for host, ids in subjects.items()
        for place, one in enumerate(ids, 1)
    }
    request_of(drafts_about(run.session, "reidentify", subjects), run.home, chain, labels).save(path)


@dataclass(frozen=True)
class _Kept:
    """Where the seals of one list wait for the second window."""

    home: Home
    path: Path

    @classmethod
    def of(cls, home: Home, store: StoreName, tokens: Sequence[bytes]) -> "_Kept":
        return cls(home, private_folder(home.path / _FOLDER) / b64u(sha256(store.encode(), *sorted(tokens))[:16]))

    def read(self) -> Seals | None:
        if not self.path.exists():
            return None
        said = json.loads(self.home.insurer.open(unb64u(read_private(self.path)), _INFO))
        sealed = {unb64u(token): unb64u(blob) for token, blob in said["sealed"].items()}
        return Seals(sealed, frozenset(map(unb64u, said["suspended"])))

    def write(self, seals: Seals) -> None:
        said = {
            "sealed": {b64u(token): b64u(blob) for token, blob in seals.sealed.items()},
            "suspended": [b64u(token) for token in sorted(seals.suspended)],
        }
        write_private(self.path, b64u(seal_xwing(self.home.insurer.public_bytes, json.dumps(said).encode(), _INFO)))
