"""What the drill knows and no attacker is told: who is who at each host."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar, cast

from protocol.code import Code
from protocol.member import MemberNumber
from protocol.names import HOSTS, STORES, AuthorityName, HostName
from protocol.search import Field


@dataclass(frozen=True)
class WaysIn:
    """What a member's ways to sign in consist of, by who may hold it at rest."""

    nobody: tuple[bytes, ...] = ()
    """Codes, the keys that follow from them and from PINs, handles, credential ids: authorities keep hashes of those."""
    own: Mapping[AuthorityName, tuple[bytes, ...]] = field(default_factory=dict)
    """Public keys of codes: another one at each authority."""
    named: tuple[bytes, ...] = ()
    """Verifiers' ids and passkeys' public keys: the same at the three authorities, never at a store."""
    card: Code | None = None
    """What a finder of their card has."""

    def forbidden(self, host: str) -> Iterator[bytes]:
        """Yield what must not stand at a host."""
        yield from self.nobody
        yield from (key for other, keys in self.own.items() if other != host for key in keys)
        if host in STORES:
            yield from self.named


@dataclass(frozen=True)
class Person:
    """One fictional member with every identifier there is of them."""

    number: MemberNumber
    plaintexts: tuple[str, ...]
    """Kana name, telephone, e-mail, address: what only the member's device may show."""
    work_id: str | None
    ids: dict[HostName, bytes]
    """References at the authorities, tokens at the stores."""
    words: Mapping[Field, bytes | None] = field(default_factory=dict)
    """What they are found under at identity, by field."""
    secrets: tuple[bytes, ...] = ()
    """Member key, record key, token seeds, reader keys: what only the member's device holds."""
    ways: WaysIn = field(default_factory=WaysIn)
    first_login: int | None = None
    """Place in the order of first logins, or ``None``."""
    guarded: bool = False
    """A child whose guardian has a way in."""

    @property
    def shared(self) -> tuple[bool, bool, bool]:
        """What both zones may know: whether the member has signed in yet, has a work account, is a child with a guardian.

        Authorities keep the last two as ways in; anon-data may guess them from the year of birth.
        """
        return self.first_login is not None, self.work_id is not None, self.guarded


T = TypeVar("T")


@dataclass(frozen=True)
class Truth:
    """All persons, in the order in which the insurer's file lists them."""

    persons: Sequence[Person]
    roots: dict[HostName, tuple[bytes, ...]]
    """Every secret of each host's key folder."""
    restore_keys: dict[str, bytes] = field(default_factory=dict)
    """What opens each host's backups: kept offline at the registrar."""
    erased: Sequence[Mapping[HostName, bytes]] = ()
    """References and tokens of those who were erased, and of whom what may stay for statistics did."""
    _results: dict[str, Any] = field(default_factory=dict)

    @property
    def all_secrets(self) -> set[bytes]:
        """The secrets of all hosts."""
        return {secret for secrets in self.roots.values() for secret in secrets}

    def once(self, name: str, work: Callable[[], T]) -> T:
        """Return what ``work`` makes of the truth alone, computed once."""
        if name not in self._results:
            self._results[name] = work()
        return cast("T", self._results[name])

    @cached_property
    def owners(self) -> dict[str, dict[bytes, int]]:
        """For each host the person behind each of its identifiers."""
        return {host: {person.ids[host]: index for index, person in enumerate(self.persons)} for host in HOSTS}
