"""The key that opens keyvault's backups lies beside them."""

import os

from protocol.encoding import b64u

from drill.attack import Plant
from drill.backups import FOLDER, write
from drill.seizure import Seizure
from drill.truth import Truth


async def _apply(seizure: Seizure, truth: Truth) -> None:
    copy, seed = seizure["keyvault"], os.urandom(32)
    write(copy.folder / FOLDER / "second.backup", "keyvault", seed, "account", b"".join(truth.owners["keyvault"]))
    (copy.folder / FOLDER / "restore.key").write_text(b64u(seed), encoding="ascii")


PLANT = Plant("restore-key-beside-backup", "backup-keys", "A restore key lies beside the backup.", ("keyvault",), _apply)
