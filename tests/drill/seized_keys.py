"""The keys of a host that runs the attacker's code."""

from protocol.authority_keys import AuthorityKeys
from protocol.encoding import unb64u
from protocol.names import AuthorityName

from drill.world import World


def authority_keys(world: World, host: AuthorityName) -> AuthorityKeys:
    """Return what lies in an authority's key folder."""
    folder = world.system.layout.host(host).secrets
    root, signing = (unb64u((folder / name).read_text(encoding="ascii").strip(), 32) for name in ("root", "signing"))
    return AuthorityKeys(host, root, signing)
