"""One store: claims, checkups, vitals, steps. It answers a mailbox's reader key only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from protocol import proof
from protocol.messages.challenges import Challenges, OfferedChallenge
from protocol.messages.consents import (
    CONSENT_PURPOSES,
    ConsentEntry,
    ConsentPurpose,
    Consents,
    ConsentState,
    ConsentText,
    ConsentTexts,
    PutConsent,
)
from protocol.messages.contests import Contest, Contests, OwnContest, OwnContests
from protocol.messages.exchange import Catalogue, Order, Orders, Product, Suppliers
from protocol.messages.former_versions import FormerCheckup, FormerCheckups, FormerClaim, FormerClaims
from protocol.messages.guidance import Guidance, GuidanceReports
from protocol.messages.guidance_tasks import GuidanceSupport, GuidedYear
from protocol.messages.households import EndView, GiveView, ViewGiven, ViewsGiven
from protocol.messages.mailbox import Claim, MailboxState, RenewReader
from protocol.messages.medical_claims import Costs, MedicalClaim, MedicalClaims, MonthCosts
from protocol.messages.member_messages import Mark, Marks, MarksKept, MemberMessage, MemberMessages
from protocol.messages.notes import DeletedNote, Note, Notes, NoteWrite, PutNotes
from protocol.messages.participation import Participation, TellParticipation
from protocol.messages.points import Points
from protocol.messages.prices import PRICES_A_CALL, DrugPrice, Prices
from protocol.messages.records import (
    Checkup,
    Checkups,
    DeletedVital,
    Item,
    ItemResult,
    PutVitals,
    Results,
    Vital,
    Vitals,
    VitalWrite,
)
from protocol.messages.screenings import OwnScreenings, ScreenedYear
from protocol.messages.steps import PutStepDays, StepDay, StepDays, StepResults
from protocol.names import StoreName
from protocol.signing import SignatureRefused
from protocol.tokens import verify_claim
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from .http import Refused, answer, route


@dataclass
class Mailbox:
    """The one member's mailbox."""

    token: bytes
    claim_key: bytes
    reader: bytes | None = None
    next_reader: bytes | None = None
    suspended: bool = False
    recovery: date | None = None
    checkups: list[Checkup] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    vitals: dict[tuple[date, str], VitalWrite] = field(default_factory=dict)
    notes: dict[date, NoteWrite] = field(default_factory=dict)
    steps: dict[tuple[date, bytes], StepDay] = field(default_factory=dict)
    texts: list[ConsentText] = field(default_factory=list)
    consents: dict[ConsentPurpose, list[ConsentEntry]] = field(default_factory=dict)
    views: dict[bytes, GiveView] = field(default_factory=dict)
    messages: list[MemberMessage] = field(default_factory=list)
    marks: set[Mark] = field(default_factory=set)
    claims: list[MedicalClaim] = field(default_factory=list)
    former_checkups: list[FormerCheckup] = field(default_factory=list)
    former_claims: list[FormerClaim] = field(default_factory=list)
    guidance: list[Guidance] = field(default_factory=list)
    guided_years: list[GuidedYear] = field(default_factory=list)
    screened_years: list[ScreenedYear] = field(default_factory=list)
    prices: list[DrugPrice] = field(default_factory=list)
    contests: list[Contest] = field(default_factory=list)
    own_contests: list[OwnContest] = field(default_factory=list)
    challenges: list[OfferedChallenge] = field(default_factory=list)
    participation: list[TellParticipation] = field(default_factory=list)
    points: Points = field(default_factory=lambda: Points(posted=0, held=0, lots=(), entries=()))
    orders: list[Order] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    suppliers: Suppliers = field(default_factory=lambda: Suppliers(suppliers=b"", signatures={}, officers=()))


class Store:
    """``anon-data`` or ``programs``."""

    def __init__(self, name: StoreName, origin: str, clock: Callable[[], int], mailbox: Mailbox) -> None:
        self.name = name
        self.origin = origin
        self.mailbox = mailbox
        self._clock = clock
        self._seen: set[str] = set()

    def app(self) -> Starlette:
        """Return the application."""
        return Starlette(
            routes=[
                route("/claims", "POST", self._claim),
                route("/me/reader-key", "PUT", self._renew),
                route("/me/mailbox", "GET", self._state),
                route("/me/recovery", "DELETE", self._veto),
                route("/me/checkups", "GET", self._checkups),
                route("/me/vitals", "PUT", self._put_vitals),
                route("/me/vitals", "GET", self._vitals),
                route("/me/notes", "PUT", self._put_notes),
                route("/me/notes", "GET", self._notes),
                route("/me/medical-claims", "GET", self._claims),
                route("/me/medicines", "GET", self._medicines),
                route("/me/costs", "GET", self._costs),
                route("/me/guidance", "GET", self._guidance),
                route("/me/guidance-support", "GET", self._guidance_support),
                route("/me/screenings", "GET", self._screenings),
                route("/me/former-checkups", "GET", self._former_checkups),
                route("/me/former-claims", "GET", self._former_claims),
                route("/prices", "GET", self._prices),
                route("/me/step-days", "PUT", self._put_steps),
                route("/me/step-days", "GET", self._steps),
                route("/contests", "GET", self._contests),
                route("/me/contests", "GET", self._own_contests),
                route("/me/challenges", "GET", self._challenges),
                route("/me/participation", "GET", self._participation),
                route("/me/points", "GET", self._points),
                route("/me/orders", "GET", self._orders),
                route("/catalogue", "GET", self._catalogue),
                route("/suppliers", "GET", self._suppliers),
                route("/consents", "GET", self._texts),
                route("/me/consents", "GET", self._consents),
                route("/me/consents/{purpose}", "PUT", self._decide),
                route("/me/views", "PUT", self._give_view),
                route("/me/views", "GET", self._views),
                route("/me/views/endings", "POST", self._end_view),
                route("/views/checkups", "GET", self._view_checkups),
                route("/me/messages", "GET", self._messages),
                route("/me/messages/marks", "PUT", self._mark),
                route("/me/messages/marks", "POST", self._marked),
            ]
        )

    async def _proof(self, request: Request) -> proof.Proof:
        url = self.origin + request.url.path + (f"?{request.url.query}" if request.url.query else "")
        assert not {"authorization", "dpop", "cookie"} & set(request.headers)
        made = proof.check(request.headers[proof.HEADER], request.method, url, await request.body(), self._clock())
        if made.jti in self._seen:
            raise Refused(409, "replayed")
        self._seen.add(made.jti)
        return made

    async def _reader(self, request: Request) -> Mailbox:
        made = await self._proof(request)
        mailbox = self.mailbox
        if made.subject != mailbox.token or made.jkt not in {mailbox.reader, mailbox.next_reader}:
            raise Refused(401, "reader-unknown")
        if mailbox.suspended:
            raise Refused(403, "mailbox-suspended")
        self._used(made.jkt)
        return mailbox

    def _used(self, jkt: bytes) -> None:
        """Let a key that waits read alone from its first use on."""
        if jkt == self.mailbox.next_reader:
            self.mailbox.reader, self.mailbox.next_reader = jkt, None

    async def _renew(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        asked = RenewReader.model_validate_json(await request.body())
        made = proof.check(asked.possession, "PUT", self.origin + "/me/reader-key", b"", self._clock())
        if made.subject != mailbox.token:
            raise Refused(403, "renewal-refused")
        if made.jkt in {mailbox.reader, mailbox.next_reader}:
            return Response(status_code=200)
        if mailbox.next_reader is not None:
            raise Refused(409, "renewal-differs")
        mailbox.next_reader = made.jkt
        return Response(status_code=201)

    async def _state(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        # Said also where there is none.
        return Response(MailboxState(recovery=mailbox.recovery).model_dump_json(), media_type="application/json")

    async def _veto(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        mailbox.recovery = None
        return Response(status_code=204)

    async def _claim(self, request: Request) -> Response:
        made = await self._proof(request)
        claim = Claim.model_validate_json(await request.body())
        try:
            verify_claim(self.mailbox.claim_key, claim.signature, self.name, made.subject, made.jkt)
        except SignatureRefused as error:
            raise Refused(403, "claim-refused") from error
        if self.mailbox.suspended:
            raise Refused(403, "mailbox-suspended")
        self._used(made.jkt)
        if self.mailbox.reader not in {None, made.jkt}:
            raise Refused(409, "claimed-by-another")
        new, self.mailbox.reader = self.mailbox.reader is None, made.jkt
        return Response(status_code=201 if new else 200)

    async def _checkups(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        return answer(Checkups(checkups=tuple(mailbox.checkups), items=tuple(mailbox.items)))

    async def _claims(self, request: Request) -> Response:
        return answer(MedicalClaims(claims=tuple(await self._billed(request))))

    async def _medicines(self, request: Request) -> Response:
        return answer(MedicalClaims(claims=tuple(one for one in await self._billed(request) if one.drugs)))

    async def _costs(self, request: Request) -> Response:
        months = [
            MonthCosts(claims=1, **one.model_dump(include={"month", "kind", "points", "own_payment", "estimated"}))
            for one in reversed(await self._billed(request))
        ]
        return answer(Costs(months=tuple(months)))

    async def _billed(self, request: Request) -> list[MedicalClaim]:
        mailbox = await self._reader(request)
        since, until = _days(request)
        found = [one for one in mailbox.claims if since <= one.month <= until]
        return sorted(found, key=lambda one: one.month, reverse=True)

    async def _former_checkups(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        return answer(FormerCheckups(checkups=tuple(mailbox.former_checkups), items=tuple(mailbox.items)))

    async def _former_claims(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        since, until = _days(request)
        return answer(FormerClaims(claims=tuple(one for one in mailbox.former_claims if since <= one.claim.month <= until)))

    async def _guidance(self, request: Request) -> Response:
        return answer(GuidanceReports(reports=tuple((await self._reader(request)).guidance)))

    async def _guidance_support(self, request: Request) -> Response:
        return answer(GuidanceSupport(years=tuple((await self._reader(request)).guided_years)))

    async def _screenings(self, request: Request) -> Response:
        return answer(OwnScreenings(years=tuple((await self._reader(request)).screened_years)))

    async def _prices(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        after = request.query_params.get("after", "")
        found = [one for one in sorted(mailbox.prices, key=lambda one: one.code) if one.code > after]
        return answer(Prices(prices=tuple(found[:PRICES_A_CALL])))

    async def _put_vitals(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        results = []
        for item in PutVitals.model_validate_json(await request.body()).items:
            held = mailbox.vitals.get((item.day, item.kind))
            newer = held is None or item.seq > held.seq
            if newer:
                mailbox.vitals[item.day, item.kind] = item
            results.append(ItemResult(result="applied" if newer else "stale"))
        return answer(Results(results=tuple(results)))

    async def _vitals(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        since, until = _days(request)
        found = [item for key, item in sorted(mailbox.vitals.items()) if since <= key[0] <= until]
        gone = (DeletedVital(day=item.day, kind=item.kind, seq=item.seq) for item in found if item.value is None)
        there = (Vital.model_validate(item.model_dump()) for item in found if item.value is not None)
        return answer(Vitals(items=tuple(there), deleted=tuple(gone)))

    async def _put_notes(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        results = []
        for item in PutNotes.model_validate_json(await request.body()).items:
            held = mailbox.notes.get(item.day)
            newer = held is None or item.seq > held.seq
            if newer:
                mailbox.notes[item.day] = item
            results.append(ItemResult(result="applied" if newer else "stale"))
        return answer(Results(results=tuple(results)))

    async def _notes(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        since, until = _days(request)
        found = [item for day, item in sorted(mailbox.notes.items()) if since <= day <= until]
        there = (Note.model_validate(item.model_dump()) for item in found if item.sealed is not None)
        gone = (DeletedNote(day=item.day, seq=item.seq) for item in found if item.sealed is None)
        return answer(Notes(items=tuple(there), deleted=tuple(gone)))

    async def _put_steps(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        put = PutStepDays.model_validate_json(await request.body())
        results = []
        for item in put.items:
            held = mailbox.steps.get((item.day, put.install))
            newer = held is None or item.seq > held.seq
            if newer:
                mailbox.steps[item.day, put.install] = item
            results.append(ItemResult(result="applied" if newer else "stale"))
        return answer(StepResults(results=tuple(results), next_sync_after=3600))

    async def _steps(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        since, until = _days(request)
        days: dict[date, StepDay] = {}
        for (day, _), item in mailbox.steps.items():
            if since <= day <= until and (day not in days or item.steps > days[day].steps):
                days[day] = item
        return answer(StepDays(items=tuple(days[day] for day in sorted(days))))

    async def _contests(self, request: Request) -> Response:
        await self._reader(request)
        return answer(Contests(contests=tuple(self.mailbox.contests)))

    async def _own_contests(self, request: Request) -> Response:
        return answer(OwnContests(contests=tuple((await self._reader(request)).own_contests)))

    async def _participation(self, request: Request) -> Response:
        return answer(Participation(levels=tuple((await self._reader(request)).participation)))

    async def _points(self, request: Request) -> Response:
        return Response((await self._reader(request)).points.model_dump_json(), media_type="application/json")

    async def _orders(self, request: Request) -> Response:
        return Response(Orders(orders=tuple((await self._reader(request)).orders)).model_dump_json(), media_type="application/json")

    async def _catalogue(self, _request: Request) -> Response:
        return answer(Catalogue(products=tuple(self.mailbox.products)))

    async def _suppliers(self, _request: Request) -> Response:
        return answer(self.mailbox.suppliers)

    async def _challenges(self, request: Request) -> Response:
        return answer(Challenges(challenges=tuple((await self._reader(request)).challenges)))

    async def _texts(self, _: Request) -> Response:
        return answer(ConsentTexts(texts=tuple(self.mailbox.texts)))

    async def _consents(self, request: Request) -> Response:
        return self._decided(await self._reader(request))

    async def _decide(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        asked = PutConsent.model_validate_json(await request.body())
        entry = ConsentEntry(day=date(2026, 4, 1), given=asked.given, version=asked.version)
        mailbox.consents.setdefault(request.path_params["purpose"], []).insert(0, entry)
        return self._decided(mailbox)

    def _decided(self, mailbox: Mailbox) -> Response:
        found = [(purpose, tuple(mailbox.consents.get(purpose, ()))) for purpose in CONSENT_PURPOSES]
        states = [ConsentState(purpose=one, standing=bool(said) and said[0].given, history=said) for one, said in found]
        return answer(Consents(consents=tuple(states)))

    async def _give_view(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        if not (mailbox.consents.get("household") or [ConsentEntry(day=date.min, given=False, version=1)])[0].given:
            raise Refused(403, "consent-missing")
        asked = GiveView.model_validate_json(await request.body())
        mailbox.views[asked.handle] = asked
        return Response(status_code=201)

    async def _views(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        found = (ViewGiven(handle=one.handle, shows=one.shows, until=one.until, reads=True) for one in mailbox.views.values())
        return answer(ViewsGiven(views=tuple(found)))

    async def _end_view(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        mailbox.views.pop(EndView.model_validate_json(await request.body()).handle, None)
        return Response(status_code=204)

    async def _view_checkups(self, request: Request) -> Response:
        made = await self._proof(request)
        view = self.mailbox.views.get(made.subject)
        if view is None or view.jkt != made.jkt:
            raise Refused(401, "view-unknown")
        shown = [one.model_copy(update={"details": None}) for one in self.mailbox.checkups]
        return answer(Checkups(checkups=tuple(shown), items=tuple(self.mailbox.items)))

    async def _messages(self, request: Request) -> Response:
        return answer(MemberMessages(messages=tuple((await self._reader(request)).messages)))

    async def _mark(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        mailbox.marks.update(Marks.model_validate_json(await request.body()).marks)
        return Response(status_code=204)

    async def _marked(self, request: Request) -> Response:
        mailbox = await self._reader(request)
        asked = Marks.model_validate_json(await request.body()).marks
        return answer(MarksKept(read=tuple(one.message for one in asked if one in mailbox.marks)))


def _days(request: Request) -> tuple[date, date]:
    return date.fromisoformat(request.query_params["since"]), date.fromisoformat(request.query_params["until"])
