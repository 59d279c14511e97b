"""One deployment with one enrolled member."""

import secrets
from dataclasses import dataclass, field

import httpx
from joserfc.jwk import ECKey
from protocol.authority_keys import AuthorityKeys
from protocol.bundle import Bundle
from protocol.code import Code
from protocol.deployment import Deployment, GroupIdp, OfficerList, Portal
from protocol.jose import generate_p256
from protocol.names import AUTHORITIES, STORES, AuthorityName, HostName, StoreName
from protocol.record import Profile, seal_profile
from protocol.sealing import XWingPrivateKey
from protocol.shares import member_key
from protocol.tokens import TokenSeed
from starlette.applications import Starlette
from support.nowhere import Nowhere

from .authority import Account, Authority
from .fault import Faults
from .gateway import Gateway
from .provider import Provider
from .store import Mailbox, Store
from .verifiers import Kept

ORIGINS: dict[HostName, str] = {
    "gateway": "http://localhost:8101",
    "keyvault": "http://localhost:8102",
    "identity": "http://localhost:8103",
    "anon-data": "http://localhost:8104",
    "programs": "http://localhost:8105",
}
ISSUER = "http://localhost:8100"
PROFILE = Profile(
    member_number="06139999:テスト-1:100:00",
    name="架空 花子",
    kana="カクウ ハナコ",
    birth_date="1980-04-01",
    sex="female",
    relation="insured",
)
SUBJECT = "E000001"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: int = 1_800_000_000) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


@dataclass
class World:
    """Everything the tests look at."""

    clock: Clock = field(default_factory=Clock)
    faults: Faults = field(default_factory=Faults)
    provider_key: ECKey = field(default_factory=generate_p256)
    token_key: ECKey = field(default_factory=generate_p256)
    insurer: XWingPrivateKey = field(default_factory=XWingPrivateKey.generate)
    subject_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def __post_init__(self) -> None:
        self.keys: dict[AuthorityName, AuthorityKeys] = {
            host: AuthorityKeys(host, secrets.token_bytes(32), secrets.token_bytes(32)) for host in AUTHORITIES
        }
        self.idp = GroupIdp(issuer=ISSUER, evidence_client="warifu-evidence", subject_claim="employee_number")
        self.deployment = Deployment(
            insurer="06139999",
            origins=ORIGINS,
            authorities={host: keys.public() for host, keys in self.keys.items()},
            group_idps=(self.idp,),
            officers=OfficerList(number=1, officers=()),
            insurer_key=self.insurer.public_bytes,
            portal=Portal(origin="http://localhost:8106", rp_id="localhost"),
        )
        self.seeds = {store: TokenSeed.from_evaluation(secrets.token_bytes(32), store) for store in STORES}
        self.provider = Provider(ISSUER, self.provider_key, self.clock)
        refs = {host: secrets.token_bytes(16) for host in AUTHORITIES}
        self.authorities = {host: self._authority(host, refs[host]) for host in AUTHORITIES}
        self.gateway = Gateway(self.deployment, self.token_key, self.clock, refs, self.authorities["gateway"])
        self.stores: dict[StoreName, Store] = {
            store: Store(store, ORIGINS[store], self.clock, Mailbox(seed.token, seed.claim_key.public_bytes))
            for store, seed in self.seeds.items()
        }
        self._enrol(refs)

    def _authority(self, host: AuthorityName, ref: bytes) -> Authority:
        account = Account(ref, {0: secrets.token_bytes(32)})
        return Authority(
            self.keys[host],
            self.deployment,
            self.token_key,
            self.provider_key,
            self.clock,
            account=account,
            subject_id=self.subject_id,
        )

    def describe(self, deployment: Deployment) -> None:
        """Let everybody have another public description."""
        self.deployment = deployment
        for authority in self.authorities.values():
            authority.log.deployment = deployment

    def letter(self, code: Code, **facts: int | None) -> bytes:
        """Let the registrar enrol a letter, with a recovery's ``not_before`` if need be, and return its id."""
        verifier_id = secrets.token_bytes(16)
        for host, authority in self.authorities.items():
            authority.keeper.kept[verifier_id] = Kept.letter(code, host, verifier_id, **facts)
        return verifier_id

    def without_work_account(self) -> None:
        """Take the group's provider from the member."""
        for authority in self.authorities.values():
            del authority.keeper.kept[self.subject_id]

    def _enrol(self, refs: dict[AuthorityName, bytes]) -> None:
        shares = {host: self.keys[host].share(self.authorities[host].account.salts[0], refs[host], 0) for host in AUTHORITIES}
        record_key = secrets.token_bytes(32)
        bundle = Bundle(v=0, record_key=record_key, seeds={store: seed.seed for store, seed in self.seeds.items()})
        self.authorities["keyvault"].bundles[0] = bundle.seal(member_key(shares, 0), refs["keyvault"])
        self.authorities["identity"].record = seal_profile(PROFILE, record_key, refs["identity"], 0)

    def http(self) -> httpx.AsyncClient:
        """Return a client whose requests to the origins reach the model."""
        apps: dict[str, Starlette] = {ISSUER: self.provider.app(), ORIGINS["gateway"]: self.gateway.app()}
        apps |= {ORIGINS[host]: self.authorities[host].app() for host in AUTHORITIES if host != "gateway"}
        apps |= {ORIGINS[store]: self.stores[store].app() for store in STORES}
        names = {origin: host for host, origin in ORIGINS.items()} | {ISSUER: "provider"}
        mounts = {origin: httpx.ASGITransport(self.faults.around(names[origin], app)) for origin, app in apps.items()}
        return httpx.AsyncClient(transport=Nowhere(), mounts=mounts)
