"""contracts/health.json is what the rules of health checkups rest on."""

from local.contracts import HEALTH, health_tables


def test_tables_are_exported() -> None:
    """`make contracts` would write the same."""
    assert HEALTH.read_text(encoding="utf-8") == health_tables()
