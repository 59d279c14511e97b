"""The database of identity."""

from local.kinds import cluster

PROCESS = cluster("identity")
