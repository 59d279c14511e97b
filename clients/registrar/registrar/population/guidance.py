"""One report of specific health guidance as an XML document (schema hg08) in an archive of its own.

Its results have the codes and lists that the importer's tests know; what else such reports hold is not invented.
"""

from datetime import date, timedelta
from pathlib import Path

from health.items import CHOICE_ROOT

from .archive import CheckupArchive
from .document import Frame, framed
from .exam import LABORATORIES
from .people import Person

_FIRST = "21"
_GUIDANCE = "100"
_SECTION, _TITLE = "01990", "特定保健指導（架空の見本）"


def write_guidance(folder: Path, person: Person, day: date) -> Path:
    """Write an archive with the report of one person's first talk on that day, and return its path."""
    organization = LABORATORIES[0]
    written = day + timedelta(days=30)
    frame = Frame("hg08_V08", _FIRST, _GUIDANCE, day, written, organization, "", _SECTION, _TITLE)
    with CheckupArchive(folder, written, kind="2") as archive:
        archive.add(framed(person, frame, _RESULTS), organization.number)
    return archive.path


def _observation(code: str, name: str, value: str) -> str:
    return f'<observation classCode="OBS" moodCode="EVN"><code code="{code}" displayName="{name}"/>{value}</observation>'


_RESULTS = "".join(
    f'<entry><act classCode="ACT" moodCode="EVN"><code nullFlavor="NI"/><entryRelationship typeCode="COMP">{one}'
    "</entryRelationship></act></entry>\n"
    for one in (
        _observation("1020000001", "支援レベル", f'<value xsi:type="CD" code="2" codeSystem="{CHOICE_ROOT}1112"/>'),
        _observation("1042001031", "腹囲", '<value xsi:type="PQ" value="88.5" unit="cm"/>'),
    )
)
