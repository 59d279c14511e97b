"""The database of gateway."""

from local.kinds import cluster

PROCESS = cluster("gateway")
