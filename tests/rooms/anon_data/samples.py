"""A small code table and fictional checkups."""

from datetime import date
from decimal import Decimal
from typing import Any

from protocol.messages.records import Checkup, Item, Observation, PutItems, StoreCheckups
from support.store_host import Member, StoreHost

WEIGHT, SMOKING, GLUCOSE, NOTE = "9N006000000000001", "9N736000000000011", "3D010000001926101", "9N056160400000049"
ITEMS = (
    Item(code=WEIGHT, name="body-weight", display="体重", kind="quantity", unit="kg", loinc="29463-7"),
    Item(
        code=SMOKING,
        name="smoking",
        display="喫煙",
        kind="code",
        choices="1.2.392.200119.6.24060",
        labels={"1": "はい", "2": '以前は"吸っていた"', "3": "いいえ"},
    ),
    Item(code=GLUCOSE, name="glucose-fasting", display='空腹時"血糖"', kind="quantity", unit="mg/dL"),
    Item(code=NOTE, name="medical-history-text", display="具体的な既往歴", kind="text"),
)


def checkup(**changes: Any) -> Checkup:
    """Return a checkup with one result of each form, in the order of the code table's ids (that is, of codes)."""
    fields: dict[str, Any] = {
        "exam_date": date(2026, 6, 1),
        "fiscal_year": 2026,
        "program": "010",
        "age": 51,
        "observations": (
            Observation(item=GLUCOSE, absent="above-range", flag="H"),
            Observation(item=WEIGHT, value=Decimal("65.50"), flag="N"),
            Observation(item=SMOKING, choice="2"),
        ),
        "details": b"sealed-once",
    }
    return Checkup(**{**fields, **changes})


async def put_items(host: StoreHost, *items: Item) -> int:
    """Make items known; return the status."""
    return (await host.as_registrar("ingest", "PUT", "/items", PutItems(items=items or ITEMS))).status_code


async def store(host: StoreHost, *rows: tuple[Member, Checkup]) -> Any:
    """Import rows, sorted by token; return the answer."""
    ordered = sorted(((member.token, one) for member, one in rows), key=lambda row: row[0])
    return await host.as_registrar("ingest", "POST", "/checkups", StoreCheckups.of(ordered))
