"""`python -m local COMMAND`: what the Makefile calls."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path

from local.errors import LocalError
from local.layout import DEFAULT_BASE_PORT, DEFAULT_HOME, HOSTS, ROOT, Layout


def main() -> int:
    """Run one command; errors with a remedy are told without a traceback."""
    arguments = _parser().parse_args()
    try:
        _run(arguments)
    except LocalError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description="Run a whole deployment on this machine.")
    home = os.environ.get("WARIFU_HOME") or str(DEFAULT_HOME)
    parser.add_argument("--home", type=Path, default=Path(home), help="data folder (WARIFU_HOME), default %(default)s")
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="start everything with a fictional population")
    demo.add_argument("--members", type=int, default=2000)
    demo.add_argument("--once", action="store_true", help="end after the journey")
    demo.add_argument("--base-port", type=int, help=f"first port, default {DEFAULT_BASE_PORT}")
    demo.add_argument("--isolated", action="store_true", help="each host in a network of its own (Linux)")
    commands.add_parser("certificates", help="make anew the certificates of a home on separate networks; its hosts then start anew")
    backup = commands.add_parser("backup", help="back up every host into a folder")
    backup.add_argument("--to", type=Path, required=True)
    restore = commands.add_parser("restore", help="make one stopped host's database anew from a backup")
    restore.add_argument("--host", required=True, choices=HOSTS)
    restore.add_argument("--from", dest="backup", type=Path, required=True)
    commands.add_parser("contracts", help="write contracts/: OpenAPI documents and problem types")
    commands.add_parser("locks", help="pin all dependencies anew")
    commands.add_parser("spark", help="answer every registered question of analysis by Apache Spark too, and compare")
    commands.add_parser("clean", help="forget the data folder and the tools' caches")
    return parser


def _run(arguments: argparse.Namespace) -> None:
    # Imported late: `clean` works where nothing is installed, and `demo` need not know how to lock.
    match arguments.command:
        case "demo":
            from local import namespaces, node_packages  # noqa: PLC0415

            if arguments.isolated:
                # In there nothing can be fetched. And before anything that may start a thread.
                node_packages.portal()
                namespaces.enter()
            from local.demo import demo  # noqa: PLC0415

            work = demo(arguments.home, arguments.base_port, arguments.members, once=arguments.once, isolated=arguments.isolated)
            until_signal(work)
        case "certificates":
            from local.certificates import renew  # noqa: PLC0415

            renew(arguments.home)
        case "backup":
            from local.backups import backup_all  # noqa: PLC0415

            print("\n".join(asyncio.run(backup_all(_layout(arguments.home), arguments.to))))
        case "restore":
            from local.backups import restore  # noqa: PLC0415

            print("\n".join(asyncio.run(restore(_layout(arguments.home), arguments.host, arguments.backup))))
        case "contracts":
            from local.contracts import write_contracts  # noqa: PLC0415

            asyncio.run(write_contracts())
        case "locks":
            from local.locks import write_locks  # noqa: PLC0415

            write_locks(ROOT)
        case "spark":
            from local.spark import compare  # noqa: PLC0415

            sys.exit(compare())
        case "clean":
            from local.clean import clean  # noqa: PLC0415

            clean(arguments.home, ROOT)


def _layout(folder: Path) -> Layout:
    from local import home  # noqa: PLC0415

    if not home.is_home(folder):
        raise LocalError(f"{folder} is no home of a deployment")
    return Layout(folder.resolve(), home.base_port_of(folder, None), home.key_store_of(folder, None))


def until_signal(work: Coroutine[object, object, None]) -> None:
    """Run to the end or to SIGTERM or SIGHUP, which end it like Ctrl-C: everything is stopped in order."""

    async def guarded() -> None:
        task = asyncio.current_task()
        assert task is not None
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:  # nohup stays nohup
                asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        await work

    asyncio.run(guarded())


if __name__ == "__main__":
    sys.exit(main())
