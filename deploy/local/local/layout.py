"""Where everything lies: folders under the home, ports above the base port."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from local import paths

KeyStore = Literal["file", "pkcs11"]
AUTHORITIES: Final = ("gateway", "keyvault", "identity")
HOSTS: Final = (*AUTHORITIES, "anon-data", "programs")
PSEUDONYMOUS: Final = frozenset({"anon-data", "programs"})
DEFAULT_BASE_PORT: Final = 8100
ROOT: Final = Path(__file__).resolve().parents[3]
ROOM: Final = ROOT / "deploy" / "local"
PROCESSES: Final = ROOM / "processes"
DEFAULT_HOME: Final = ROOT / ".warifu"

_OFFSETS: Final[Mapping[str, int]] = {
    "group-idp": 0,
    **{host: 1 + i for i, host in enumerate(HOSTS)},
    "portal": 6,
    "example-program": 8,
    "supplier": 9,
}
"""On one network, above the base port; the staff's portal comes after the members'."""
_DATABASE_OFFSETS: Final[Mapping[str, int]] = {host: 11 + i for i, host in enumerate(HOSTS)}


@dataclass(frozen=True)
class HostFolder:
    """All that one host owns; whoever seizes the host has this folder and no other."""

    name: str
    path: Path

    @property
    def config(self) -> Path:
        """The host's configuration file."""
        return self.path / f"{self.name}.toml"

    @property
    def secrets(self) -> Path:
        """Folder of secret files, closed to everybody else."""
        return self.path / "secrets"

    @property
    def logs(self) -> Path:
        """Folder of what the service and the database print."""
        return self.path / "logs"

    @property
    def restore_key(self) -> Path:
        """The public key that the host's backups are sealed to."""
        return self.secrets / "restore.public"

    @property
    def erasures(self) -> Path:
        """The ledger of those whom the host erased, beside its database."""
        return self.path / "erasures"

    @property
    def cluster(self) -> Path:
        """The PostgreSQL data folder."""
        return self.path / "postgres"

    @property
    def owner_url(self) -> Path:
        """File with the URL of the role that migrates and seals."""
        return self.secrets / "owner.url"

    @property
    def runtime_url(self) -> Path:
        """File with the URL of the role the service works with."""
        return self.secrets / "runtime.url"


@dataclass(frozen=True)
class Site:
    """Where something listens."""

    name: str
    address: str
    port: int
    scheme: Literal["http", "https"] = "http"

    @property
    def origin(self) -> str:
        """Its origin; by a name, because a passkey's RP ID cannot be an address."""
        return f"{self.scheme}://{self.name}:{self.port}"


@dataclass(frozen=True)
class Layout:
    """One local deployment: its home folder, its ports, and where its authorities' keys are."""

    home: Path
    base_port: int = DEFAULT_BASE_PORT
    key_store: KeyStore = "file"
    """Where the authorities' keys are: in files, or in SoftHSM tokens."""
    isolated: bool = False
    """Whether each place of `deploy/paths.toml` has a network of its own."""

    def host(self, name: str) -> HostFolder:
        """Return the folder of one host."""
        return HostFolder(name, self.home / "hosts" / name)

    @property
    def snapshots(self) -> Path:
        """Folder of what analysts are answered from, in anon-data's."""
        return self.host("anon-data").path / "snapshots"

    @property
    def plans(self) -> Path:
        """Folder of the insurer's Data Health Plans, in anon-data's."""
        return self.host("anon-data").path / "plans"

    def port(self, offset: int) -> int:
        """Return the port at this offset."""
        return self.base_port + offset

    def service_port(self, host: str) -> int:
        """Return the port of a host's service."""
        return self.site(host).port

    def site(self, place: str) -> Site:
        """Return where a place of `deploy/paths.toml` is called."""
        if self.isolated:
            known = paths.documented()
            if place in HOSTS:
                return Site(paths.name_of(place), known.address(place), known.ports["members"], "https")
            return Site(paths.name_of(place), known.address(place), known.ports["web"])
        return Site("localhost", "127.0.0.1", self.port(_OFFSETS[place]))

    def partners_site(self, host: str) -> Site | None:
        """Return where a host's partners call it; None where they call it as everybody does."""
        return replace(self.site(host), port=paths.documented().ports["partners"]) if self.isolated else None

    @property
    def tls_authority(self) -> Path:
        """Certificate of who signs the hosts' certificates; its key beside it, and no host has either folder."""
        return self.home / "tls" / "authority.pem"

    @property
    def networks(self) -> Path:
        """Folder of the files that name the networks, while they are."""
        return self.home / "networks"

    def network(self, place: str | None) -> Path | None:
        """Return the file that names a place's network; None where it is the supervisor's own."""
        return self.networks / place if self.isolated and place else None

    def database_port(self, host: str) -> int:
        """Return the port of a host's PostgreSQL."""
        return self.port(_DATABASE_OFFSETS[host])

    def origin(self, host: str) -> str:
        """Return the origin of a host."""
        return self.site(host).origin

    @property
    def portal_origin(self) -> str:
        """Origin on which members' passkeys live; none of the five hosts."""
        return self.site("portal").origin

    @property
    def portal_signed_in(self) -> str:
        """Where the group's provider and the gateway lead back to."""
        return f"{self.portal_origin}/signed-in/"

    @property
    def staff_portal_origin(self) -> str:
        """Origin on which the staff's passkeys live; another host name, so that it has a relying party of its own."""
        portal = self.site("portal")
        return f"http://staff.{portal.name}:{portal.port + 1}"

    @property
    def group_issuer(self) -> str:
        """Issuer of the group's identity provider."""
        return self.site("group-idp").origin

    @property
    def group_idp(self) -> Path:
        """Folder of the group's identity provider."""
        return self.home / "group-idp"

    @property
    def group_accounts(self) -> Path:
        """JSON list of {work_id, name, passphrase?}: who can sign in at the group's provider."""
        return self.group_idp / "accounts.json"

    @property
    def registrar(self) -> Path:
        """Folder of the insurer's workstation."""
        return self.home / "registrar"

    @property
    def officers(self) -> Path:
        """Folder of the officers' Ed25519 seeds."""
        return self.registrar / "officers"

    def restore_key(self, host: str) -> Path:
        """Return the file with the key that opens a host's backups: at the registrar, offline, and at no host."""
        return self.registrar / "restore" / f"{host}.key"

    @property
    def deployment(self) -> Path:
        """The public file of the deployment."""
        return self.home / "deployment.json"
