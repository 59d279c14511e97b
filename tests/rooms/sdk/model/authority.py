"""One authority: release, rotation, bundles, the end of a session. It checks what the real ones check about a member."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from joserfc.jwk import ECKey, KeySet
from protocol import dpop
from protocol.access_token import AccessToken
from protocol.authority_keys import AuthorityKeys
from protocol.bundle import SEALED_BYTES
from protocol.deployment import Deployment
from protocol.encoding import sha256
from protocol.jose import TokenRefused, verify
from protocol.messages.release import BundleReceipt, Commit, OidcEvidence, PutBundle, Release, Rotate
from protocol.oidc_evidence import check_claims
from protocol.release import Part, SealedPart, SealedRecord, VersionedBundle, VersionedShare
from protocol.rotation import sign_receipt, verify_receipt
from protocol.signing import Signer
from protocol.statement import RELEASE, Statement
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .http import Refused, answer, route


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
    ) -> None:
        self.keys = keys
        self.deployment = deployment
        self.origin = deployment.origins[keys.host]
        self.account = account
        self.bundles: dict[int, bytes] = {}
        self.record: bytes | None = None
        self.signing: Signer = keys.signing
        self.ended: set[bytes] = set()
        self.session_seconds = 28_800
        self.renew_below = 0
        """Versions before this one are of an older root."""
        self._token_keys = KeySet([token_key])
        self._provider_key = provider_key
        self._clock = clock
        self._released: dict[bytes, tuple[bytes, bytes]] = {}

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
            now = self._clock()
            assert isinstance(asked.evidence, OidcEvidence)
            statement.check(RELEASE, self.deployment.sorted_origins, now, session.jkt, asked.hpke)
            try:
                claims = verify(asked.evidence.id_token, self._provider_key, None)
                check_claims(claims, self.deployment.group_idps[0], statement.h, now)
            except TokenRefused as error:
                raise Refused(403, "evidence-refused") from error
            self._released[session.sid] = (statement.h, asked.hpke)
        elif known[0] != statement.h:
            raise Refused(409, "already-released-in-session")
        return self._part(session)

    async def _rotation(self, request: Request) -> Response:
        session = self._session(request)
        version = Rotate.model_validate_json(await request.body()).v
        if version not in {self.account.version, self.account.version + 1}:
            raise Refused(409, "version-conflict")
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
            record=SealedRecord(version=0, record=self.record) if self.record else None,
            renew=account.version < self.renew_below,
        )
        sealed = SealedPart.make(
            part,
            host=self.keys.host,
            ref=session.ref,
            sid=session.sid,
            v=account.version,
            exp=self._clock() + self.session_seconds,
            jkt=session.jkt,
            session_public=self._released[session.sid][1],
            signing=self.signing,
        )
        return answer(sealed)

    async def _put_bundle(self, request: Request) -> Response:
        self._session(request)
        version, raw = request.path_params["v"], PutBundle.model_validate_json(await request.body()).bundle
        assert len(raw) == SEALED_BYTES
        if self.bundles.setdefault(version, raw) != raw:
            raise Refused(409, "bundle-exists")
        return Response(status_code=201)

    async def _get_bundle(self, request: Request) -> Response:
        self._session(request)
        version = request.path_params["v"]
        return answer(VersionedBundle(v=version, bundle=self.bundles[version]))

    async def _receipt(self, request: Request) -> Response:
        session = self._session(request)
        version = request.path_params["v"]
        raw = self.bundles[version]
        receipt = sign_receipt(self.signing, session.jkt, version, raw)
        return answer(BundleReceipt(v=version, bundle_hash=sha256(raw), receipt=receipt))

    async def _commit(self, request: Request) -> Response:
        session = self._session(request)
        commit = Commit.model_validate_json(await request.body())
        pinned = self.deployment.authorities["keyvault"].signing_keys
        verify_receipt(pinned, commit.receipt, session.jkt, commit.v, commit.bundle_hash)
        if commit.v == self.account.version + 1:
            self.account.salts.pop(self.account.version)
            self.account.version = commit.v
        return Response(status_code=204)

    async def _end(self, request: Request) -> Response:
        self.ended.add(self._session(request).sid)
        return Response(status_code=204)
