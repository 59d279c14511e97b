"""Commands as processes of their own, forked from one that has imported them: Python's start would be most of such a test.

One process a worker imports, and nothing else; for each command it forks a keeper, which forks the command, says its process id,
waits and says its exit code. What a command changes dies with it.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, NoReturn

_MOST = 64 * 1024


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    """Negative: the signal that ended it."""
    output: str
    """Of both streams."""


def run(app: str, arguments: Sequence[str], changes: Mapping[str, str], typed: str = "", kill_after: float | None = None) -> Done:
    """Run ``module:function`` as a command, with these environment variables besides the present ones; waits for its end."""
    asked = json.dumps({"app": app, "argv": ["-c", *arguments], "env": {**os.environ, **changes}}).encode()
    assert len(asked) < _MOST
    (stdin, typing), (reading, stdout), (here, there) = os.pipe(), os.pipe(), socket.socketpair()
    with here:
        socket.send_fds(_forker(), [asked], [stdin, stdout, there.fileno()])
        there.close()
        os.close(stdin)
        os.close(stdout)
        with os.fdopen(typing, "w") as keyboard:
            keyboard.write(typed)
        pid = int(here.recv(16))
        if kill_after is not None:
            time.sleep(kill_after)
            _kill(pid)
        with os.fdopen(reading, encoding="utf-8") as screen:
            output = screen.read()
        return Done(int(here.recv(16)), output)


@cache
def _forker() -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen([sys.executable, "-m", "support.forked", str(theirs.fileno())], pass_fds=[theirs.fileno()])
    theirs.close()
    atexit.register(_end, ours, process)
    return ours


def _end(asking: socket.socket, process: "subprocess.Popen[bytes]") -> None:
    asking.close()
    process.wait(10)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _serve(asking: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        asked, fds, _, _ = socket.recv_fds(asking, _MOST, 3)
        if not asked:
            return
        said = json.loads(asked)
        module, _, name = said["app"].partition(":")
        app = getattr(import_module(module), name)
        if os.fork() == 0:
            asking.close()
            _keep(app, said, fds)
        for one in fds:
            os.close(one)


def _keep(app: Callable[[], None], said: Mapping[str, Any], fds: Sequence[int]) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    telling = socket.socket(fileno=fds[2])
    pid = os.fork()
    if pid == 0:
        telling.close()
        _command(app, said, fds)
    os.close(fds[0])
    os.close(fds[1])
    telling.send(str(pid).encode())
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    telling.send(str(code).encode())
    os._exit(0)


def _command(app: Callable[[], None], said: Mapping[str, Any], fds: Sequence[int]) -> NoReturn:
    for target, fd in ((0, fds[0]), (1, fds[1]), (2, fds[1])):
        os.dup2(fd, target)
    os.close(fds[0])
    os.close(fds[1])
    os.environ.clear()
    os.environ.update(said["env"])
    sys.argv = list(said["argv"])
    code = 0
    try:
        app()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else bool(ended.code)
    except BaseException:  # noqa: BLE001  # said as Python itself says it
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
