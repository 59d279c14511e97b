"""A fictional person at a browser: opens pages, fills in the sign-in form, comes back with what the provider sent."""

import ssl
from collections.abc import Mapping
from html.parser import HTMLParser
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

from local.errors import StepFailed

_HOPS = 20
REDIRECT_URI = "http://127.0.0.1:49152/callback"
"""Nobody listens there: like a browser that hands the address to a native app, this one stops before it."""


class Person:
    """One employee with a browser of their own (its cookies live as long as it does); a `warifu.user_agents.UserAgent`."""

    redirect_uri = REDIRECT_URI

    def __init__(
        self, work_id: str, passphrase: str, http: httpx.AsyncClient | None = None, *, checks: ssl.SSLContext | None = None
    ) -> None:
        self._work_id = work_id
        self._passphrase = passphrase
        self._http = http or httpx.AsyncClient(timeout=30, headers={"Accept-Language": "ja"}, verify=checks or True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the browser."""
        await self._http.aclose()

    async def visit(self, url: str) -> Mapping[str, str]:
        """Open `url`, follow redirects, sign in where a form asks, and return the parameters that came back."""
        response = await self._http.get(url)
        for _ in range(_HOPS):
            if response.is_redirect:
                target = urljoin(str(response.url), response.headers["location"])
                if target.startswith(self.redirect_uri):
                    return dict(parse_qsl(urlsplit(target).query))
                response = await self._http.get(target)
            elif "<form" in response.text:
                form = _Form()
                form.feed(response.text)
                fields = {**form.hidden, "work_id": self._work_id, "passphrase": self._passphrase}
                if response.request.method == "POST":
                    raise StepFailed("the group's provider does not accept this fictional person")
                response = await self._http.post(urljoin(str(response.url), form.action), data=fields)
            else:
                raise StepFailed(f"a page answered {response.status_code} instead of leading on")
        raise StepFailed("a page leads in circles")

    async def sign_out(self, issuer: str) -> None:
        """Sign out at the group's provider itself, in this browser."""
        metadata = (await self._http.get(f"{issuer}/.well-known/openid-configuration")).json()
        page = await self._http.get(metadata["end_session_endpoint"])
        form = _Form()
        form.feed(page.text)
        answer = await self._http.post(urljoin(str(page.url), form.action), data={**form.hidden, "logout": "yes"})
        if answer.status_code >= 400:
            raise StepFailed(f"the group's provider answered {answer.status_code} to signing out")


class _Form(HTMLParser):
    """The one form of a page: where it goes, and its hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.hidden: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = found.get("action", "")
        elif tag == "input" and found.get("type") == "hidden":
            self.hidden[found.get("name", "")] = found.get("value", "")
