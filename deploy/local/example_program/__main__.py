"""``python example_program CONFIG``: a small relying party with a page of its own. Read it to connect yours (docs/connecting.md).

It keeps its sessions in memory, by the gateway's ``sid``: the gateway can end them (OpenID Connect Back-Channel Logout 1.0).
It has an API too, which sends callers back to the gateway whose person signed in too long ago (RFC 9470).
"""

import asyncio
import json
import secrets
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
import uvicorn
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

COOKIE = "example_program"
BEGUN = "example_program_begun"
EVENT = "http://schemas.openid.net/event/backchannel-logout"
AHEAD_S = 10
FRESH_S = 300
"""The API wants a person who signed in so lately."""


@dataclass(frozen=True)
class Session:
    """Somebody who is signed in here."""

    sub: str
    sid: str
    id_token: str


@dataclass
class Program:
    """The program. ``origin`` is its own, ``issuer`` the gateway's."""

    origin: str
    issuer: str
    client_id: str
    client_secret: str
    http: httpx.AsyncClient
    begun: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By a cookie: state and nonce of a sign-in that was begun."""
    sessions: dict[str, Session] = field(default_factory=dict)
    """By a cookie."""
    ended: set[str] = field(default_factory=set)
    """Identifiers of logout tokens that arrived."""

    async def page(self, request: Request) -> Response:
        """Say who is signed in."""
        session = self.sessions.get(request.cookies.get(COOKIE, ""))
        if session is None:
            link = '<a id="sign-in" href="/sign-in">ログイン / Sign in</a>'
            return _page(f'<p id="signed-out">ログインしていません / signed out</p><p>{link}</p>')
        form = '<form method="post" action="/sign-out"><button id="sign-out">ログアウト / Sign out</button></form>'
        return _page(f'<p id="signed-in">ログイン中 / signed in: {escape(session.sub)}</p>{form}')

    async def sign_in(self, request: Request) -> Response:
        """Send the browser to the gateway; state and nonce stay here, bound to the browser by a cookie."""
        provider = await self._provider()
        cookie, state, nonce = (secrets.token_urlsafe(32) for _ in range(3))
        self.begun[cookie] = (state, nonce)
        asked = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": self.origin + "/callback",
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            **{name: value for name, value in request.query_params.items() if name in ("prompt", "provider")},
        }
        response = RedirectResponse(f"{provider['authorization_endpoint']}?{urlencode(asked)}", 303)
        response.set_cookie(BEGUN, cookie, max_age=600, httponly=True, samesite="lax")
        return response

    async def callback(self, request: Request) -> Response:
        """Take the answer: of our own state and issuer first (RFC 9207), then redeem its code."""
        provider, said = await self._provider(), request.query_params
        state, nonce = self.begun.pop(request.cookies.get(BEGUN, ""), ("", ""))
        if not state or said.get("state") != state or said.get("iss") != self.issuer:
            return PlainTextResponse("not an answer to this browser's question", 400)
        if "code" not in said:
            return RedirectResponse("/", 303)
        form = {"grant_type": "authorization_code", "code": said["code"], "redirect_uri": self.origin + "/callback"}
        answer = await self.http.post(provider["token_endpoint"], data=form, auth=(self.client_id, self.client_secret))
        if answer.status_code != 200:
            return PlainTextResponse("the code is not accepted", 400)
        id_token = answer.json()["id_token"]
        claims = await self._verified(id_token, "JWT")
        if claims.get("nonce") != nonce:
            return PlainTextResponse("an ID token of another sign-in", 400)
        cookie = secrets.token_urlsafe(32)
        self.sessions[cookie] = Session(str(claims["sub"]), str(claims["sid"]), id_token)
        response = RedirectResponse("/", 303)
        response.set_cookie(COOKIE, cookie, httponly=True, samesite="lax")
        response.delete_cookie(BEGUN)
        return response

    async def sign_out(self, request: Request) -> Response:
        """End the session here, then everywhere: the gateway is told for whom by the ID token."""
        session = self.sessions.pop(request.cookies.get(COOKIE, ""), None)
        if session is None:
            return RedirectResponse("/", 303)
        said = {"id_token_hint": session.id_token, "post_logout_redirect_uri": self.origin + "/"}
        return RedirectResponse(f"{(await self._provider())['end_session_endpoint']}?{urlencode(said)}", 303)

    async def backchannel_logout(self, request: Request) -> Response:
        """End the session that the gateway names (section 2.6)."""
        token = parse_qs((await request.body()).decode("ascii", "replace")).get("logout_token", [""])[0]
        try:
            claims = await self._verified(token, "logout+jwt")
        except (JoseError, ValueError):
            return PlainTextResponse("not a logout token", 400)
        if EVENT not in claims.get("events", {}) or "nonce" in claims or claims["jti"] in self.ended:
            return PlainTextResponse("not a logout token", 400)
        self.ended.add(claims["jti"])
        self.sessions = {cookie: session for cookie, session in self.sessions.items() if session.sid != claims.get("sid")}
        return Response(status_code=200, headers={"Cache-Control": "no-store"})

    async def api(self, request: Request) -> Response:
        """Answer a program with a bearer token for this API, behind which a person's sign-in stands that is fresh."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return _challenged()
        endpoint, credentials = (await self._provider())["introspection_endpoint"], (self.client_id, self.client_secret)
        told = (await self.http.post(endpoint, data={"token": token}, auth=credentials)).json()
        if not told["active"] or told["aud"] != f"{self.origin}/api" or "cnf" in told:
            return _challenged(error="invalid_token")
        # The time stands in the token of who asked with max_age: without it nobody knows how old the sign-in is.
        if told.get("auth_time", 0) < time.time() - FRESH_S:
            return _challenged(
                error="insufficient_user_authentication", error_description="The sign-in is too old", max_age=str(FRESH_S)
            )
        return JSONResponse({"sub": told["sub"]}, headers={"Cache-Control": "no-store"})

    async def _verified(self, token: str, typ: str) -> Mapping[str, Any]:
        keys = (await self.http.get((await self._provider())["jwks_uri"])).json()
        decoded = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["ES256"])
        if decoded.header.get("typ") != typ:
            raise ValueError("a token of another kind")
        needed: ClaimsOption = {"essential": True}
        registry = JWTClaimsRegistry(
            leeway=AHEAD_S,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            exp=needed,
            iat=needed,
            sid=needed,
        )
        registry.validate(decoded.claims)
        return decoded.claims

    async def _provider(self) -> dict[str, str]:
        answer: dict[str, str] = (await self.http.get(self.issuer + "/.well-known/openid-configuration")).json()
        if answer["issuer"] != self.issuer:
            raise ValueError("discovery names another issuer")
        return answer

    @property
    def app(self) -> Starlette:
        """Return the program's routes."""
        return Starlette(
            routes=[
                Route("/", self.page),
                Route("/sign-in", self.sign_in),
                Route("/callback", self.callback),
                Route("/sign-out", self.sign_out, methods=["POST"]),
                Route("/api", self.api),
                Route("/backchannel-logout", self.backchannel_logout, methods=["POST"]),
            ]
        )


def _page(body: str) -> HTMLResponse:
    return HTMLResponse(
        '<!DOCTYPE html><html lang="ja"><meta charset="utf-8"><title>Example program</title>'
        f"<h1>健康プログラムの例 / Example program</h1>{body}</html>\n",
        headers={"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"},
    )


def _challenged(**said: str) -> Response:
    """RFC 6750 section 3, RFC 9470 section 3."""
    quoted = ", ".join(f'{name}="{value}"' for name, value in said.items())
    return Response(status_code=401, headers={"WWW-Authenticate": f"Bearer {quoted}".strip()})


async def main(config: Mapping[str, Any], secret: str) -> None:
    """Serve until told to stop."""
    async with httpx.AsyncClient(timeout=5, trust_env=False) as http:
        program = Program(config["origin"], config["issuer"], config["client_id"], secret, http)
        server = uvicorn.Config(program.app, "127.0.0.1", config["port"], log_level="warning", access_log=False, ws="none")
        await uvicorn.Server(server).serve()


if __name__ == "__main__":
    known = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    asyncio.run(main(known, Path(known["client_secret_file"]).read_text(encoding="ascii").strip()))
