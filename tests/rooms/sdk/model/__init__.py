"""A model of one deployment in memory: the wire of all five hosts and the group's provider, as real applications.

It keeps the members' half of the wire and nothing else, has no database, and can be told to fail before or after it acts.
"""
