"""The part of a session that reads medical claims, results of guidance, cancer screenings, and what drugs cost."""

from datetime import date
from typing import TypeVar

from protocol import strict_json
from protocol.encoding import EncodingError, b64u, lp, unpad
from protocol.messages.former_versions import FormerClaims
from protocol.messages.guidance import GuidanceReports
from protocol.messages.guidance_tasks import GuidanceSupport, GuidedYear
from protocol.messages.medical_claims import Costs, MedicalClaim, MedicalClaims, MonthCosts
from protocol.messages.prices import PRICES_A_CALL, DrugPrice, Prices
from protocol.messages.screenings import OwnScreenings, ScreenedYear
from protocol.sealing import OpenError
from pydantic import BaseModel, ValidationError

from ._lifetime import Lifetime
from ._wire import parse
from .claims import Claim, ClaimDetails, GuidanceDetails, GuidanceReport, Medicine, medicines
from .errors import HostRefused, KeyMaterialRefused
from .generics import LEAST_YEN, Saving, savings
from .history import FormerClaim, former_claims
from .statement import Statement

Details = TypeVar("Details", bound=BaseModel)


class ReadsClaims(Lifetime):
    """A session in which a member reads what was billed for them. Months are given by any of their days."""

    async def costs(self, since: date, until: date) -> tuple[MonthCosts, ...]:
        """Return what the claims of these months come to, by month and kind, the oldest first; yen."""
        query = _months(since, until)
        return parse("anon-data", Costs, await self._ask("anon-data", "GET", "/me/costs", query=query)).months

    async def claims(self, since: date, until: date) -> tuple[Claim, ...]:
        """Return the claims of these months with their lines, the newest month first."""
        return await self._claims("/me/medical-claims", since, until)

    async def claim(self, name: bytes) -> Claim:
        """Return one claim with its lines; HostRefused (``claim-unknown``) where there is none of this name any more."""
        answer = await self._ask("anon-data", "GET", f"/me/medical-claims/{b64u(name)}")
        return self._joined(parse("anon-data", MedicalClaim, answer))

    async def former_claims(self, since: date, until: date) -> tuple[FormerClaim, ...]:
        """Return what the claims of these months said before they were replaced or cancelled, the newest month first."""
        answer = await self._ask("anon-data", "GET", "/me/former-claims", query=_months(since, until))
        found = [(one.replaced, one.cancelled, self._joined(one.claim)) for one in parse("anon-data", FormerClaims, answer).claims]
        return former_claims(found, await self.claims(date.min, date.max)) if found else ()

    async def medicines(self, since: date, until: date) -> tuple[Medicine, ...]:
        """Return the drugs of these months, the newest month first."""
        found = await self._claims("/me/medicines", since, until)
        return tuple(medicines(found, await self.prices() if found else {}))

    async def savings(self, since: date, until: date, least_yen: int = LEAST_YEN) -> tuple[Saving, ...]:
        """Return what generics would have saved in these months, drug by drug, where it is at least so much."""
        found = await self._claims("/me/medicines", since, until)
        return tuple(savings(found, await self.prices() if found else {}, least_yen))

    async def statement(self, year: int) -> Statement:
        """Return the statement of a calendar year for the tax return."""
        found = await self.claims(date(year, 1, 1), date(year, 12, 1))
        profile = self._keys().settled.profile
        if profile is None:
            raise HostRefused("identity", "no-record", 404)
        return Statement.of(year, profile.name, found)

    async def guidance(self) -> tuple[GuidanceReport, ...]:
        """Return what specific health guidance came to, the newest day first."""
        answer = parse("anon-data", GuidanceReports, await self._ask("anon-data", "GET", "/me/guidance"))
        return tuple(
            GuidanceReport.of(one, self._opened(GuidanceDetails, one.details, "guidance-details", one.day.isoformat(), one.stage))
            for one in answer.reports
        )

    async def guidance_support(self) -> tuple[GuidedYear, ...]:
        """Return by fiscal year what those who guide read and told of the member, the newest first."""
        return parse("anon-data", GuidanceSupport, await self._ask("anon-data", "GET", "/me/guidance-support")).years

    async def screenings(self) -> tuple[ScreenedYear, ...]:
        """Return by fiscal year in which cancer screenings the insurer knows that the member took part, the newest first."""
        return parse("anon-data", OwnScreenings, await self._ask("anon-data", "GET", "/me/screenings")).years

    async def prices(self) -> dict[str, DrugPrice]:
        """Return what drugs cost, by code: the whole table, so that the store does not learn which are looked for."""
        found: dict[str, DrugPrice] = {}
        while True:
            path = f"/prices?after={max(found)}" if found else "/prices"
            page = parse("anon-data", Prices, await self._ask("anon-data", "GET", path)).prices
            found |= {one.code: one for one in page}
            if len(page) < PRICES_A_CALL:
                return found

    async def _claims(self, path: str, since: date, until: date) -> tuple[Claim, ...]:
        answer = await self._ask("anon-data", "GET", path, query=_months(since, until))
        return tuple(self._joined(one) for one in parse("anon-data", MedicalClaims, answer).claims)

    def _joined(self, stored: MedicalClaim) -> Claim:
        return Claim.of(stored, self._opened(ClaimDetails, stored.details, "medical-claim-details", stored.claim))

    def _opened(self, kind: type[Details], sealed: bytes | None, label: str, *bound: bytes | str) -> Details | None:
        """Open what the insurer sealed to this member's mailbox, bound to exactly this."""
        if sealed is None:
            return None
        seed = self._keys().stores["anon-data"].seed
        try:
            opened = strict_json.loads_object(unpad(seed.mailbox_key.open(sealed, lp(label, seed.token, *bound))))
            return kind.model_validate(opened)
        except (OpenError, EncodingError, strict_json.JsonRefused, ValidationError) as error:
            raise KeyMaterialRefused("anon-data", "details that do not open") from error


def _months(since: date, until: date) -> dict[str, date]:
    return {"since": since.replace(day=1), "until": until.replace(day=1)}
