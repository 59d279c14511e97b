"""The typed row of a receipt (レセプト). Its `repr` shows no field, so that no log or traceback can."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from .rows import Institution, Sex

ReceiptKind = Literal["medical", "dpc", "dental", "pharmacy"]
Insured = Literal["self", "dependant"]
EntryKind = Literal["act", "drug", "material"]
TextKind = Literal["diagnosis", "supplement", "product", "comment", "narrative"]

UNCODED = "0000999"
"""The diagnosis code that stands for a name in free text."""


@dataclass(frozen=True, slots=True, repr=False)
class ReceiptKey:
    """What makes two receipts the same one, the later a newer version: the search number, or where it stood in its file.

    Receipt numbers begin anew in every file, that is for each institution and billing month.
    """

    kind: ReceiptKind
    search_number: str | None
    institution: str | None
    billing_month: date | None
    receipt_number: int | None


@dataclass(frozen=True, slots=True, repr=False)
class PublicPayer:
    """One public payer (公費): 8-digit number, days, points, and what it leaves the patient to pay (yen, out- or inpatient)."""

    number: str
    days: int | None
    points: int | None
    own_payment: int | None


@dataclass(frozen=True, slots=True, repr=False)
class Diagnosis:
    """One diagnosis: 7-digit code (`UNCODED`: the name is among the texts) and 4-digit modifiers.

    `outcome`: 1 continuing, 2 cured, 3 died, 4 stopped; None where the record says nothing. `teeth`: codes of six characters.
    """

    code: str
    modifiers: tuple[str, ...]
    start: date | None
    outcome: str | None
    main: bool
    teeth: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """One act, drug or material by its 9-digit code.

    `section`: 診療識別 (11 first visit to 97 meals), carried on from the entry before where the record leaves it out; `payers`:
    負担区分. `points` stand at the last entry of those that are billed together, else None. `days`: day of the month and how often
    on it. `unit` and `unit_price` (yen) are those of materials, `additions` the 5-character codes added to a dental
    act. At a pharmacy `times` say for how many days or portions a drug was handed out.
    """

    kind: EntryKind
    section: str | None
    payers: str | None
    code: str
    quantity: Decimal | None
    points: int | None
    times: int | None
    days: tuple[tuple[int, int], ...]
    unit: str | None = None
    unit_price: Decimal | None = None
    additions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class ReceiptText:
    """Words as written, not folded: the name or supplement of a diagnosis, a product, a comment with its code, a narrative.

    `at`: position of the diagnosis or entry it belongs to, from 0, else None.
    """

    kind: TextKind
    code: str | None
    at: int | None
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Identifying:
    """What of a receipt may tell whose it is, or only belongs to the sealed part.

    `institution` has a 10-digit number (prefecture, points table, code). `written_name` and `chart_number` are the institution's,
    `recipients` the recipient numbers of the public payers in their order ("" without one).
    """

    institution: Institution
    receipt_number: int
    search_number: str | None
    written_name: str
    chart_number: str | None
    recipients: tuple[str, ...]
    texts: tuple[ReceiptText, ...]


@dataclass(frozen=True, slots=True, repr=False)
class ReceiptRow:
    """One receipt: what one institution billed for one person and month.

    Member number fields as written, NFKC-normalised, not yet in the one spelling; `symbol` may be empty, `branch` None.
    Months are their first day. `receipt_type`: the 4-digit code, from
    which `inpatient` and `insured` follow (None: 70 and older, where the code does not tell). `days` are receptions for a
    pharmacy. `points` are those of the insurer's line, `own_payment` (yen) is None unless recorded. `diagnosis_group`: DPC code.
    `digest` (SHA-256) is that of the receipt's lines,
    whatever of them is read.
    """

    insurer_number: str
    symbol: str
    number: str
    branch: str | None
    birth_date: date
    sex: Sex
    kana_name: str
    claim_month: date
    billing_month: date
    kind: ReceiptKind
    receipt_type: str
    inpatient: bool
    insured: Insured | None
    days: int
    points: int
    own_payment: int | None
    public_payers: tuple[PublicPayer, ...]
    diagnosis_group: str | None
    diagnoses: tuple[Diagnosis, ...]
    entries: tuple[Entry, ...]
    identifying: Identifying
    digest: bytes = field(default=b"", compare=False)

    @property
    def key(self) -> ReceiptKey:
        """What identifies the receipt across its versions; it belongs to the sealed part."""
        told = self.identifying
        if told.search_number:
            return ReceiptKey(self.kind, told.search_number, None, None, None)
        return ReceiptKey(self.kind, None, told.institution.number, self.billing_month, told.receipt_number)


@dataclass(frozen=True, slots=True, repr=False)
class Cancellation:
    """That a receipt, in whatever version billed until then, is none any more since a month (its first day)."""

    key: ReceiptKey
    cancelled: date
