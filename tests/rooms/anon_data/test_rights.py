"""What the service's own database role may do."""

from chassis.database import Database
from protocol.messages.mailbox import OpenMailboxes
from support.store_host import StoreHost


async def test_the_runtime_role_is_bounded(host: StoreHost) -> None:
    """It may neither alter nor empty a table, nor change a mailbox, a checkup or what was folded."""
    db = await Database.open(host.urls.runtime_url)
    refused = []
    for text in (
        "INSERT INTO vital (token, day, kind, value, seq) VALUES ('x', '2026-01-01', 1, 1, 1)",
        "UPDATE vital SET value = 1",
        "UPDATE checkup SET details = NULL",
        "UPDATE mailbox SET claim_key = claim_key",
        "UPDATE reader_key SET token = token",
        "UPDATE suspension SET token = token",
        "TRUNCATE observation",
        "TRUNCATE vital_inbox",
        "ALTER TABLE vital ADD COLUMN written timestamptz",
        "DROP TABLE vital",
        "CREATE TABLE mine (id int)",
    ):
        try:
            async with db.transaction("forbidden") as tx:
                await tx.run(text)
        except Exception as error:  # noqa: BLE001  # the class is what is asserted
            refused.append(type(error).__name__)
    await db.close()

    assert refused == ["InsufficientPrivilegeError"] * 11


async def test_attributes_follow_the_roster(host: StoreHost) -> None:
    """Sent again with other attributes, a mailbox stays and the attributes change."""
    member = await host.member()
    row = member.mailbox()
    assert row.attributes is not None
    moved = row.attributes.model_copy(update={"group": "works-2"})
    answer = await host.as_registrar(
        "enrol", "POST", "/mailboxes", OpenMailboxes(rows=(row.model_copy(update={"attributes": moved}),))
    )

    assert answer.json() == {"opened": 0, "unchanged": 1}
    assert [row["workplace"] for row in await host.rows("SELECT workplace FROM person")] == ["works-2"]
