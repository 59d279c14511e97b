"""The texts of consents: one TOML file a purpose, in Japanese and English, all its versions; the last one is what is asked.

A version's words never change once they were shown to anybody: a change is a new version. Where members must be asked again,
``counts_from`` rises with it, together with ``consent_purpose`` in a migration.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from protocol.messages.consents import CONSENT_PURPOSES, ConsentPurpose, ConsentText

_FOLDER = Path(__file__).parent


@cache
def texts() -> Mapping[ConsentPurpose, ConsentText]:
    """Return the newest text of each purpose."""
    return {purpose: versions(purpose)[-1] for purpose in CONSENT_PURPOSES}


def versions(purpose: ConsentPurpose) -> tuple[ConsentText, ...]:
    """Return every version of a purpose's text, the first one first."""
    found = tomllib.loads((_FOLDER / f"{purpose}.toml").read_text(encoding="utf-8"))
    return tuple(
        ConsentText.model_validate({**version, "purpose": purpose, "version": number})
        for number, version in enumerate(found["versions"], 1)
    )
