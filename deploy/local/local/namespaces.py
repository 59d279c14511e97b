"""Linux namespaces for a deployment of separate networks (namespaces(7)): entered once, gone with the last process in them.

Root needs nothing more; anybody else gets a user namespace in which they are root over these networks and mounts alone.
"""

import asyncio
import ctypes
import os
import socket
import sys
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Final, TypeVar

from local.errors import NoNamespaces

_NEWNS: Final = 0x00020000
_NEWUSER: Final = 0x10000000
_NEWNET: Final = 0x40000000
_BIND: Final = 0x1000
_PRIVATE_ALL: Final = 0x4000 | 0x40000
"""MS_REC | MS_PRIVATE: what is mounted from now on is seen in here alone."""

T = TypeVar("T")


def enter() -> None:
    """Give this process, and all that it starts, a network and mounts of its own. Once, before any thread; raises NoNamespaces."""
    if not sys.platform.startswith("linux"):
        raise NoNamespaces("Separate networks need Linux. Everywhere else: make demo, on one network.")
    uid, gid = os.geteuid(), os.getegid()
    try:
        _call("unshare", _NEWNET | _NEWNS | (_NEWUSER if uid else 0))
        if uid:
            for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
                Path(f"/proc/self/{name}").write_text(text, encoding="ascii")
        _call("mount", b"none", b"/", None, _PRIVATE_ALL, None)
    except OSError as error:
        raise NoNamespaces(
            f"This kernel, or the container around this, forbids namespaces of networks and mounts ({error.strerror}). "
            "Try it as root or where user namespaces are allowed (sysctl kernel.unprivileged_userns_clone, "
            "kernel.apparmor_restrict_unprivileged_userns); or leave ISOLATED out."
        ) from None


def door() -> str:
    """Return the command that enters the network and mounts of this process (nsenter(1))."""
    initial = Path("/proc/self/uid_map").read_text(encoding="ascii").split() == ["0", "0", str(2**32 - 1)]
    return f"nsenter -t {os.getpid()} {'' if initial else '-U --preserve-credentials '}-n -m"


def keep_own_network(file: Path) -> None:
    """Name the network of this process by a file."""
    _hold("/proc/self/ns/net", file)


def make_network(file: Path) -> None:
    """Make a network without any connection, and name it by a file."""

    def make() -> None:
        _call("unshare", _NEWNET)
        _hold("/proc/thread-self/ns/net", file)

    _in_a_thread(make)


def cover(file: Path, by: Path) -> None:
    """Let everybody in these mounts read another file in the place of one."""
    _call("mount", os.fsencode(by), os.fsencode(file), None, _BIND, None)


def socket_in(network: Path) -> socket.socket:
    """Return a TCP socket of another network; it stays there, whoever uses it."""

    def make() -> socket.socket:
        _move(network)
        return socket.socket(socket.AF_INET, socket.SOCK_STREAM)

    return _in_a_thread(make)


async def run_in(network: Path, work: Callable[[], Coroutine[object, object, T]]) -> T:
    """Run something to its end in another network: in a thread of its own, with an event loop of its own."""

    def run() -> T:
        _move(network)
        return asyncio.run(work())

    return await asyncio.to_thread(_in_a_thread, run)


def _move(network: Path) -> None:
    with network.open("rb") as file:
        _call("setns", file.fileno(), _NEWNET)


def _hold(namespace: str, file: Path) -> None:
    file.touch(mode=0o600)
    _call("mount", namespace.encode("ascii"), os.fsencode(file), None, _BIND, None)


def _in_a_thread(work: Callable[[], T]) -> T:
    """Networks belong to threads: one that ends takes the change along."""
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # noqa: BLE001  raised again where the thread was started
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return done[0]


def _call(name: str, *arguments: int | bytes | None) -> None:
    """Call a function of the C library; raises OSError."""
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
