"""programs: steps by opaque token. It never learns whose they are."""
