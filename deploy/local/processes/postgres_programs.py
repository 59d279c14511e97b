"""The database of programs."""

from local.kinds import cluster

PROCESS = cluster("programs")
