"""Checkups as JSON, written by hand: building and dumping a model for each result would take most of a request's time.

Everything that is put between quotes here is safe there: codes, numbers and choices are held to their alphabets by the
database's own constraints, and the rest is rendered by pydantic or is base64url.
"""

from collections.abc import Mapping, Sequence

from chassis.database import Record
from protocol.encoding import b64u

from anon_data.code_table import CodeTable

_ABSENT = {"1": "not-performed", "2": "not-measurable", "3": "above-range", "4": "below-range"}
_FLAGS = {"-": "}", "H": ',"flag":"H"}', "L": ',"flag":"L"}', "N": ',"flag":"N"}'}
_MEMBERS = {"v": ',"value":"', "c": ',"choice":"'}


def checkups_json(rows: Sequence[Record], codes: CodeTable, *, details: bool = True) -> bytes:
    """Return :class:`protocol.messages.records.Checkups`, members that are absent left out, and sealed details where not wanted."""
    used: set[int] = set()
    checkups = ",".join([_checkup(row, codes.heads, used, details=details) for row in rows])
    entries = ",".join([codes.json[number] for number in sorted(used)])
    return f'{{"checkups":[{checkups}],"items":[{entries}]}}'.encode()


def former_checkups_json(rows: Sequence[Record], codes: CodeTable) -> bytes:
    """Return :class:`protocol.messages.former_versions.FormerCheckups` from the same columns and the day of the replacement."""
    used: set[int] = set()
    former = ",".join(
        [f'{{"replaced":"{row["replaced"]}","checkup":{_checkup(row, codes.heads, used, details=True)}}}' for row in rows]
    )
    entries = ",".join([codes.json[number] for number in sorted(used)])
    return f'{{"checkups":[{former}],"items":[{entries}]}}'.encode()


def _checkup(row: Record, heads: Mapping[int, str], used: set[int], *, details: bool) -> str:
    exam_date, fiscal_year, program, age, kept, items, texts, forms, flags = row[1:10]
    if items is None:
        results = ""
    else:
        used.update(items)
        results = ",".join(
            [
                f'{heads[item]}{_MEMBERS[form]}{text}"{_FLAGS[flag]}'
                if form in _MEMBERS
                else f'{heads[item]},"absent":"{_ABSENT[form]}"{_FLAGS[flag]}'
                for item, text, form, flag in zip(items, texts, forms, flags, strict=True)
            ]
        )
    sealed = f',"details":"{b64u(kept)}"' if details and kept is not None else ""
    return (
        f'{{"exam_date":"{exam_date}","fiscal_year":{fiscal_year},"program":"{program}","age":{age}'
        f',"observations":[{results}]{sealed}}}'
    )
