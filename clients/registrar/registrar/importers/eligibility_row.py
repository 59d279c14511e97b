"""One eligibility line's cells to a typed row."""

import re
from collections.abc import Mapping
from datetime import date

from protocol.member import MemberNumber, MemberNumberError

from .eligibility_columns import COLUMNS
from .rows import EligibilityRow, Relation, Sex
from .text import has_controls, parse_date

_SEX: Mapping[str, Sex] = {"1": "male", "男": "male", "male": "male", "2": "female", "女": "female", "female": "female"}
_RELATION: Mapping[str, Relation] = {
    **dict.fromkeys(("self", "本人", "被保険者"), "self"),
    **dict.fromkeys(("spouse", "配偶者", "妻", "夫"), "spouse"),
    **dict.fromkeys(("child", "子", "長男", "長女", "次男", "次女", "二男", "二女"), "child"),
    **dict.fromkeys(("parent", "父母", "父", "母"), "parent"),
    **dict.fromkeys(("other", "その他"), "other"),
}
_LATEST_BIRTH = 2100
"""After it anon-data takes no year of birth. Other dates may lie later: 9999-12-31 is a common word for never."""
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


class RowError(Exception):
    """The row cannot be used; `code` is a report code and `column` one of our own column names."""

    def __init__(self, code: str, column: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.column = column


def parse_row(fields: Mapping[str, str]) -> EligibilityRow:
    """Check and type NFKC-folded cells by column name; RowError names the first thing that is wrong."""
    _check_text(fields)
    try:
        member = MemberNumber.parse(fields["insurer_number"], fields["symbol"], fields["number"], fields["branch"])
    except MemberNumberError:
        raise RowError("member-number-bad") from None
    birth, acquired = _date(fields, "birth_date"), _date(fields, "acquired")
    lost = _date(fields, "lost") if fields["lost"] else None
    if birth.year > _LATEST_BIRTH:
        raise RowError("date-bad", "birth_date")
    if birth > acquired or (lost is not None and lost < acquired):
        raise RowError("dates-disordered")
    row = EligibilityRow(
        insurer_number=member.insurer,
        symbol=fields["symbol"],
        number=fields["number"],
        branch=member.branch,
        relation=_relation(fields["relation"]),
        qualification=_qualification(fields["qualification"]),
        kanji_name=fields.get("kanji_name", ""),
        kana_name=fields["kana_name"],
        birth_date=birth,
        sex=_sex(fields["sex"]),
        postcode=fields.get("postcode", ""),
        address=fields.get("address", ""),
        telephone=fields.get("telephone", ""),
        email=_email(fields.get("email", "")),
        acquired=acquired,
        lost=lost,
        loss_reason=fields.get("loss_reason", ""),
        site_code=fields.get("site_code", ""),
        site_name=fields.get("site_name", ""),
        department_code=fields.get("department_code", ""),
        department_name=fields.get("department_name", ""),
        work_id=fields.get("work_id", ""),
        previous_symbol=fields.get("previous_symbol", ""),
        previous_number=fields.get("previous_number", ""),
        previous_branch=fields.get("previous_branch", ""),
        guardian_branch=fields.get("guardian_branch", ""),
    )
    _check_others(row)
    return row


def _check_others(row: EligibilityRow) -> None:
    """Refuse a previous number, or a guardian's branch, that cannot be one."""
    try:
        _ = row.previous, row.guardian
    except MemberNumberError:
        raise RowError("other-number-bad") from None


def _check_text(fields: Mapping[str, str]) -> None:
    for column in COLUMNS:
        text = fields.get(column.name, "")
        if column.filled and not text:
            raise RowError("field-missing", column.name)
        if len(text) > column.limit:
            raise RowError("field-too-long", column.name)
        if has_controls(text):
            raise RowError("control-character", column.name)


def _date(fields: Mapping[str, str], column: str) -> date:
    day = parse_date(fields[column])
    if day is None:
        raise RowError("date-bad", column)
    return day


def _sex(text: str) -> Sex:
    try:
        return _SEX[text.lower()]
    except KeyError:
        raise RowError("sex-bad") from None


def _relation(text: str) -> Relation:
    try:
        return _RELATION[text.lower()]
    except KeyError:
        raise RowError("relation-unknown") from None


def _qualification(text: str) -> str:
    if text not in tuple("1234567"):
        raise RowError("qualification-unknown")
    return text


def _email(text: str) -> str:
    if text and _EMAIL.fullmatch(text) is None:
        raise RowError("email-bad")
    return text
