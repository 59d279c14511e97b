"""One file per local process; `local.table` finds them by folder."""
