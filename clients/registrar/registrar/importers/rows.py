"""The typed rows importers hand on. Their `repr` shows no field, so that no log or traceback can."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from health.items import Kind
from protocol.member import MemberNumber
from protocol.messages.screenings import Screening

Sex = Literal["male", "female"]
Relation = Literal["self", "spouse", "child", "parent", "other"]
Status = Literal["measured", "not-done", "not-measurable", "above-range", "below-range", "missing"]


@dataclass(frozen=True, slots=True, repr=False)
class EligibilityRow:
    """One member of the insurer. Text is NFKC-normalised; `lost` is the first day without membership.

    `qualification`: list .206, 1 employee, 2 dependant, 3 and 4 voluntary continuation, 5 and 6 retirees' scheme, 7 national.
    """

    insurer_number: str
    symbol: str
    number: str
    branch: str
    relation: Relation
    qualification: str
    kanji_name: str
    kana_name: str
    birth_date: date
    sex: Sex
    postcode: str
    address: str
    telephone: str
    email: str
    acquired: date
    lost: date | None
    loss_reason: str
    site_code: str
    site_name: str
    department_code: str
    department_name: str
    work_id: str
    previous_symbol: str = ""
    previous_number: str = ""
    previous_branch: str = ""
    guardian_branch: str = ""

    @property
    def insured(self) -> bool:
        """Whether the person is insured by themselves, not as somebody's dependant."""
        return self.relation == "self"

    @property
    def member(self) -> MemberNumber:
        """The member number in its one spelling."""
        return MemberNumber.parse(self.insurer_number, self.symbol, self.number, self.branch)

    @property
    def previous(self) -> MemberNumber | None:
        """The number that the person had before, where the file names another than the present one."""
        if not self.previous_number:
            return None
        symbol, branch = self.previous_symbol or self.symbol, self.previous_branch or self.branch
        number = MemberNumber.parse(self.insurer_number, symbol, self.previous_number, branch)
        return None if number == self.member else number

    @property
    def guardian(self) -> MemberNumber | None:
        """The guardian's number, where the file names somebody else of the card."""
        if not self.guardian_branch:
            return None
        number = MemberNumber.parse(self.insurer_number, self.symbol, self.number, self.guardian_branch)
        return None if number == self.member else number

    @property
    def died(self) -> bool:
        """Whether the membership ended by death."""
        return self.lost is not None and ("死亡" in self.loss_reason or self.loss_reason.lower() in ("death", "died"))


@dataclass(frozen=True, slots=True)
class Institution:
    """Who examined: 10-digit number and name, either may be unknown. Belongs to the sealed details."""

    number: str | None
    name: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Observation:
    """One result.

    `code` is the 17-digit code; `name` and `method` come from the item table and are None for codes outside it. `value` is a
    Decimal in `unit` (UCUM) for PQ, a code from the list `code_system` (an OID) for CD and CO, words for ST, None unless
    `status` is measured. `interpretation`: H, L or N. `group`: number of the examination group within the document, and
    `reason` whether it stands there as the reason for the group's examination.
    """

    code: str
    name: str | None
    method: str | None
    kind: Kind
    status: Status
    value: Decimal | str | None
    unit: str | None = None
    code_system: str | None = None
    interpretation: str | None = None
    group: int | None = None
    reason: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class GuidanceRow:
    """What one person's specific health guidance (特定保健指導) came to.

    The person's fields are those of `CheckupRow`; `ticket` is that for the guidance, `day` the one the document names.
    `report_code` says how far it came, list .1001 from 21 to 25. The codes of `results` have ten digits; no table of this
    project knows them.
    """

    insurer_number: str
    symbol: str
    number: str
    branch: str | None
    kana_name: str
    birth_date: date
    sex: Sex
    day: date
    report_code: str
    institution: Institution
    ticket: str | None
    results: tuple[Observation, ...]


@dataclass(frozen=True, slots=True, repr=False)
class TicketRow:
    """A ticket for a checkup, up to eleven digits, and the member for whom the insurer issued it."""

    ticket: str
    member: MemberNumber


@dataclass(frozen=True, slots=True, repr=False)
class ScreeningRow:
    """That a member took part in a cancer screening in a fiscal year, or where it is `cancelled` that they did not."""

    member: MemberNumber
    fiscal_year: int
    kind: Screening
    cancelled: bool


@dataclass(frozen=True, slots=True, repr=False)
class CheckupRow:
    """One person's checkup of one day.

    Member number fields as written, NFKC-normalised, not yet in the one spelling; `symbol` may be empty, `branch` None. In formats
    without a member number `insurer_number` and `number` are empty, and `ticket` says whose checkup it is.
    `fiscal_year` starts on 1 April. `program_code`: list .1002 (010 specific checkup, 030 employer's). `report_code`: list .1001
    (10 specific checkup, 40 to 44 others). `observations` hold nothing that identifies; `details` hold free text and names of
    doctors, which like `institution` and `ticket` belong to the sealed details. `written`: when the record was made, if it says so.
    """

    insurer_number: str
    symbol: str
    number: str
    branch: str | None
    qualification: str | None
    kana_name: str
    birth_date: date
    sex: Sex
    exam_date: date
    fiscal_year: int
    program_code: str
    report_code: str
    institution: Institution
    ticket: str | None
    observations: tuple[Observation, ...]
    details: tuple[Observation, ...]
    written: date | None = None
