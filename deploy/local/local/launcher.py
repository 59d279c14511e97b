"""Becomes one command that ends when the supervisor ends, whatever ends it, and that need not be root.

Run as a script by `local.spawn`, standard library only, so that it starts in a few milliseconds:

    launcher.py PARENT_PID SIGNAL USER NETWORK -- COMMAND...

USER is `same` (no change), `uid:N` (leave root for user N) or `map:N` (a user namespace in which we are N: works under
folders that only root may enter, because outside the namespace the files are still opened as the old user).
NETWORK is `same`, or a file that names the network to run in (namespaces(7)).
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000


def main(arguments: list[str]) -> None:
    """Change the user, tie the life to the parent's, become the command."""
    parent, signal, user, network, separator, *command = arguments
    if separator != "--" or not command:
        raise SystemExit("launcher: PARENT_PID SIGNAL USER NETWORK -- COMMAND...")
    _change_network(network)
    _change_user(user)
    # After the change of user: a change of credentials clears the death signal (prctl(2)).
    _end_with(int(parent), int(signal))
    os.execvp(command[0], command)  # noqa: S606  becoming the command is the job


def _change_network(network: str) -> None:
    if network == "same":
        return
    with open(network, "rb") as file:  # noqa: PTH123  pathlib costs half the start
        if ctypes.CDLL(None, use_errno=True).setns(file.fileno(), _CLONE_NEWNET) != 0:
            raise SystemExit(f"launcher: no network: {os.strerror(ctypes.get_errno())}")


def _change_user(user: str) -> None:
    kind, _, number = user.partition(":")
    if kind == "uid":
        uid = int(number)
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
    elif kind == "map":
        _map_user(int(number))


def _map_user(inside: int) -> None:
    uid, gid = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER) != 0:
        raise SystemExit(f"launcher: no user namespace: {os.strerror(ctypes.get_errno())}")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{inside} {uid} 1"), ("gid_map", f"{inside} {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:  # noqa: PTH123  pathlib costs half the start
            file.write(text)


def _end_with(parent: int, signal: int) -> None:
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal, 0, 0, 0)
    if os.getppid() != parent:  # the supervisor was gone before the signal was set
        raise SystemExit("launcher: the supervisor is gone")


if __name__ == "__main__":
    main(sys.argv[1:])
