"""The home folder: one supervisor at a time, one base port and one kind of key store for its life."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast, get_args

from local.errors import AlreadyRunning, HomeMismatch
from local.layout import DEFAULT_BASE_PORT, KeyStore

_LOCK: Final = "supervisor.lock"
_BASE_PORT: Final = "base_port"
_KEY_STORE: Final = "key_store"
_ISOLATED: Final = "isolated"


def base_port_of(home: Path, asked: int | None) -> int:
    """Return the base port to use: the one the home was made for, else what was asked, else the default.

    Keys are pinned together with origins and the group's issuer, so a home cannot move to other ports.
    """
    marker = home / _BASE_PORT
    if not marker.exists():
        return DEFAULT_BASE_PORT if asked is None else asked
    made_for = int(marker.read_text(encoding="ascii"))
    if asked is not None and asked != made_for:
        raise HomeMismatch(
            f"{home} was made for BASE_PORT={made_for}, and its keys are pinned to those addresses. "
            f"Use that one, or another folder (WARIFU_HOME=...), or forget this one (make clean)."
        )
    return made_for


def key_store_of(home: Path, asked: str | None) -> KeyStore:
    """Return where the keys are: where the home has them, else what was asked, else files. Keys do not move."""
    marker = home / _KEY_STORE
    made_for = marker.read_text(encoding="ascii") if marker.exists() else "file" if is_home(home) else None
    chosen = asked or made_for or "file"
    if made_for not in (None, chosen):
        raise HomeMismatch(
            f"The keys of {home} are in a store of kind {made_for}. Use another folder, or forget this one (make clean)."
        )
    for kind in get_args(KeyStore):
        if kind == chosen:
            return cast("KeyStore", kind)
    raise HomeMismatch(f"WARIFU_KEY_STORE is {' or '.join(get_args(KeyStore))}")


def check_networks(home: Path, *, isolated: bool) -> None:
    """Raise HomeMismatch where the home's origins are of the other shape: one network, or one for each."""
    if is_home(home) and is_isolated(home) != isolated:
        there, ask = ("one network", "without") if isolated else ("separate networks", "with")
        raise HomeMismatch(
            f"{home} was made for {there}, and its keys are pinned to those origins. Use it {ask} ISOLATED=1, "
            f"or another folder (WARIFU_HOME=...), or forget this one (make clean)."
        )


def is_isolated(home: Path) -> bool:
    """Whether the home was made for separate networks."""
    return (home / _ISOLATED).is_file()


def mark(home: Path, base_port: int, key_store: KeyStore = "file", *, isolated: bool = False) -> None:
    """Make the folder a home. Others may pass through it (PostgreSQL's user must), not list it."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)
    (home / _BASE_PORT).write_text(str(base_port), encoding="ascii")
    (home / _KEY_STORE).write_text(key_store, encoding="ascii")
    if isolated:
        (home / _ISOLATED).touch()


def is_home(home: Path) -> bool:
    """Whether this folder was made by `mark`."""
    return (home / _BASE_PORT).is_file()


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Hold the home's lock; AlreadyRunning while another process does. The kernel frees it whatever ends us."""
    home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(home / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"A deployment is running in {home}. Stop it first (Ctrl-C where it runs).") from None
        yield
    finally:
        os.close(descriptor)
