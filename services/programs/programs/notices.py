"""How this process tells suppliers: its key, its client, and when each may be tried again."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from chassis.config import ConfigError, read_secret
from chassis.guarded_http import GuardedHttp
from protocol.signing import SigningKey

from programs.config import NoticesConfig

PATIENCE_S = 5.0
"""For one notice, however slowly a supplier answers."""
TURN_S = 20.0
"""For all notices of one turn; what was not told until then comes at the next."""
LEASE_S = 30
"""After which another process takes over from one that is silent."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 10, 3600


@dataclass
class Pauses:
    """When each supplier may be tried again. In memory: a time in a row would stand beside an order, and so beside a member."""

    chance: Callable[[], float] = random.random
    """From nothing to one: suppliers who were away together are not asked together."""
    _failed: dict[str, tuple[int, float]] = field(default_factory=dict)

    def over(self, supplier: str, now: float) -> bool:
        """Whether a supplier may be tried."""
        return self._failed.get(supplier, (0, now))[1] <= now

    def failed(self, supplier: str, now: float) -> None:
        """Wait: ten seconds, doubled each time, an hour at most, and of that a half to all."""
        times = self._failed.get(supplier, (0, now))[0]
        longest = min(FIRST_PAUSE_S * 2 ** min(times, 20), LONGEST_PAUSE_S)
        self._failed[supplier] = (times + 1, now + longest * (1 + self.chance()) / 2)

    def arrived(self, supplier: str) -> None:
        """Wait no longer."""
        self._failed.pop(supplier, None)


@dataclass
class Turn:
    """Whether this process tells: who does writes a random beat at each turn, and who sees the same one for a while takes over."""

    own: bytes | None = None
    """What this process wrote last."""
    _seen: bytes | None = None
    _since: float = 0

    def may_take(self, beat: bytes | None, now: float) -> bool:
        """Whether to write the next beat, where this one stands."""
        if beat is None or beat == self.own:
            return True
        if beat != self._seen:
            self._seen, self._since = beat, now
        return now - self._since >= LEASE_S


@dataclass(frozen=True)
class Notices:
    """What it takes to tell suppliers."""

    key: SigningKey
    http: GuardedHttp
    pauses: Pauses = field(default_factory=Pauses)
    turn: Turn = field(default_factory=Turn)


def notice_key(config: NoticesConfig) -> SigningKey:
    """Return the key that signs; raises ConfigError."""
    seed = read_secret(config.key_file)
    if len(seed) != 32:
        raise ConfigError(f"{config.key_file}: the seed of an Ed25519 key should be 32 bytes")
    return SigningKey(seed)


@asynccontextmanager
async def opened(config: NoticesConfig | None) -> AsyncIterator[Notices | None]:
    """Yield what tells suppliers, with a client that follows no redirects and uses no proxy; None where nobody is told."""
    if config is None:
        yield None
        return
    async with httpx.AsyncClient(timeout=PATIENCE_S, follow_redirects=False, trust_env=False) as client:
        yield Notices(notice_key(config), GuardedHttp(client, config.allowed_networks))
