"""What a member brings along or earns at the portal's tests: points for walking, a shop, a file of a health app."""

from base64 import b64decode
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from journeys.office import Office
from journeys.test_shopping import granted, opened
from programs.use_cases import catalogue
from protocol.messages.exchange import Picture

PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
"""A picture of a product."""


async def walked(office: Office) -> None:
    """Open a shop with a picture, let the one member have walked, and grant what that gives."""
    await opened(office)
    db = office.hosts.apps["programs"].state.db
    await catalogue.put_picture(db, bytes(16), Picture(media_type="image/png", content=PIXEL))
    await office.hosts.rows(
        "programs",
        "INSERT INTO step_day (token, install, day, steps, seq) "
        "SELECT token, decode(repeat('00', 16), 'hex'), $1::date - n, 9000, 1 FROM mailbox, generate_series(1, 4) AS n",
        office.clock.now().date(),
    )
    await granted(office, 4)


def health_export(day: date) -> bytes:
    """Return what an iPhone writes: a walk that telephone and watch both counted, a weight, and a record without a number."""
    records = [
        ("StepCount", "count", "08:00:00", "08:10:00", "1200", "架空の電話"),
        ("StepCount", "count", "08:00:00", "08:10:00", "1000", "架空の時計"),
        ("BodyMass", "kg", "07:00:00", "07:00:00", "60.8", "架空の電話"),
        ("BodyMass", "kg", "07:05:00", "07:05:00", "架空", "架空の電話"),
    ]
    lines = [
        f'<Record type="HKQuantityTypeIdentifier{kind}" sourceName="{source}" unit="{unit}" '
        f'startDate="{day} {start} +0900" endDate="{day} {end} +0900" value="{value}"/>'
        for kind, unit, start, end, value, source in records
    ]
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        archive.writestr("apple_health_export/export.xml", "\n".join(["<HealthData>", *lines, "</HealthData>"]))
    return content.getvalue()
