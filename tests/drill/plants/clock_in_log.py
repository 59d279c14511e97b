"""The service log of a store gets the usual time and client address."""

from drill.attack import Plant
from drill.seizure import Seizure
from drill.truth import Truth


async def _apply(seizure: Seizure, truth: Truth) -> None:
    with (seizure["programs"].logs / "service.log").open("a", encoding="utf-8") as log:
        for second in range(len(truth.persons)):
            log.write(f'{{"event": "request", "time": "2026-01-05T09:{second // 60 % 60:02}:{second % 60:02}.123+00:00"}}\n')
            log.write('{"event": "request", "client": "127.0.0.1:50000"}\n')


PLANT = Plant("clock-in-log", "log-grep", "A store logs the time of each request and the client's address.", ("programs",), _apply)
