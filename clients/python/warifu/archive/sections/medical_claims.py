"""Medical claims: a line for each diagnosis, act, drug and material, and one for a claim of which only the sums are known."""

from datetime import date, datetime

from protocol.messages.medical_claims import ClaimKind

from warifu.archive.section import Cell, Coded, Content, Section, Words
from warifu.claims import Claim
from warifu.session import MemberSession

_KINDS: dict[ClaimKind, Words] = {
    "medical": Words("医科", "medical"),
    "dpc": Words("医科（DPC）", "medical (DPC)"),
    "dental": Words("歯科", "dental"),
    "pharmacy": Words("調剤", "pharmacy"),
}
_LINES = {
    "diagnosis": Words("傷病名", "diagnosis"),
    "act": Words("診療行為", "act"),
    "drug": Words("医薬品", "drug"),
    "material": Words("特定器材", "material"),
}
_ESTIMATED = Coded("estimated", Words("推計", "estimated"))


async def _read(session: MemberSession, _now: datetime) -> Content:
    found = await session.claims(date.min, date.max)
    return Content([row for claim in found for row in rows_of(claim)])


def rows_of(claim: Claim) -> list[list[Cell]]:
    """Return the claim's lines, each with its head."""
    head: list[Cell] = [
        f"{claim.month:%Y-%m}",
        Coded(claim.kind, _KINDS[claim.kind]),
        claim.institution.name or "",
        str(claim.days),
        str(claim.points),
        str(claim.own_payment),
        _ESTIMATED if claim.estimated else "",
    ]
    lines: list[list[Cell]] = [[Coded("diagnosis", _LINES["diagnosis"]), one.code, one.name or "", ""] for one in claim.diagnoses]
    for line in claim.lines:
        amount = "" if line.amount is None else f"{line.amount.normalize():f}"
        lines.append([Coded(line.kind, _LINES[line.kind]), line.code, "", amount])
    return [[*head, *line] for line in lines or [["", "", "", ""]]]


COLUMNS = {
    "month": Words("診療年月", "Month"),
    "kind": Words("種別", "Kind"),
    "institution": Words("医療機関・薬局", "Institution"),
    "days": Words("日数", "Days"),
    "points": Words("点数", "Points"),
    "own_payment": Words("自己負担額（円）", "Own payment (yen)"),
    "estimated": Words("推計", "Estimated"),
    "line": Words("明細", "Line"),
    "code": Words("コード", "Code"),
    "name": Words("名称", "Name"),
    "amount": Words("数量", "Amount"),
}
SECTION = Section("medical-claims", 24, Words("医療費", "Medical claims"), COLUMNS, _read)
