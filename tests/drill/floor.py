"""The floor: what the three authorities can do together, measured so that nobody forgets it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from protocol.bundle import Bundle
from protocol.encoding import unb64u
from protocol.names import AUTHORITIES, AuthorityName
from protocol.record import open_profile
from protocol.roots import RawRoot
from protocol.sealing import OpenError
from protocol.shares import member_key, share

from drill.seizure import Seizure
from drill.truth import Truth


class Floor:
    """Gateway, keyvault and identity in one hand, or as many of them as were seized."""

    def __init__(self, seizure: Seizure) -> None:
        self._seizure = seizure
        self._roots: dict[AuthorityName, RawRoot] = {}
        self._salts: dict[AuthorityName, dict[tuple[bytes, int], bytes]] = {}

    def root(self, host: AuthorityName) -> RawRoot:
        """Return the root secret of a seized authority."""
        if host not in self._roots:
            text = (self._seizure[host].secrets / "root").read_text(encoding="ascii")
            self._roots[host] = RawRoot(unb64u(text.strip(), 32))
        return self._roots[host]

    def salt(self, host: AuthorityName, ref: bytes, version: int) -> bytes | None:
        """Return a member's salt at a seized authority."""
        if host not in self._salts:
            self._salts[host] = {(ref, v): salt for ref, v, salt, *_ in self._rows(host, "salt")}
        return self._salts[host].get((ref, version))

    def bundles_of(self, ref_keyvault: bytes) -> dict[int, bytes]:
        """Return a member's sealed bundles by version."""
        return self._bundles.get(ref_keyvault, {})

    def bundle(self, refs: Mapping[AuthorityName, bytes]) -> tuple[Bundle, bytes] | None:
        """Return one member's newest bundle that opens, and its member key."""
        for version in sorted(self.bundles_of(refs["keyvault"]), reverse=True):
            salts = {host: self.salt(host, refs[host], version) for host in AUTHORITIES}
            shares = {
                host: share(self.root(host), salt, host, refs[host], version) for host, salt in salts.items() if salt is not None
            }
            if len(shares) < len(AUTHORITIES):
                continue
            key = member_key(shares, version)
            try:
                return Bundle.open(self._bundles[refs["keyvault"]][version], key, refs["keyvault"], version), key
            except OpenError:
                continue
        return None

    def open_everything(self, truth: Truth) -> int:
        """Return how many members' personal records the three open together."""
        return sum(1 for person in truth.persons if self._record_opens({host: person.ids[host] for host in AUTHORITIES}))

    def _record_opens(self, refs: Mapping[AuthorityName, bytes]) -> bool:
        opened = self.bundle(refs)
        if opened is None:
            return False
        version, sealed = self._records[refs["identity"]]
        return bool(open_profile(sealed, opened[0].record_key, refs["identity"], version).name)

    @cached_property
    def _bundles(self) -> dict[bytes, dict[int, bytes]]:
        found: dict[bytes, dict[int, bytes]] = {}
        for ref, version, sealed in self._rows("keyvault", "bundle"):
            found.setdefault(ref, {})[version] = sealed
        return found

    @cached_property
    def _records(self) -> dict[bytes, tuple[int, bytes]]:
        return {ref: (version, sealed) for ref, version, sealed in self._rows("identity", "record")}

    def _rows(self, host: AuthorityName, table: str) -> list[tuple[Any, ...]]:
        return [row.values for row in self._seizure[host].tables[table].rows]
