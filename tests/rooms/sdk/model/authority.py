"""One authority: release, rotation, bundles, ways in, the record, the end of sessions.

It checks what the real ones check about a member.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from joserfc.jwk import ECKey, KeySet
from protocol import dpop
from protocol.access_token import AccessToken
from protocol.authority_keys import AuthorityKeys
from protocol.bundle import SEALED_BYTES
from protocol.deployment import Deployment
from protocol.encoding import sha256, unb64u
from protocol.jose import TokenRefused
from protocol.messages.profiles import PutRecord, PutWish
from protocol.messages.release import BundleReceipt, Commit, Evidence, PutBundle, Release, Rotate
from protocol.messages.verifiers import (
    Addition,
    AuthorisedChange,
    Cancellation,
    ConfirmVerifier,
    Removal,
    VerifierChanged,
    Verifiers,
    VerifierStored,
    change_body,
    parse_change,
    stored_message,
)
from protocol.names import AUTHORITIES
from protocol.release import Part, SealedPart, SealedRecord, VersionedBundle, VersionedShare
from protocol.rotation import sign_receipt, verify_receipt
from protocol.signing import Signer, verify
from protocol.statement import RELEASE, Statement
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .http import Refused, answer, route
from .release_log import ReleaseLog
from .verifiers import Keeper


@dataclass
class Account:
    """The one member here."""

    ref: bytes
    salts: dict[int, bytes]
    version: int = 0


class Authority:
    """``gateway``, ``keyvault`` or ``identity``."""

    def __init__(
        self,
        keys: AuthorityKeys,
        deployment: Deployment,
        token_key: ECKey,
        provider_key: ECKey,
        clock: Callable[[], int],
        *,
        account: Account,
        subject_id: bytes,
    ) -> None:
        self.keys = keys
        self.deployment = deployment
        self.origin = deployment.origins[keys.host]
        self.account = account
        self.log = ReleaseLog(keys, deployment, account.ref)
        self.bundles: dict[int, bytes] = {}
        self.record: bytes | None = None
        self.record_version = 0
        self.updates: list[bytes] = []
        self.wishes: list[bytes] = []
        self.keeper = Keeper(deployment, provider_key, clock, subject_id)
        self.signing: Signer = keys.signing
        self.ended: set[bytes] = set()
        self.session_seconds = 28_800
        self.renew_below = 0
        """Versions before this one are of an older root."""
        self.gives: dict[str, Any] = {}
        """What its parts hold instead of the truth."""
        self.names: dict[str, Any] = {}
        """What its signature says of a part instead of the truth."""
        self._token_keys = KeySet([token_key])
        self._clock = clock
        self._released: dict[bytes, tuple[bytes, bytes]] = {}
        self._nonces: set[bytes] = set()

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            route("/release", "POST", self._release),
            route("/rotation", "POST", self._rotation),
            route("/rotation/commit", "POST", self._commit),
            route("/bundles/{v:int}", "PUT", self._put_bundle),
            route("/bundles/{v:int}", "GET", self._get_bundle),
            route("/bundles/{v:int}/receipt", "POST", self._receipt),
            route("/session", "DELETE", self._end),
            route("/sessions", "DELETE", self._end_all),
            route("/verifiers", "GET", self._verifiers),
            route("/verifiers/changes", "POST", self._change),
            route("/verifiers/{id}/receipt", "POST", self._verifier_receipt),
            route("/verifiers/{id}/confirmation", "POST", self._confirm),
            route("/record", "PUT", self._put_record),
            route("/profile/wish", "PUT", self._put_wish),
            route("/log/openings", "GET", self._openings),
            *self.log.routes(),
        ]

    def app(self) -> Starlette:
        """Return the application."""
        return Starlette(routes=self.routes())

    def _session(self, request: Request) -> AccessToken:
        raw = request.headers["Authorization"].removeprefix("DPoP ")
        issuer = self.deployment.origins["gateway"]
        token = AccessToken.decode(raw, self._token_keys, issuer, self.origin, self._clock())
        made = dpop.check(request.headers["DPoP"], request.method, self.origin + request.url.path, self._clock(), raw)
        if made.jkt != token.jkt or token.ref != self.account.ref:
            raise TokenRefused("another key or member")
        if token.sid in self.ended:
            raise Refused(401, "session-ended")
        return token

    async def _release(self, request: Request) -> Response:
        session = self._session(request)
        asked = Release.model_validate_json(await request.body())
        statement = Statement.parse(asked.statement)
        known = self._released.get(session.sid)
        if known is None:
            statement.check(RELEASE, self.deployment.sorted_origins, self._clock(), session.jkt, asked.hpke)
            self.keeper.proved(asked.evidence, statement.h)
            self._use(statement, "release")
            self._released[session.sid] = (statement.h, asked.hpke)
            self.log.log("release", session.jkt)
        elif known[0] != statement.h:
            raise Refused(409, "already-released-in-session")
        return self._part(session)

    def sign_in(self, raw: bytes, evidence: Evidence, jkt: bytes) -> None:
        """Accept evidence for a sign-in at the gateway."""
        statement = Statement.parse(raw)
        statement.check_request(RELEASE, self.deployment.sorted_origins, self._clock(), jkt)
        self.keeper.proved(evidence, statement.h)
        self._use(statement, "sign-in")

    def _use(self, statement: Statement, use: str) -> None:
        if statement.nonce + use.encode() in self._nonces:
            raise Refused(409, "evidence-replayed")
        self._nonces.add(statement.nonce + use.encode())

    async def _rotation(self, request: Request) -> Response:
        session = self._session(request)
        version = Rotate.model_validate_json(await request.body()).v
        if version not in {self.account.version, self.account.version + 1}:
            raise Refused(409, "version-refused")
        self.account.salts.setdefault(version, secrets.token_bytes(32))
        return self._part(session)

    def _part(self, session: AccessToken) -> Response:
        account = self.account
        part = Part(
            shares=tuple(
                VersionedShare(v=v, share=self.keys.share(salt, account.ref, v))
                for v, salt in account.salts.items()
                if v >= account.version
            ),
            bundles=tuple(VersionedBundle(v=v, bundle=raw) for v, raw in self.bundles.items() if v >= account.version),
            record=SealedRecord(version=self.record_version, record=self.record) if self.record else None,
            updates=tuple(self.updates),
            renew=account.version < self.renew_below,
        ).model_copy(update=self.gives)
        facts: dict[str, Any] = {
            "host": self.keys.host,
            "ref": session.ref,
            "sid": session.sid,
            "v": account.version,
            "exp": self._clock() + self.session_seconds,
            **self.names,
        }
        public = self._released[session.sid][1]
        return answer(SealedPart.make(part, **facts, jkt=session.jkt, session_public=public, signing=self.signing))

    async def _put_bundle(self, request: Request) -> Response:
        self._session(request)
        version, raw = request.path_params["v"], PutBundle.model_validate_json(await request.body()).bundle
        assert len(raw) == SEALED_BYTES
        if version not in {self.account.version, self.account.version + 1}:
            raise Refused(409, "version-refused")
        if self.bundles.setdefault(version, raw) != raw:
            raise Refused(409, "bundle-exists")
        return Response(status_code=201)

    async def _get_bundle(self, request: Request) -> Response:
        self._session(request)
        version = request.path_params["v"]
        return answer(VersionedBundle(v=version, bundle=self._bundle(version)))

    def _bundle(self, version: int) -> bytes:
        if version not in self.bundles or version not in {self.account.version, self.account.version + 1}:
            raise Refused(404, "bundle-unknown")
        return self.bundles[version]

    async def _receipt(self, request: Request) -> Response:
        session = self._session(request)
        version = request.path_params["v"]
        raw = self._bundle(version)
        receipt = sign_receipt(self.signing, session.jkt, version, raw)
        return answer(BundleReceipt(v=version, bundle_hash=sha256(raw), receipt=receipt))

    async def _commit(self, request: Request) -> Response:
        session = self._session(request)
        commit = Commit.model_validate_json(await request.body())
        pinned = self.deployment.authorities["keyvault"].signing_keys
        verify_receipt(pinned, commit.receipt, session.jkt, commit.v, commit.bundle_hash)
        if commit.v not in {self.account.version, *self.account.salts}:
            raise Refused(409, "version-refused")
        if commit.v == self.account.version + 1:
            self.account.salts.pop(self.account.version)
            self.account.version = commit.v
            self.log.log("rotation", session.jkt)
        self.log.key = self.log.key or commit.log_key
        return Response(status_code=204)

    async def _openings(self, request: Request) -> Response:
        self._session(request)
        return answer(self.log.openings())

    async def _end(self, request: Request) -> Response:
        self.ended.add(self._session(request).sid)
        return Response(status_code=204)

    async def _end_all(self, request: Request) -> Response:
        self.ended |= {self._session(request).sid, *self._released}
        return Response(status_code=204)

    async def _verifiers(self, request: Request) -> Response:
        self._session(request)
        return answer(Verifiers(verifiers=tuple(one.shown() for _, one in sorted(self.keeper.kept.items()))))

    async def _change(self, request: Request) -> Response:
        session = self._session(request)
        asked = AuthorisedChange.model_validate_json(await request.body())
        wanted = parse_change(asked.change)
        statement = Statement.parse(asked.statement)
        statement.check(wanted.action, self.deployment.sorted_origins, self._clock(), session.jkt, self._released[session.sid][1])
        if statement.body != sha256(change_body(asked.hashes(self.keys.host))):
            raise Refused(400, "change-refused")
        match wanted:
            case Addition():
                self.keeper.proved(asked.evidence, statement.h)
                made = self.keeper.add(wanted)
            case Removal() | Cancellation():
                made = wanted.id in self.keeper.kept
                if made:
                    self.keeper.proved(asked.evidence, statement.h)
                    self.keeper.remove(wanted.id)
        if made:
            self._use(statement, "change")
        stored = self._stored(session, wanted.id) if isinstance(wanted, Addition) else None
        return answer(VerifierChanged(stored=stored))

    def _stored(self, session: AccessToken, verifier_id: bytes) -> VerifierStored:
        signature = self.signing.sign(stored_message(self.keys.host, session.jkt, verifier_id))
        return VerifierStored(id=verifier_id, receipt=signature)

    async def _verifier_receipt(self, request: Request) -> Response:
        session, verifier_id = self._session(request), unb64u(request.path_params["id"], 16)
        if verifier_id not in self.keeper.kept:
            raise Refused(404, "verifier-unknown")
        return answer(self._stored(session, verifier_id))

    async def _confirm(self, request: Request) -> Response:
        session, verifier_id = self._session(request), unb64u(request.path_params["id"], 16)
        receipts = ConfirmVerifier.model_validate_json(await request.body()).receipts
        for host in AUTHORITIES:
            verify(self.deployment.authorities[host].signing_keys, receipts[host], stored_message(host, session.jkt, verifier_id))
        self.keeper.confirm(verifier_id)
        return Response(status_code=204)

    async def _put_record(self, request: Request) -> Response:
        self._session(request)
        put = PutRecord.model_validate_json(await request.body())
        if put.version != self.record_version + 1:
            raise Refused(409, "version-refused")
        self.record, self.record_version = put.record, put.version
        self.updates = [sealed for sealed in self.updates if sha256(sealed) not in put.settles]
        return Response(status_code=204)

    async def _put_wish(self, request: Request) -> Response:
        self._session(request)
        self.wishes.append(PutWish.model_validate_json(await request.body()).sealed)
        return Response(status_code=204)
