"""The JSON bodies of the wire, one module a capability: used by hosts, registrar and members' devices alike.

Bytes are unpadded base64url in JSON. Every model refuses unknown members.
"""
