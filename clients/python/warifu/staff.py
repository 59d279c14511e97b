"""Staff of the insurer: a sign-in apart from members', and sessions at the stores that a passkey opens.

::

    async with StaffSession(deployment) as session, warifu.user_agents.Loopback() as agent:
        await session.sign_in(agent)
        enrolment = await session.enrol(authenticator)  # once: for the registrar; two officers sign it
        await session.open("anon-data", authenticator)
        print(await session.examined())

Nothing here knows a member's session, and a process that has one should not have the other.
"""

import contextlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import httpx
from protocol import dpop, strict_json
from protocol.deployment import Deployment, Portal
from protocol.jose import generate_p256, thumbprint
from protocol.messages.analysis import AnalysisCatalogue, AnsweredQuestion, AskedQuestion
from protocol.messages.challenges import Challenge, ChallengeCount, ChallengeCounts, PutChallenge
from protocol.messages.comparisons import AskedComparison, ComparisonTable
from protocol.messages.contests import AskContest, Contest, Contests, PutContest, PutUnitNames, UnitName, UnitSize, UnitSizes
from protocol.messages.member_messages import CountMessages, MessageCount, MessageCounts, MessageSent, SendMessage
from protocol.messages.release import PasskeyEvidence
from protocol.messages.reviews import (
    Adjust,
    Adjusted,
    Adjustments,
    ContestParticipation,
    DecideHeld,
    HeldDay,
    HeldDays,
    TeamParticipation,
)
from protocol.messages.staff import OpenStaffSession, StaffEnrolment, StaffSelf, StaffSessionOpened
from protocol.messages.statistics import Examined
from protocol.names import STORES, StoreName
from protocol.staff import StaffRefused, StaffStatement
from protocol.staff_token import subject_of
from pydantic import TypeAdapter, ValidationError

from ._oauth import Leg
from ._wire import Clock, Form, M, Wire, dump, http_client, parse, system_clock
from .authenticators import Authenticator
from .errors import HostRefused, SessionEnded, SignInFailed, WarifuError
from .user_agents import UserAgent

__all__ = ["StaffSession", "StaffSignIn"]

_MARGIN_SECONDS = 30
"""Tokens that live no longer than this are renewed first."""


@dataclass(frozen=True)
class StaffSignIn:
    """A sign-in of somebody of the staff."""

    client_id: str
    name: str
    """The application's."""
    roles: tuple[str, ...]
    ends: int
    """When at the latest, in seconds since 1970."""
    this: bool
    """Whether it is the one that asks."""


_SIGN_INS = TypeAdapter(list[StaffSignIn])


class StaffSession:
    """Somebody of the staff at one computer. The keys live in memory only, and one DPoP key serves one sign-in."""

    def __init__(
        self,
        deployment: Deployment,
        *,
        client_id: str = "warifu-staff-cli",
        http: httpx.AsyncClient | None = None,
        clock: Clock = system_clock,
    ) -> None:
        self._given = http
        self._http = http or http_client(deployment)
        self._wire = Wire(self._http, deployment, clock)
        self._client_id = client_id
        self._key = generate_p256()
        self._refresh: str | None = None
        self._tokens: dict[StoreName, tuple[str, int]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Sign out, as far as the gateway can be reached, and close the HTTP client."""
        with contextlib.suppress(WarifuError):
            await self.sign_out()
        if self._given is None:
            await self._http.aclose()

    async def sign_in(self, agent: UserAgent) -> None:
        """Sign in at the gateway, through the group's provider. A page tells whoever has no role why."""
        origins, leg = self._wire.deployment.origins, Leg()
        asked = {
            "client_id": self._client_id,
            "response_type": "code",
            "redirect_uri": agent.redirect_uri,
            "scope": "staff",
            "state": leg.state,
            "code_challenge": leg.challenge,
            "code_challenge_method": "S256",
            "resource": [origins[store] for store in STORES],
        }
        pushed = await self._post("/staff/par", asked)
        query = urlencode({"client_id": self._client_id, "request_uri": _text(pushed, "request_uri")})
        returned = await agent.visit(self._wire.url("gateway", f"/staff/authorize?{query}"))
        form = {
            "grant_type": "authorization_code",
            "client_id": self._client_id,
            "redirect_uri": agent.redirect_uri,
            "code": leg.code(returned, origins["gateway"], needs_iss=True),
            "code_verifier": leg.verifier,
            "resource": origins[STORES[0]],
        }
        answer = await self._post("/staff/token", form)
        self._refresh = _text(answer, "refresh_token")
        self._keep(STORES[0], answer)

    async def enrol(self, authenticator: Authenticator) -> StaffEnrolment:
        """Make a passkey on the staff's portal, and return what the registrar is given of it, for two officers to sign."""
        portal = self._portal()
        challenge, handle = secrets.token_bytes(32), secrets.token_bytes(16)
        made = await authenticator.create(portal.rp_id, portal.origin, challenge=challenge, user_handle=handle, name="warifu staff")
        try:
            subjects = {store: subject_of(await self._token(store)) for store in STORES}
        except StaffRefused as error:
            raise SignInFailed("the gateway's token is not for this sign-in") from error
        return StaffEnrolment(credential_id=made.id, public_key=made.public_key, subjects=subjects)

    async def open(self, store: StoreName, authenticator: Authenticator, allow: Sequence[bytes] = ()) -> StaffSessionOpened:
        """Open a session at a store with a passkey that two officers listed, any of those in ``allow`` if that is not empty."""
        portal = self._portal()
        statement = StaffStatement.make(self._wire.deployment.origins[store], self._wire.clock(), thumbprint(self._key))
        made = await authenticator.get(portal.rp_id, portal.origin, challenge=statement.h, allow=allow)
        evidence = PasskeyEvidence(
            credential_id=made.credential_id,
            authenticator_data=made.authenticator_data,
            client_data=made.client_data,
            signature=made.signature,
        )
        body = dump(OpenStaffSession(statement=statement.raw, evidence=evidence))
        return parse(store, StaffSessionOpened, await self.call(store, "POST", "/staff/sessions", body))

    async def own(self, store: StoreName) -> StaffSelf:
        """Return as whom a store knows the caller."""
        return await self.read(store, "/staff/session", StaffSelf)

    async def examined(self) -> Examined:
        """Return how many people were examined in each fiscal year; numbers under ten are not told."""
        return await self.read("anon-data", "/staff/examined", Examined)

    async def askable(self) -> AnalysisCatalogue:
        """Return what an analyst can ask, and what people may be told apart by."""
        return await self.read("anon-data", "/staff/analysis/catalogue", AnalysisCatalogue)

    async def ask(self, question: AskedQuestion) -> AnsweredQuestion:
        """Ask the newest snapshot, as an analyst; no number tells of fewer than ten people."""
        return parse("anon-data", AnsweredQuestion, await self.call("anon-data", "POST", "/staff/analysis/answers", dump(question)))

    async def ask_table(self, question: AskedQuestion) -> str:
        """Ask, and return the answer as CSV."""
        return (await self.call("anon-data", "POST", "/staff/analysis/tables", dump(question))).text

    async def ask_arrow(self, question: AskedQuestion) -> bytes:
        """Ask, and return the answer as an Apache Arrow stream: ``pyarrow.ipc.open_stream(...).read_pandas()`` in a notebook."""
        form = "application/vnd.apache.arrow.stream"
        return (await self.call("anon-data", "POST", "/staff/analysis/tables", dump(question), accept=form)).content

    async def compare(self, asked: AskedComparison) -> ComparisonTable:
        """Return a comparison of what answers show; its notes must be read with it."""
        return parse("anon-data", ComparisonTable, await self.call("anon-data", "POST", "/staff/analysis/comparisons", dump(asked)))

    async def compare_table(self, asked: AskedComparison) -> str:
        """Return the same as CSV, without the notes."""
        return (await self.call("anon-data", "POST", "/staff/analysis/comparisons/tables", dump(asked))).text

    async def send_message(self, message: SendMessage) -> MessageSent:
        """Write to members whom nobody names; the same message again addresses whoever fits since then."""
        return parse("anon-data", MessageSent, await self.call("anon-data", "POST", "/staff/messages", dump(message)))

    async def count_messages(self, ids: Sequence[bytes]) -> tuple[MessageCount, ...]:
        """Return about how many messages address and how many have read them: in fives and from ten on."""
        asked = dump(CountMessages(ids=tuple(ids)))
        answer = await self.call("anon-data", "POST", "/staff/messages/counts", asked)
        return parse("anon-data", MessageCounts, answer).counts

    async def put_contest(self, contest: Contest) -> None:
        """Define a contest, or change it before anybody can enter."""
        await self.call("programs", "PUT", "/staff/contests", dump(PutContest(contest=contest)))

    async def contests(self) -> tuple[Contest, ...]:
        """Return all contests, those that end last first."""
        return (await self.read("programs", "/staff/contests", Contests)).contests

    async def put_challenge(self, challenge: Challenge) -> None:
        """Define an individual program, or change it before its first day."""
        await self.call("programs", "PUT", "/staff/challenges", dump(PutChallenge(challenge=challenge)))

    async def challenges(self) -> tuple[ChallengeCount, ...]:
        """Return all individual programs, and about how many have joined each."""
        return (await self.read("programs", "/staff/challenges", ChallengeCounts)).challenges

    async def units(self) -> tuple[UnitSize, ...]:
        """Return the units of today's roster, each of ten members or more."""
        return (await self.read("programs", "/staff/units", UnitSizes)).units

    async def name_units(self, names: Mapping[bytes, str]) -> None:
        """Say what units are called, by the ids that the registrar wrote beside their names."""
        said = PutUnitNames(units=tuple(UnitName(unit=unit, name=name) for unit, name in names.items()))
        await self.call("programs", "PUT", "/staff/units", dump(said))

    async def participation(self, contest: bytes) -> tuple[TeamParticipation, ...]:
        """Return how many take part, for teams of ten or more."""
        answer = await self.call("programs", "POST", "/staff/contests/participation", dump(AskContest(contest=contest)))
        return parse("programs", ContestParticipation, answer).teams

    async def held_days(self, contest: bytes) -> tuple[HeldDay, ...]:
        """Return the totals that nobody believes without a look; whose they are is not told."""
        answer = await self.call("programs", "POST", "/staff/contests/held", dump(AskContest(contest=contest)))
        return parse("programs", HeldDays, answer).held

    async def decide_held(self, held: HeldDay, *, accepted: bool, reason: str) -> None:
        """Let a held total count, or not."""
        asked = DecideHeld(review=held.review, steps=held.steps, accepted=accepted, reason=reason)
        await self.call("programs", "POST", "/staff/contests/held/decisions", dump(asked))

    async def adjust(self, asked: Adjust) -> None:
        """Correct a team's steps in a result that stands; everybody sees that it was corrected."""
        await self.call("programs", "POST", "/staff/contests/adjustments", dump(asked))

    async def adjustments(self, contest: bytes) -> tuple[Adjusted, ...]:
        """Return the corrections of a contest: who, why, before and after."""
        answer = await self.call("programs", "POST", "/staff/contests/adjustments/list", dump(AskContest(contest=contest)))
        return parse("programs", Adjustments, answer).adjustments

    async def read(self, store: StoreName, path: str, kind: type[M]) -> M:
        """Read one of a store's answers to staff."""
        return parse(store, kind, await self.call(store, "GET", path))

    async def call(
        self,
        store: StoreName,
        method: str,
        path: str,
        body: bytes = b"",
        accept: str = "*/*",
        patience_s: float | None = None,
    ) -> httpx.Response:
        """Make a call in the session at a store, each with a proof of its own, and wait so many seconds for its answer, else 30."""
        token = await self._token(store)
        url = self._wire.url(store, path)

        def headers() -> dict[str, str]:
            proof = dpop.make(self._key, method, url, self._wire.clock(), token)
            return {"Authorization": f"DPoP {token}", "DPoP": proof, "Accept": accept}

        return await self._wire.send(store, method, path, headers=headers, body=body, patience_s=patience_s)

    async def sign_ins(self) -> tuple[StaffSignIn, ...]:
        """Return where the person is signed in as staff, the oldest sign-in first."""
        answer = await self._post("/staff/sign-ins", self._shown())
        try:
            return tuple(_SIGN_INS.validate_python(answer.get("sign_ins")))
        except ValidationError:
            raise HostRefused("gateway", "malformed-answer", 200) from None

    async def sign_out_everywhere(self) -> None:
        """End every sign-in of the person as staff, this one included, and the sessions at the stores."""
        path, form = "/staff/sign-ins/end", self._shown()
        await self._wire.send("gateway", "POST", path, headers=lambda: self._proof(path), form=form)
        self._refresh = None
        self._tokens.clear()

    def _shown(self) -> dict[str, str]:
        if self._refresh is None:
            raise SessionEnded
        return {"client_id": self._client_id, "refresh_token": self._refresh}

    async def sign_out(self) -> None:
        """End the sign-in at the gateway and forget its tokens; stores admit nothing more from here."""
        refresh, self._refresh = self._refresh, None
        self._tokens.clear()
        if refresh is not None:
            form = {"client_id": self._client_id, "refresh_token": refresh}
            await self._wire.send("gateway", "POST", "/staff/sign-out", headers=lambda: self._proof("/staff/sign-out"), form=form)

    def _portal(self) -> Portal:
        portal = self._wire.deployment.staff_portal
        if portal is None:
            raise SignInFailed("this deployment has no staff")
        return portal

    async def _token(self, store: StoreName) -> str:
        held = self._tokens.get(store)
        if held is not None and held[1] - _MARGIN_SECONDS > self._wire.clock():
            return held[0]
        if self._refresh is None:
            raise SessionEnded
        form = {
            "grant_type": "refresh_token",
            "client_id": self._client_id,
            "refresh_token": self._refresh,
            "resource": self._wire.deployment.origins[store],
        }
        try:
            return self._keep(store, await self._post("/staff/token", form))
        except HostRefused as error:
            if error.type == "invalid_grant":
                raise SessionEnded from error
            raise

    def _keep(self, store: StoreName, answer: dict[str, Any]) -> str:
        token, seconds = _text(answer, "access_token"), answer.get("expires_in")
        if not isinstance(seconds, int) or str(answer.get("token_type")).lower() != "dpop":
            raise SignInFailed("the gateway's token is not for this sign-in")
        self._tokens[store] = (token, self._wire.clock() + seconds)
        return token

    def _proof(self, path: str) -> dict[str, str]:
        return {"DPoP": dpop.make(self._key, "POST", self._wire.url("gateway", path), self._wire.clock())}

    async def _post(self, path: str, form: Form) -> dict[str, Any]:
        answer = await self._wire.send("gateway", "POST", path, headers=lambda: self._proof(path), form=form)
        try:
            return strict_json.loads_object(answer.content)
        except strict_json.JsonRefused as error:
            raise HostRefused("gateway", "malformed-answer", answer.status_code) from error


def _text(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise SignInFailed(f"the gateway gave no {name}")
    return value
