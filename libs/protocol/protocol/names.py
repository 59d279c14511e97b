"""The five hosts, by the names that stand in every derivation."""

from typing import Literal, get_args

AuthorityName = Literal["gateway", "keyvault", "identity"]
StoreName = Literal["anon-data", "programs"]
HostName = Literal["gateway", "keyvault", "identity", "anon-data", "programs"]
Zone = Literal["named", "pseudonymous"]

AUTHORITIES: tuple[AuthorityName, ...] = get_args(AuthorityName)
"""Hosts that know references and hold one share each, in the order in which shares are joined."""

STORES: tuple[StoreName, ...] = get_args(StoreName)
"""Hosts that know opaque tokens."""

HOSTS: tuple[HostName, ...] = get_args(HostName)


def zone_of(host: HostName) -> Zone:
    """Return ``named`` for the three authorities, ``pseudonymous`` for the two stores."""
    return "pseudonymous" if host in STORES else "named"
