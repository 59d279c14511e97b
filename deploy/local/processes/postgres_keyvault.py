"""The database of keyvault."""

from local.kinds import cluster

PROCESS = cluster("keyvault")
