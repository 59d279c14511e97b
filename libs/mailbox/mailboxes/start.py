"""What both stores put into their state at start."""

from collections.abc import Mapping
from typing import Any

from chassis.app import App
from chassis.erasures import Ledger
from windows import started as windows_started

from mailboxes.store.holding import Holding
from mailboxes.use_cases.open_mailboxes import KeepAttributes


def started(app: App[Any], holding: Holding, keep_attributes: KeepAttributes | None = None) -> Mapping[str, object]:
    """Return the state of windows, the store's name, its tables with a token, and what stores a person's attributes.

    By default nothing is known of a person.
    """
    own = {"store": app.config.host, "holding": holding, "keep_attributes": keep_attributes, "ledger": Ledger.of(app.config)}
    return {**windows_started(app), **own}
