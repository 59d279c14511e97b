"""``python -m drill``: the whole drill, its names, or one planted weakness. See README.md."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from drill.attack import all_attacks, all_plants
from drill.run import conduct, prove_plant
from drill.world import FULL, SHORT, Scale


def main() -> int:
    """Return 0 when nothing is red outside the floor; with ``--plant`` 1 when the weakness was found, as it must be."""
    parser = argparse.ArgumentParser(prog="drill", description=__doc__)
    parser.add_argument("--list", action="store_true", help="print the names of the plants, one a line")
    parser.add_argument("--plant", help="plant one weakness; the drill must go red")
    parser.add_argument("--short", action="store_true", help="the small population of the tests")
    parser.add_argument("--quiet", action="store_true", help="print red and floor cells and the count only")
    parser.add_argument("--members", type=int)
    parser.add_argument("--logins", type=int)
    parser.add_argument("--days", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--base-port", type=int, default=8200)
    parser.add_argument("--report", type=Path, help="write the matrix as JSON")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(sorted(all_plants())))
        return 0
    if arguments.plant and arguments.plant not in all_plants():
        parser.error(f"no plant of that name; there are: {', '.join(sorted(all_plants()))}")
    base = SHORT if arguments.short or arguments.plant else FULL
    scale = Scale(
        members=arguments.members or base.members,
        logins=arguments.logins or base.logins,
        days=arguments.days or base.days,
        seed=arguments.seed or base.seed,
        fiscal_years=base.fiscal_years,
    )
    with tempfile.TemporaryDirectory(prefix="warifu-drill-") as folder:
        root = Path(folder)
        root.chmod(0o711)
        if arguments.plant:
            red = asyncio.run(prove_plant(root, arguments.base_port, scale, arguments.plant))
        else:
            print(f"{len(all_attacks())} attacks, {scale}")
            red = asyncio.run(conduct(root, arguments.base_port, scale, arguments.report, quiet=arguments.quiet))
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(main())
