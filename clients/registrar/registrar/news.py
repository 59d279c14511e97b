"""Telling members that something is new, without saying what: by e-mail, from what this workstation itself put into mailboxes.

No host is asked: the roster knows whose checkups it sent. So nobody learns here who was written to by others, or who has read.
"""

import secrets
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

from protocol.member import MemberNumber

from .chosen import rows_of
from .errors import RegistrarError
from .home import Home
from .roster import Roster
from .roster_member import Member
from .secret_files import write_private

SUBJECT = "健康記録に新しいものがあります / Something is new in your health records"
BODY = """健康記録に新しいものがあります。いつもの方法でログインしてご確認ください。
このメールには内容もリンクも含まれていません。このメールへの返信は読まれません。

Something is new in your health records. Please sign in as you always do.
This mail holds neither what it is nor a link. Nobody reads replies.
"""
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_TIMEOUT_S = 60


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over: with TLS, unless it is this machine."""

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ToTell:
    """Who is told, and who cannot be."""

    people: Sequence[tuple[Member, str]]
    """With their e-mail addresses."""
    without_address: int
    """They hear of it later, when a table has their address."""
    left: Sequence[Member]
    """Membership is over: nobody writes to them any more."""


@contextmanager
def to_tell(home: Path, tables: Sequence[Path], today: date) -> Iterator[tuple[Roster, ToTell]]:
    """Yield whoever has something new, with the addresses that the tables have; the roster is held meanwhile."""
    opened = Home.load(home)
    with opened.locked(), closing(opened.roster()) as roster:
        found = roster.with_news()
        secrets.SystemRandom().shuffle(found)
        staying: list[Member] = []
        left: list[Member] = []
        for one in found:
            (left if one.died or (one.lost is not None and one.lost <= today) else staying).append(one)
        addresses = _addresses(tables, [one.current for one in staying])
        people = [(one, addresses[one.current]) for one in staying if one.current in addresses]
        yield roster, ToTell(people, len(staying) - len(people), left)


def write_list(roster: Roster, who: ToTell, path: Path) -> None:
    """Write the addresses, one a line under a heading, for whoever sends the mail; then nobody is told of this again."""
    if path.exists():
        raise RegistrarError(f"{path} is there already")
    write_private(path, "".join(f"{one}\n" for one in ["email", *sorted({address for _, address in who.people})]))
    roster.told_news([*(member for member, _ in who.people), *who.left])


def send_mail(roster: Roster, who: ToTell, server: MailServer) -> int:
    """Send one mail an address, and note each when the server has taken it: killed at any point, the rest follows later.

    Raises RegistrarError when the server cannot be used; an address that it refuses stays for the next time.
    """
    by_address: dict[str, list[Member]] = {}
    for member, address in who.people:
        by_address.setdefault(address, []).append(member)
    roster.told_news(who.left)
    sent = 0
    try:
        with _connected(server) as smtp:
            for address, members in by_address.items():
                try:
                    smtp.send_message(_mail(server.sender, address))
                except smtplib.SMTPRecipientsRefused:
                    continue
                roster.told_news(members)
                sent += 1
    except (OSError, smtplib.SMTPException):
        # The chain is cut: the server's words may repeat an address.
        raise RegistrarError(f"the mail server does not take mail; {sent} were sent, the same command sends the rest") from None
    return sent


@contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_S) as smtp:
        if server.host not in _LOCAL:
            smtp.starttls(context=ssl.create_default_context())
        if server.user and server.password:
            smtp.login(server.user, server.password)
        yield smtp


def _mail(sender: str, address: str) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = SUBJECT, sender, address
    # Of the sender's domain: the workstation's own name is nobody's business.
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(BODY)
    return mail


def _addresses(tables: Sequence[Path], numbers: Sequence[MemberNumber]) -> dict[MemberNumber, str]:
    return {number: row.email for number, row in rows_of(tables, numbers).items() if row.email}
