"""A person without a browser: follows redirects, keeps cookies, fills in the group's sign-in form."""

import html
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

_FORM = re.compile(r'<form[^>]*action="([^"]+)"')


class WalkingAgent:
    """A user agent for tests. ``http`` may keep cookies, as a browser does."""

    redirect_uri = "http://127.0.0.1:49152/callback"

    def __init__(self, http: httpx.AsyncClient, work_id: str = "", passphrase: str = "") -> None:
        self._http = http
        self._form = {"work_id": work_id, "passphrase": passphrase}
        self.visited: list[str] = []

    async def visit(self, url: str) -> Mapping[str, str]:
        """Walk until the redirect leads back."""
        for _ in range(20):
            self.visited.append(url)
            answer = await self._http.get(url)
            if found := _FORM.search(answer.text if answer.is_success else ""):
                answer = await self._http.post(urljoin(url, html.unescape(found[1])), data=self._form)
            if not answer.is_redirect:
                raise AssertionError(f"stuck at {urlsplit(url).path}: {answer.status_code}")
            url = urljoin(url, answer.headers["location"])
            if url.startswith(self.redirect_uri + "?"):
                return dict(parse_qsl(urlsplit(url).query))
        raise AssertionError("too many redirects")
