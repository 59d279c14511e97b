"""``python -m bench``: measure, print a table, write the report. See README.md."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from local.errors import LocalError
from local.layout import ROOT

from bench import report
from bench.case import all_cases
from bench.errors import BenchError
from bench.harness import Bench
from bench.profiling import Profiler
from bench.run import conduct
from bench.scale import FULL, LONG, SHORT


def main() -> int:
    """Return 0 when everything was measured, whatever the figures are; with ``--strict`` 1 when an aim is missed."""
    cases = all_cases()
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"one or several of {', '.join(cases)}; all by default")
    size = parser.add_mutually_exclusive_group()
    size.add_argument(
        "--short", dest="scale", action="store_const", const=SHORT, help="few requests: shows that it works, not how fast"
    )
    size.add_argument("--long", dest="scale", action="store_const", const=LONG, help="large archives, and half a million members")
    parser.add_argument("--base-port", type=int, default=8300)
    parser.add_argument("--report", type=Path, default=ROOT / "bench" / "report.json", help="default %(default)s")
    parser.add_argument("--profile", type=Path, metavar="FOLDER", help="write what py-spy saw in the servers")
    parser.add_argument("--strict", action="store_true", help="fail when an aim is missed")
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.cases if name not in cases]:
        parser.error(f"no case of that name: {', '.join(unknown)}")
    chosen = [cases[name] for name in arguments.cases or cases]
    with tempfile.TemporaryDirectory(prefix="warifu-bench-") as folder:
        root = Path(folder)
        root.chmod(0o711)  # PostgreSQL runs as another user when started by root
        profiler = Profiler.into(arguments.profile) if arguments.profile else None
        bench = Bench(root, arguments.base_port, arguments.scale or FULL, print, profiler)
        try:
            figures = asyncio.run(conduct(bench, chosen))
        except (BenchError, LocalError) as error:
            print(f"\n{error}", file=sys.stderr)
            return 1
    print(f"\n{report.table(figures)}\n")
    report.write(figures, arguments.report)
    print(f"written to {arguments.report}")
    return 1 if arguments.strict and any(figure.met is False for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
