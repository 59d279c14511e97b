"""The database of anon-data."""

from local.kinds import cluster

PROCESS = cluster("anon-data")
