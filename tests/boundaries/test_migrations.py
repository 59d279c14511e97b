"""Migrations are read by reviewers: every table and column says what it is, every rule has a name."""

import re

import pytest
from boundaries import catalogue
from boundaries.catalogue import ask
from boundaries.repository import name_of, text_of
from boundaries.schemas import HOSTS, Schema, explained_in, migrations, service, without_comments


@pytest.mark.parametrize("host", HOSTS)
async def test_every_column_is_explained(schemas: dict[str, Schema], host: str) -> None:
    """Every table and column that stands in a migrated database has a comment in its migration."""
    texts = [text_of(path) for folder in service(host).migrations for path in folder.glob("*.sql")]
    explained = {name for text in texts for name in explained_in(text)}
    columns = await ask(schemas[host].urls.owner_url, catalogue.COLUMNS)
    there = {name for column in columns for name in (column["table"], column["place"]) if column["table"] != "schema_migration"}

    assert sorted(there - explained) == []


def test_every_check_is_named() -> None:
    """A CHECK has a name, which is what an error and a reviewer call it."""
    found = []
    for path in migrations():
        text = without_comments(text_of(path))
        found += [
            f"{name_of(path)}: {text[match.start() : match.start() + 60]}"
            for match in re.finditer(r"\bCHECK\s*\(", text, re.IGNORECASE)
            if not re.search(r"CONSTRAINT\s+\w+\s+$", text[: match.start()], re.IGNORECASE)
        ]

    assert found == []
    assert migrations() != []


def test_migrations_are_forward_and_plain() -> None:
    """Migrations neither drop what holds data nor grant: rights are in grants.sql, which a reviewer reads.

    The only triggers are those that keep an append-only table what it is.
    """
    found = [
        f"{name_of(path)}: {match.group()}"
        for path in migrations()
        for match in re.finditer(
            r"(?i)\b(drop\s+(table|column)|grant|create\s+(extension|trigger(?!\s+\w+_append_only\b)|role))\b",
            without_comments(text_of(path)),
        )
    ]

    assert found == []
