"""Runs a whole deployment on one machine: five databases, five hosts, the group's identity provider.

Nothing in here is part of a host; a production deployment needs none of it.
"""
