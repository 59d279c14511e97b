"""``python -m anon_data snapshot``: a month's snapshot for analysis, read by the role that reads its views alone."""

import sys
from pathlib import Path

from analysis import SnapshotUnusable
from analysis.memory import keep
from chassis.clock import SystemClock
from chassis.config import ConfigError, ServiceConfig, read_secret_text
from chassis.database import Database
from chassis.problems import Unavailable
from chassis.service import Argument, Command
from chassis.turns import OutOfTurn

from anon_data import reports_command
from anon_data.config import AnonDataConfig
from anon_data.snapshots.diseases import read_classes
from anon_data.snapshots.given import Given
from anon_data.snapshots.membership import Membership, read_membership


async def _snapshot(
    config: ServiceConfig, to: Path, analysis_url_file: Path, membership: Path | None = None, diseases: Path | None = None
) -> str:
    keep()
    from analysis.making import making  # noqa: PLC0415  # loads pyarrow, which nothing else of the service needs

    from anon_data.use_cases.make_snapshot import make_snapshot  # noqa: PLC0415  # the same

    given = Given(read_membership(membership) if membership else Membership(), read_classes(diseases) if diseases else {})
    month = f"{SystemClock().now():%Y-%m}"
    try:
        db = await Database.open(read_secret_text(analysis_url_file), 1, 2)
    except ConfigError:
        raise
    except Exception as error:  # noqa: BLE001
        # As the chassis does it: asyncpg raises several kinds, and their texts may quote the URL.
        raise ConfigError(f"cannot connect with the URL in {analysis_url_file} ({type(error).__name__})") from None
    try:
        with making(to, month, told=_tell) as made:
            people = await make_snapshot(db, made, given)
    except (SnapshotUnusable, OutOfTurn, Unavailable) as error:
        raise ConfigError("the database was lost" if isinstance(error, Unavailable) else str(error)) from None
    finally:
        await db.close()
    said = f"anon-data: snapshot {month} is in {to}, of {people} people who agreed"
    return f"{said}\n{await reports_command.answer(config)}" if _is_asked(config, to) else said


def _is_asked(config: ServiceConfig, folder: Path) -> bool:
    """Say whether analysts are answered from this folder."""
    asked = config.snapshots if isinstance(config, AnonDataConfig) else None
    return asked is not None and asked.resolve() == folder.resolve()


def _tell(sentence: str) -> None:
    print(f"anon-data: {sentence}", file=sys.stderr, flush=True)  # noqa: T201  # to whoever waits for it at a terminal


SNAPSHOT = Command(
    "snapshot",
    "write the month's snapshot for analysis to a folder, as the analysis role",
    _snapshot,
    (
        Argument("--to", {"type": Path, "required": True, "metavar": "FOLDER"}),
        Argument("--analysis-url-file", {"type": Path, "required": True, "metavar": "FILE"}),
        Argument("--membership", {"type": Path, "metavar": "FILE", "help": "from the registrar's command of that name"}),
        Argument("--diseases", {"type": Path, "metavar": "FILE", "help": "classes of diagnosis codes: a table with code,class"}),
    ),
)
