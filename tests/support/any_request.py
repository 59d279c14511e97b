"""Requests that an OpenAPI document allows, and some that it does not, invented by schemathesis."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis.generation import GenerationMode

EACH = 8
Send = Callable[[Any], int]
"""Sends a case and returns the status."""


def ask(cases: SearchStrategy[Any], send: Send) -> Counter[int]:
    """Send some of these cases; return the statuses."""
    statuses = Counter[int]()

    @seed(1)
    @settings(max_examples=EACH, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def once(case: Any) -> None:
        statuses[send(case)] += 1

    once()
    return statuses


def ask_everything(document: dict[str, Any], send: Send) -> dict[str, Counter[int]]:
    """Send invented requests to each operation; return the statuses of each."""
    seen: dict[str, Counter[int]] = {}
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # an operation that is none fails here
        for mode in GenerationMode:
            with suppress(Unsatisfiable):  # nothing can be wrong in what is asked nothing
                cases = operation.as_strategy(generation_mode=mode)
                seen.setdefault(operation.label, Counter()).update(ask(cases, send))
    return seen


def wire(case: Any, origin: str) -> dict[str, Any]:
    """Return what `requests.Request` is made of."""
    kwargs = case.as_transport_kwargs(base_url=origin)
    return {
        name: value for name, value in kwargs.items() if name in {"method", "url", "headers", "params", "json", "data", "files"}
    }
