"""What a switch to generics would save, reckoned on the device from the insurer's table of prices."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from protocol.messages.prices import DrugPrice

from .claims import Claim

LEAST_YEN = 100
"""Of one drug and month; less is not worth proposing."""


@dataclass(frozen=True)
class Saving:
    """What the member would have paid less for one drug of one month, in yen: with the dearest generic and the cheapest."""

    month: date
    code: str
    name: str
    amount: Decimal
    least: int
    most: int
    generics: tuple[str, ...]
    """Names, the cheapest first."""


def savings(claims: Iterable[Claim], prices: Mapping[str, DrugPrice], least_yen: int = LEAST_YEN) -> Iterator[Saving]:
    """Yield what could have been saved, in the order of the claims.

    A drug counts where the claim says how much was given, the table has cheaper generics of its family, and the insurer wants
    a switch to be proposed. The member's share of the difference counts; ceilings and help by public payers are not known here.
    """
    families: dict[str, list[DrugPrice]] = {}
    for one in prices.values():
        if one.generic and one.family:
            families.setdefault(one.family, []).append(one)
    for claim in claims:
        for code, amount in _given(claim).items():
            brand = prices.get(code)
            if brand is None or brand.generic or not brand.switchable:
                continue
            cheaper = sorted((one for one in families.get(brand.family or "", ()) if one.price < brand.price), key=_price)
            if not cheaper:
                continue
            most, least = (int((brand.price - one.price) * amount * claim.share / 100) for one in (cheaper[0], cheaper[-1]))
            if most >= least_yen:
                yield Saving(claim.month, code, brand.name, amount, least, most, tuple(one.name for one in cheaper))


def _price(one: DrugPrice) -> Decimal:
    return one.price


def _given(claim: Claim) -> dict[str, Decimal]:
    given: dict[str, Decimal] = {}
    for line in claim.lines:
        if line.kind == "drug" and line.amount is not None:
            given[line.code] = given.get(line.code, Decimal(0)) + line.amount
    return given
