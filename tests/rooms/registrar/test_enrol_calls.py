"""How a call is signed, repeated and refused, against a small host that answers as it is told."""

from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest
from protocol import proof
from protocol.jose import TokenRefused
from protocol.messages.mailbox import MailboxesOpened
from registrar.errors import AnswerRefused, HostError, QuotaExceeded, RegistrarError, RowsRefused, WindowError
from registrar.hosts import Hosts
from registrar.officers import load_officers
from registrar.windows import Window, draft, now_seconds
from rooms.registrar.paperwork import Paperwork, paperwork
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

DONE = (200, {"opened": 1, "unchanged": 0})
URL = "http://programs.test:8100/mailboxes"


class Host:
    """Answers with what it was given, one after the other, and keeps the proofs it saw."""

    def __init__(self, answers: Sequence[tuple[int, object]]) -> None:
        self.answers = list(answers)
        self.proofs: list[proof.Proof] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        self.proofs.append(proof.check(request.headers[proof.HEADER], "POST", URL, body, now_seconds()))
        status, document = self.answers.pop(0)
        headers = {"Retry-After": "0"} if status == 503 else {}
        await JSONResponse(document, status, headers)(scope, receive, send)


def window(papers: Paperwork, *, seconds: int = 600) -> Window:
    officers = load_officers(papers.officers, papers.deployment.officers)
    now = now_seconds()
    return draft(papers.deployment, "pseudonymous", "enrol", {"mailbox": 1}, officers, expires=now + seconds, now=now)[0]


async def call(papers: Paperwork, host: Host, opened: Window) -> MailboxesOpened:
    mounts = {papers.deployment.origins["programs"]: httpx.ASGITransport(host)}
    async with Hosts(papers.deployment, mounts) as hosts:
        return await hosts.call("programs", opened, "/mailboxes", b"{}", MailboxesOpened)


async def test_a_call_is_signed_with_the_windows_key(tmp_path: Path) -> None:
    """The proof names the window, is made by its request key, and fits method, URL and body."""
    papers, host = paperwork(tmp_path), Host([DONE])
    opened = window(papers)
    answer = await call(papers, host, opened)

    assert (answer.opened, host.proofs[0].subject) == (1, opened.id)


async def test_a_busy_host_is_asked_again(tmp_path: Path) -> None:
    """503 is waited out, each time with a fresh proof, because an id is accepted once."""
    papers, host = paperwork(tmp_path), Host([(503, {}), (503, {}), DONE])
    answer = await call(papers, host, window(papers))

    assert (answer.opened, len({made.jti for made in host.proofs})) == (1, 3)


@pytest.mark.parametrize(
    ("status", "document", "kind", "said"),
    [
        (429, {"type": "quota-exceeded", "use": "mailbox"}, QuotaExceeded, "quota for mailbox is used up"),
        (403, {"type": "window-closed"}, WindowError, "open a new window"),
        (409, {"type": "mailbox-differs", "rows": [0]}, RowsRefused, "mailbox-differs"),
        (400, {"type": "something-else"}, HostError, "programs refused: something-else"),
        (502, "not a document", HostError, "unknown"),
        (200, {"opened": "many"}, AnswerRefused, "another form"),
    ],
)
async def test_a_refusal_is_a_sentence(
    tmp_path: Path, status: int, document: object, kind: type[RegistrarError], said: str
) -> None:
    """Each kind of refusal has an exception of its own, and is not tried again."""
    papers, host = paperwork(tmp_path), Host([(status, document)])

    with pytest.raises(kind, match=said):
        await call(papers, host, window(papers))
    assert len(host.proofs) == 1


async def test_an_expired_window_makes_no_call(tmp_path: Path) -> None:
    """The registrar knows by itself that its time is over."""
    papers, host = paperwork(tmp_path), Host([DONE])
    opened = window(papers)
    late = Window(opened.id, opened.zone, opened.purpose, now_seconds(), opened.quotas, opened.request_key, opened.hpke_seed)

    with pytest.raises(WindowError, match="has expired"):
        await call(papers, host, late)
    assert host.proofs == []


async def test_another_clock_may_be_given(tmp_path: Path) -> None:
    """Then windows end, and calls are dated, by that one."""
    papers, host = paperwork(tmp_path), Host([DONE])
    opened = window(papers)
    mounts = {papers.deployment.origins["programs"]: httpx.ASGITransport(host)}
    async with Hosts(papers.deployment, mounts, lambda: opened.expires - 1) as hosts:
        with pytest.raises(TokenRefused):
            await hosts.call("programs", opened, "/mailboxes", b"{}", MailboxesOpened)
    async with Hosts(papers.deployment, mounts, lambda: opened.expires) as hosts:
        with pytest.raises(WindowError, match="has expired"):
            await hosts.call("programs", opened, "/mailboxes", b"{}", MailboxesOpened)
