"""An installation: a device that writes steps in the background, while nobody is signed in.

::

    installation = await session.register_installation()
    keystore.save(installation.dump())  # the platform's own key store
    ...
    written = await Installation.load(kept).put_steps(deployment, step_days.health_connect(aggregates))
"""

import json
import secrets
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field

import httpx
from joserfc.jwk import ECKey
from protocol import proof, strict_json
from protocol.deployment import Deployment
from protocol.encoding import EncodingError, b64u, unb64u
from protocol.messages.steps import PutStepDays, StepResults

from ._wire import Clock, Wire, dump, http_client, parse, system_clock
from .errors import InputRefused
from .measurements import DaySteps, step_days

_DAYS_A_CALL = 62
_WRITER_BITS = 20


@dataclass
class Installation:
    """What one device keeps: an id and a key for programs alone, and how often it has written."""

    install: bytes
    token: bytes = field(repr=False)
    key: ECKey = field(repr=False)
    count: int = 0

    def dump(self) -> bytes:
        """Return what is to be kept, in the platform's key store: whoever has it can write steps of this installation."""
        said = {
            "install": b64u(self.install),
            "token": b64u(self.token),
            "key": self.key.as_dict(private=True),
            "count": self.count,
        }
        return json.dumps(said).encode()

    @classmethod
    def load(cls, kept: bytes) -> "Installation":
        """Read what :meth:`dump` returned; raises ``InputRefused``."""
        try:
            said = strict_json.loads_object(kept)
            return cls(unb64u(said["install"], 16), unb64u(said["token"], 32), ECKey.import_key(said["key"]), int(said["count"]))
        except (EncodingError, KeyError, TypeError, ValueError) as error:
            raise InputRefused("installation", "this is no installation") from error

    async def put_steps(
        self,
        deployment: Deployment,
        counted: Iterable[DaySteps],
        *,
        http: httpx.AsyncClient | None = None,
        clock: Clock = system_clock,
    ) -> StepResults:
        """Write totals of days and return what became of each, and in how many seconds to come back; keep :meth:`dump` anew."""
        items = step_days(given := list(counted), self._numbers(len(given)))
        if not items:
            raise InputRefused("steps", "there is nothing to write")
        async with nullcontext(http) if http else http_client(deployment) as client:
            wire = Wire(client, deployment, clock)
            answers = [
                await self._put(wire, clock, PutStepDays(install=self.install, items=tuple(items[at : at + _DAYS_A_CALL])))
                for at in range(0, len(items), _DAYS_A_CALL)
            ]
        results = tuple(result for answer in answers for result in answer.results)
        return StepResults(results=results, next_sync_after=answers[-1].next_sync_after)

    async def _put(self, wire: Wire, clock: Clock, message: PutStepDays) -> StepResults:
        method, path, body = "PUT", "/install/step-days", dump(message)
        url = wire.url("programs", path)

        def headers() -> dict[str, str]:
            return {proof.HEADER: proof.make(self.key, method, url, self.token, body, clock())}

        return parse("programs", StepResults, await wire.send("programs", method, path, headers=headers, body=body))

    def _numbers(self, count: int) -> Iterable[int]:
        first, self.count = self.count + 1, self.count + count
        # The low bits tell two runs apart that began with the same count, because one was killed before it was kept.
        return [number << _WRITER_BITS | secrets.randbits(_WRITER_BITS) for number in range(first, first + count)]
