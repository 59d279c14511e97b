"""Random lives against real hosts."""
