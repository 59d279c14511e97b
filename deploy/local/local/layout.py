"""Where everything lies: folders under the home, ports above the base port."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

KeyStore = Literal["file", "pkcs11"]
AUTHORITIES: Final = ("gateway", "keyvault", "identity")
HOSTS: Final = (*AUTHORITIES, "anon-data", "programs")
PSEUDONYMOUS: Final = frozenset({"anon-data", "programs"})
DEFAULT_BASE_PORT: Final = 8100
ROOT: Final = Path(__file__).resolve().parents[3]
ROOM: Final = ROOT / "deploy" / "local"
PROCESSES: Final = ROOM / "processes"
DEFAULT_HOME: Final = ROOT / ".warifu"

_GROUP_IDP_OFFSET: Final = 0
_PORTAL_OFFSET: Final = 6
_STAFF_PORTAL_OFFSET: Final = 7
_SERVICE_OFFSETS: Final[Mapping[str, int]] = {host: 1 + i for i, host in enumerate(HOSTS)}
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
class Layout:
    """One local deployment: its home folder, its ports, and where its authorities' keys are."""

    home: Path
    base_port: int = DEFAULT_BASE_PORT
    key_store: KeyStore = "file"
    """Where the authorities' keys are: in files, or in SoftHSM tokens."""

    def host(self, name: str) -> HostFolder:
        """Return the folder of one host."""
        return HostFolder(name, self.home / "hosts" / name)

    def port(self, offset: int) -> int:
        """Return the port at this offset."""
        return self.base_port + offset

    def service_port(self, host: str) -> int:
        """Return the port of a host's service."""
        return self.port(_SERVICE_OFFSETS[host])

    def database_port(self, host: str) -> int:
        """Return the port of a host's PostgreSQL."""
        return self.port(_DATABASE_OFFSETS[host])

    def origin(self, host: str) -> str:
        """Return the origin of a host; `localhost`, because a passkey's RP ID cannot be an address."""
        return f"http://localhost:{self.service_port(host)}"

    @property
    def portal_origin(self) -> str:
        """Origin on which members' passkeys live; none of the five hosts."""
        return f"http://localhost:{self.port(_PORTAL_OFFSET)}"

    @property
    def staff_portal_origin(self) -> str:
        """Origin on which the staff's passkeys live; another host name, so that it has a relying party of its own."""
        return f"http://staff.localhost:{self.port(_STAFF_PORTAL_OFFSET)}"

    @property
    def group_issuer(self) -> str:
        """Issuer of the group's identity provider."""
        return f"http://localhost:{self.port(_GROUP_IDP_OFFSET)}"

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

    @property
    def deployment(self) -> Path:
        """The public file of the deployment."""
        return self.home / "deployment.json"
