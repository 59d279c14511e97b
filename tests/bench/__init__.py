"""Measures our endpoints against bare endpoints that do the same unavoidable work, in the same run on the same machine."""
