"""Fields of COPY's binary format, byte by byte what the server itself would send."""

from datetime import date

import asyncpg
from chassis.database import binary
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.postgres import DatabaseUrls

NUMBERS = st.from_regex(r"\A-?[0-9]{1,12}(\.[0-9]{1,9})?\Z")
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
DAYS = st.dates(date(1, 1, 2), date(9999, 12, 30))
"""asyncpg takes the first and the last for minus and plus infinity."""
SMALL = st.integers(-(2**15), 2**15 - 1)
SEND = """
SELECT numeric_send(number::numeric), date_send(day), int2send(small), textsend(word)
FROM unnest($1::text[], $2::date[], $3::smallint[], $4::text[]) AS given (number, day, small, word)
"""


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NUMBERS, DAYS, SMALL, WORDS), min_size=1))
async def test_as_the_server_sends_them(database_urls: DatabaseUrls, rows: list[tuple[str, date, int, str]]) -> None:
    """Numbers of any sign and scale with zeros at both ends, days before and after 2000, texts of any language."""
    connection = await asyncpg.connect(database_urls.superuser_url)
    try:
        sent = await connection.fetch(SEND, *map(list, zip(*rows, strict=True)))
    finally:
        await connection.close()
    made = [
        [binary.numeric(number), binary.day(day), binary.smallint(small), binary.field(word.encode())]
        for number, day, small, word in rows
    ]

    assert made == [[binary.field(value) for value in row] for row in sent]
