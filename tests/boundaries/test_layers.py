"""Inside a room: routes translate, use cases decide and open the transaction, stores speak SQL."""

import ast
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from boundaries.repository import PRODUCT, ROOT, Source, files, imports, occurrences, sources

SERVER = ("libs", "services")
WEB = {"fastapi", "starlette", "uvicorn"}
SQL = {"sqlalchemy", "asyncpg"}
# The plumbing that makes connections, and what the owner role runs.
SPEAKS_SQL = (("chassis", "database"), ("chassis", "migrate"), ("chassis", "seal"), ("chassis", "backup"), ("chassis", "turns"))
# Plumbing with transactions of its own: the schema's version, backups, and identifiers that may be seen once.
OPENS_TRANSACTIONS = (
    ("chassis", "database"),
    ("chassis", "migrate"),
    ("chassis", "seal"),
    ("chassis", "backup"),
    ("chassis", "erasures"),
    ("chassis", "once"),
    ("chassis", "health"),
)


def layer(name: str) -> list[Source]:
    """Return the modules of one layer, of all rooms."""
    found = [source for source in sources(*SERVER) if source.layer == name]
    assert found != []
    return found


def importing(
    found: Sequence[Source], *, parts: AbstractSet[str] = frozenset(), roots: AbstractSet[str] = frozenset()
) -> list[str]:
    """Return where one of these modules imports a name with one of these parts, or from one of these packages."""
    return [
        f"{source.at(node)} imports {'.'.join(name)}"
        for source in found
        for node, name in imports(source)
        if parts & set(name) or name[0] in roots
    ]


def is_transaction(node: ast.expr) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr in ("transaction", "moment", "turn")


def blocks(source: Source) -> Iterator[ast.AsyncWith]:
    """Yield every ``async with`` of a transaction."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.AsyncWith) and any(is_transaction(item.context_expr) for item in node.items):
            yield node


def test_routes_know_no_store() -> None:
    """A route reaches a store through a use case alone."""
    assert importing(layer("routes"), parts={"store"}, roots=SQL) == []


def test_use_cases_know_no_web() -> None:
    """A use case knows no web framework and no route."""
    assert importing(layer("use_cases"), parts={"routes"}, roots=WEB | SQL) == []


def test_stores_know_no_caller() -> None:
    """A store knows neither web framework, routes, use cases, nor a network client."""
    assert importing(layer("store"), parts={"routes", "use_cases"}, roots=WEB | {"httpx"}) == []


def test_sql_is_spoken_in_stores() -> None:
    """SQLAlchemy and asyncpg are imported by stores and the database plumbing, by nothing else that runs."""
    others = [source for source in sources(*PRODUCT) if source.layer != "store" and source.module[:2] not in SPEAKS_SQL]

    assert importing(others, roots=SQL) == []


def test_transactions_are_opened_in_use_cases() -> None:
    """Nothing but use cases and the plumbing opens a transaction."""
    others = [source for source in sources(*SERVER) if source.layer != "use_cases" and source.module[:2] not in OPENS_TRANSACTIONS]
    found = [
        source.at(node)
        for source in others
        for node in ast.walk(source.tree)
        if isinstance(node, ast.expr) and is_transaction(node)
    ]

    assert found == []


def test_transactions_wait_for_the_database_alone() -> None:
    """Within a transaction everything awaited is given the transaction: nothing waits for a peer while rows are locked."""
    found = []
    for source in layer("use_cases"):
        for block in blocks(source):
            given = {item.optional_vars.id for item in block.items if isinstance(item.optional_vars, ast.Name)}
            found += [
                source.at(node)
                for node in ast.walk(block)
                if isinstance(node, ast.Await) and not given.intersection(_names_handed_over(node.value))
            ]

    assert found == []


def test_nobody_selects_everything() -> None:
    """Statements name the columns they want."""
    texts = [path for path in files(".py", ".sql") if path.relative_to(ROOT).parts[0] in PRODUCT]
    pattern = r"(?i)\b(select|returning)\s+(\w+\.)?\*"

    assert list(occurrences(pattern, *texts)) == []


def _names_handed_over(call: ast.expr) -> set[str]:
    if not isinstance(call, ast.Call):
        return set()
    handed = [*call.args, *(keyword.value for keyword in call.keywords)]
    if isinstance(call.func, ast.Attribute):
        handed.append(call.func.value)
    return {value.id for value in handed if isinstance(value, ast.Name)}
