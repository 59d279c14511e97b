"""``python -m anon_data reports``: saved reports are answered of the newest snapshot, as when it is made."""

from chassis.app import Command, open_database
from chassis.config import ConfigError, ServiceConfig
from chassis.problems import Unavailable

from anon_data.analysts import Analysts
from anon_data.config import AnonDataConfig
from anon_data.errors import NoSnapshot
from anon_data.use_cases.saved_reports import answer_reports


async def answer(config: ServiceConfig) -> str:
    """Answer what is not answered yet, and say how many; raise ConfigError."""
    shelf = config.snapshots if isinstance(config, AnonDataConfig) else None
    db = await open_database(config)
    try:
        tally = await answer_reports(db, Analysts(shelf))
    except NoSnapshot:
        raise ConfigError("there is no snapshot that reports could be answered of") from None
    except Unavailable:
        raise ConfigError("the database was lost") from None
    finally:
        await db.close()
    cannot = f"; no longer to be asked: {', '.join(tally.refused)}" if tally.refused else ""
    return f"anon-data: {tally.answered} saved reports were answered of {tally.month}{cannot}"


REPORTS = Command("reports", "answer saved reports of the newest snapshot that have no result of it", answer)
