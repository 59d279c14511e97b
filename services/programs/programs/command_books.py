"""``python -m programs books``: check the books of points and print them for accounting."""

from chassis.app import Command, open_database
from chassis.config import ConfigError, ServiceConfig

from programs.use_cases.point_books import as_csv, read_books


async def _books(config: ServiceConfig) -> str:
    db = await open_database(config)
    try:
        books = await read_books(db)
    finally:
        await db.close()
    if not books.agree:
        raise ConfigError(f"the books of points do not agree: {books.model_dump_json(exclude={'sides'})}")
    return as_csv(books)


BOOKS = Command("books", "check that the books of points agree and print them as CSV", _books)
