"""E-mail that something is new: to whom, what it says, and what is kept of it."""

import asyncio
import stat
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from registrar.cli import app
from registrar.errors import RegistrarError
from registrar.home import Home
from registrar.news import MailServer, send_mail, to_tell, write_list
from registrar.sent import Note
from rooms.registrar.paperwork import Paperwork, member, paperwork, row, write_table
from typer.testing import CliRunner

TODAY = date(2026, 11, 26)
SENDER = "kenpo@insurer.example"


@dataclass
class Taken:
    """What a mail server took, and whom it refuses."""

    port: int = 0
    refuse: set[str] = field(default_factory=set)
    breaks_after: int = 1000
    mails: list[tuple[str, bytes]] = field(default_factory=list)


@asynccontextmanager
async def mail_server() -> AsyncIterator[Taken]:
    """Serve as much of SMTP (RFC 5321) as one sender needs."""
    taken = Taken()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recipient, writer_said = "", b"220 mail.example\r\n"
        while True:
            writer.write(writer_said)
            await writer.drain()
            line = (await reader.readline()).decode().strip()
            verb = line[:4].upper()
            if not line or len(taken.mails) >= taken.breaks_after:
                break
            writer_said = b"250 fine\r\n"
            if verb == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
                writer_said = b"550 nobody\r\n" if recipient in taken.refuse else writer_said
            elif verb == "DATA":
                writer.write(b"354 go on\r\n")
                taken.mails.append((recipient, (await reader.readuntil(b"\r\n.\r\n"))[:-5]))
            elif verb == "QUIT":
                writer.write(b"221 bye\r\n")
                break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    taken.port = server.sockets[0].getsockname()[1]
    async with server:
        yield taken


def _office(folder: Path, with_news: Iterable[int]) -> tuple[Paperwork, Path]:
    """Return a workstation whose roster knows of checkups of some, and a table with everybody's address but the fifth's."""
    papers = paperwork(folder)
    opened = Home.load(papers.home)
    with closing(opened.roster()) as roster:
        everybody = [member(at, lost=date(2026, 10, 1) if at == 4 else None, died=at == 6) for at in range(1, 8)]
        roster.put(everybody)
        roster.put_checkups((member(at).anchor, "2026-06-01", "010", bytes(32)) for at in with_news)
    people = [row(at, email="" if at == 5 else f"m{at}@example.jp") for at in range(1, 8)]
    return papers, write_table(folder / "eligibility.csv", people)


def _tell(papers: Paperwork, table: Path, server: MailServer) -> int:
    with to_tell(papers.home, [table], TODAY) as (roster, who):
        return send_mail(roster, who, server)


def _waiting(papers: Paperwork) -> set[str]:
    with closing(Home.load(papers.home).roster()) as roster:
        return {one.current.number for one in roster.with_news()}


async def test_who_has_something_new_is_told_once(tmp_path: Path) -> None:
    """Those with a checkup who are still members; who has no address waits, who left or died is not written to."""
    papers, table = _office(tmp_path, (1, 2, 4, 5, 6))
    async with mail_server() as taken:
        server = MailServer("127.0.0.1", taken.port, SENDER)
        sent = [await asyncio.to_thread(_tell, papers, table, server) for _ in range(2)]

    assert (sent, sorted(to for to, _ in taken.mails)) == ([2, 0], ["m1@example.jp", "m2@example.jp"])
    assert _waiting(papers) == {"5"}


def test_a_claim_is_news_and_its_end_is_not(tmp_path: Path) -> None:
    """What anon-data got of a member is; that a claim was cancelled is nobody's news."""
    papers, _ = _office(tmp_path, ())
    with closing(Home.load(papers.home).roster()) as roster:
        for at, anchor in ((1, member(1).anchor), (2, None)):
            note = Note("medical-claim", (str(at),), ("2026-06", "", ""), b"", anchor, anchor)
            roster.sent.put([(bytes([at]), note)])

    assert _waiting(papers) == {"1"}


async def test_the_mail_says_nothing(tmp_path: Path) -> None:
    """One text for everybody: no name, no link, no word of health but that it is about records."""
    papers, table = _office(tmp_path, (1, 2))
    async with mail_server() as taken:
        await asyncio.to_thread(_tell, papers, table, MailServer("127.0.0.1", taken.port, SENDER))
    read = [message_from_bytes(raw, policy=policy.default) for _, raw in taken.mails]
    bodies = {str(mail.get_body().get_content()) for mail in read}  # type: ignore[union-attr]  # it has one
    text = bodies.pop()

    assert (bodies, [word for word in ("http", "架空", "健診", "checkup", "101", "://") if word in text]) == (set(), [])
    assert {(mail["From"], mail["Auto-Submitted"], mail["Message-ID"].endswith("@insurer.example>")) for mail in read} == {
        (SENDER, "auto-generated", True)
    }


async def test_a_server_that_breaks(tmp_path: Path) -> None:
    """Whoever was written to is not written to again; the others follow. Its words are not repeated."""
    papers, table = _office(tmp_path, (1, 2, 3))
    async with mail_server() as taken:
        server, taken.breaks_after = MailServer("127.0.0.1", taken.port, SENDER), 1
        with pytest.raises(RegistrarError, match="the mail server does not take mail"):
            await asyncio.to_thread(_tell, papers, table, server)
        taken.breaks_after = 1000
        await asyncio.to_thread(_tell, papers, table, server)

    told = [to for to, _ in taken.mails]
    # The first mail was taken and its answer lost: that one may come twice, no other.
    assert (set(told), len(told) <= 4, _waiting(papers)) == ({f"m{at}@example.jp" for at in (1, 2, 3)}, True, set())


async def test_an_address_that_is_refused(tmp_path: Path) -> None:
    """It stays for the next time, and keeps nobody else waiting."""
    papers, table = _office(tmp_path, (1, 2))
    async with mail_server() as taken:
        taken.refuse.add("m1@example.jp")
        sent = await asyncio.to_thread(_tell, papers, table, MailServer("127.0.0.1", taken.port, SENDER))

    assert (sent, _waiting(papers)) == (1, {"1"})


def test_a_list_for_another_sender(tmp_path: Path) -> None:
    """Addresses alone, for the owner's eyes, and never over another file."""
    papers, table = _office(tmp_path, (2, 1))
    out = tmp_path / "news.csv"
    with to_tell(papers.home, [table], TODAY) as (roster, who):
        write_list(roster, who, out)
        with pytest.raises(RegistrarError, match="is there already"):
            write_list(roster, who, out)

    assert (out.read_text(encoding="utf-8"), stat.S_IMODE(out.stat().st_mode)) == ("email\nm1@example.jp\nm2@example.jp\n", 0o600)
    assert _waiting(papers) == set()


def test_a_dry_run_tells_nobody(tmp_path: Path) -> None:
    """It counts; without a way to tell, and without a dry run, the command says so."""
    papers, table = _office(tmp_path, (1, 5))
    arguments = ["news", "--home", str(papers.home), "--from", str(table)]
    dry = CliRunner().invoke(app, [*arguments, "--dry-run"])
    neither = CliRunner().invoke(app, arguments)

    assert (dry.exit_code, "1 members have something new, 1 more have no address" in dry.output) == (0, True)
    assert (neither.exit_code, _waiting(papers)) == (1, {"1", "5"})


def test_who_is_erased_is_no_news(tmp_path: Path) -> None:
    """The mark goes with the member."""
    papers, _ = _office(tmp_path, (1,))
    with closing(Home.load(papers.home).roster()) as roster:
        roster.bury([member(1)])

    assert _waiting(papers) == set()
