"""Bare counterparts of our endpoints: each module has ``opened``, which takes settings and yields one answer."""
