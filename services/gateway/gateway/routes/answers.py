"""How refusals leave: as OAuth's JSON to applications, as pages to people."""

from typing import Any, ClassVar

from chassis.direct import AnsweringRoute
from chassis.problems import Problem
from fastapi import Request, Response
from fastapi.responses import JSONResponse

from gateway.audit import audit
from gateway.errors import OAuthError, PageError, SentBack, TokenError
from gateway.messages import OAuthRefusal
from gateway.pages import page, redirect
from gateway.parameters import ParametersRefused
from gateway.use_cases.answer import to_application

OAUTH_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": OAuthRefusal, "description": "Refused (RFC 6749 section 5.2)"},
    401: {"model": OAuthRefusal, "description": "Not a registered application, or not proved to be one"},
    429: {"model": OAuthRefusal, "description": "A code was tried too often"},
    503: {"model": OAuthRefusal, "description": "Please ask again"},
}


def redirected(where: str) -> dict[int | str, dict[str, Any]]:
    """Return what ``responses=`` says about a redirect."""
    return {303: {"description": where, "headers": {"Location": {"required": True, "schema": {"type": "string"}}}}}


_NO_FORM = "parameters are not a form in UTF-8, too long, or repeated"
_STATUSES = {"invalid_request": 400, "insufficient_scope": 403}


def _refusal(error: OAuthError, request: Request) -> JSONResponse:
    body = OAuthRefusal(error=error.error, error_description=error.description)
    headers = {"Cache-Control": "no-store"}
    if error.status == 401 and "authorization" in request.headers:
        # RFC 6749 section 5.2: the scheme that was tried.
        headers["WWW-Authenticate"] = 'Basic realm="applications", charset="UTF-8"'
    return JSONResponse(body.model_dump(), error.status, headers=headers)


def _challenge(error: TokenError) -> Response:
    """RFC 6750 section 3 and RFC 9449 section 7.1: an error only where a token was shown."""
    said = "" if error.error is None else f'error="{error.error}"'
    schemes = [" ".join(filter(None, ("Bearer", said))), ", ".join(filter(None, (f"DPoP {said}".strip(), 'algs="ES256"')))]
    if not said:
        schemes[1] = 'DPoP algs="ES256"'
    response = Response(status_code=_STATUSES.get(error.error or "", 401), headers={"Cache-Control": "no-store"})
    for scheme in schemes:
        response.headers.append("WWW-Authenticate", scheme)
    return response


def _sent_back(error: SentBack, request: Request) -> Response:
    audit("sign_in_refused", client=error.client_id, reason=error.error)
    return redirect(to_application(request.app.state.gateway, error, error=error.error))


class OAuthRoute(AnsweringRoute):
    """A route for applications that speak OAuth."""

    answers: ClassVar = {
        OAuthError: _refusal,
        ParametersRefused: lambda _error, request: _refusal(OAuthError("invalid_request", _NO_FORM), request),
    }


class PageRoute(AnsweringRoute):
    """A route that a person's browser is sent to."""

    answers: ClassVar = {
        PageError: lambda error, _request: page(error.page, error.back),
        SentBack: _sent_back,
        ParametersRefused: lambda _error, _request: page("expired"),
        Problem: lambda _error, _request: page("unavailable"),
    }


class BearerRoute(AnsweringRoute):
    """A route for whoever holds an access token."""

    answers: ClassVar = {
        TokenError: lambda error, _request: _challenge(error),
        ParametersRefused: lambda _error, _request: _challenge(TokenError("invalid_request")),
    }
