"""What the three authorities share: evidence, releases, shares, rotation, blind evaluation."""

from pathlib import Path

from .commands import CHECKS, COMMANDS
from .config import AuthorityConfig, KeysConfig
from .extras import Extras, PartExtras
from .key_store import opened as opened_keys
from .keys import TokenKeys
from .restoring import restoring
from .routes import routers
from .session import Presented, Session
from .start import Authority, start
from .store.log_entries import FOLD as FOLD_ENTRIES
from .store.sessions import end_session
from .store.verifiers import signing_in
from .use_cases.log_sequencer import SEQUENCER
from .use_cases.purge import purge
from .use_cases.sign_in import prove_hand_over, prove_sign_in

MIGRATIONS = Path(__file__).parent / "migrations"
SEALED_TABLES = ("account", "salt", "verifier", "release_session", "evidence_nonce", "log_queue", "log_inbox", "member_log")
# Counters stand in the order in which members signed in, and a finished session would live on in them: the seal forgets them.
# So caps count from one seal, or one midnight (UTC), to the next.
EMPTIED_TABLES = ("release_count", "code_try")
# Rows whose time is over go with them: the hourly purge may not have come to them, and what is sealed again lives another day.
FOLD = (
    "DELETE FROM release_session WHERE expires < current_setting('seal.now')::bigint",
    "DELETE FROM evidence_nonce WHERE expires < current_setting('seal.now')::bigint",
    *FOLD_ENTRIES,
)

__all__ = [
    "CHECKS",
    "COMMANDS",
    "EMPTIED_TABLES",
    "FOLD",
    "MIGRATIONS",
    "SEALED_TABLES",
    "SEQUENCER",
    "Authority",
    "AuthorityConfig",
    "Extras",
    "KeysConfig",
    "PartExtras",
    "Presented",
    "Session",
    "TokenKeys",
    "end_session",
    "opened_keys",
    "prove_hand_over",
    "prove_sign_in",
    "purge",
    "restoring",
    "routers",
    "signing_in",
    "start",
]
