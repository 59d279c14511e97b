"""Keys inside a token: a root is a secret key that computes HMAC-SHA256, the signing key an Ed25519 pair."""

import os
from collections.abc import Iterator
from typing import cast

import pkcs11
from chassis.config import ConfigError
from chassis.problems import Unavailable
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass
from pkcs11.types import SignMixin
from protocol.authority_keys import AuthorityKeys
from protocol.names import AuthorityName
from protocol.roots import ROOT_BYTES
from protocol.signing import SignatureRefused, verify

from authority.config import Pkcs11KeysConfig
from authority.key_store.pkcs11_token import Token

_PUBLIC_BYTES = 32
_EDWARDS25519 = b"\x13\x0cedwards25519"
"""The curve by its name, a DER PrintableString (PKCS#11 3.0, Current Mechanisms, section 2.3.3)."""
_HIDDEN = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.PRIVATE: True, Attribute.MODIFIABLE: False}


class TokenRoot:
    """A root inside a token (CKM_SHA256_HMAC)."""

    def __init__(self, token: Token, label: str) -> None:
        """Keep where the root is."""
        self._token, self._label = token, label

    def mac(self, message: bytes, /) -> bytes:
        """Return HMAC-SHA256 of ``message`` under the root, 32 bytes; raises Unavailable."""
        return self._token.ask(lambda: _sign(self._token, ObjectClass.SECRET_KEY, self._label, Mechanism.SHA256_HMAC, message))


class TokenSigner:
    """An Ed25519 key pair inside a token (CKM_EDDSA)."""

    def __init__(self, token: Token, label: str, public_bytes: bytes) -> None:
        """Keep where the private half is."""
        self._token, self._label = token, label
        self.public_bytes = public_bytes

    def sign(self, message: bytes, /) -> bytes:
        """Return the 64-byte signature of ``message``; raises Unavailable."""
        return self._token.ask(lambda: _sign(self._token, ObjectClass.PRIVATE_KEY, self._label, Mechanism.EDDSA, message))


def find(host: AuthorityName, config: Pkcs11KeysConfig, token: Token) -> AuthorityKeys:
    """Return the keys in a token, after a look at how well it keeps each; raises ConfigError."""
    roots = {key: _root(token, key, label) for key, label in _roots(config)}
    first, *later = roots.values()
    return AuthorityKeys(
        host, first, _signer(token, config.signing_label), dict(zip(sorted(config.share_root_labels), later, strict=True))
    )


def make_missing(config: Pkcs11KeysConfig, token: Token) -> None:
    """Let the token make the keys that it does not have; raises ConfigError."""
    try:
        with token.writing() as session:
            for _, label in _roots(config):
                if not _has(session, ObjectClass.SECRET_KEY, label):
                    session.generate_key(
                        KeyType.GENERIC_SECRET,
                        ROOT_BYTES * 8,
                        mechanism=Mechanism.GENERIC_SECRET_KEY_GEN,
                        label=label,
                        store=True,
                        capabilities=MechanismFlag.SIGN,
                        template=_HIDDEN,
                    )
            if not _has(session, ObjectClass.PRIVATE_KEY, config.signing_label):
                curve = session.create_domain_parameters(KeyType.EC_EDWARDS, {Attribute.EC_PARAMS: _EDWARDS25519}, local=True)
                curve.generate_keypair(
                    mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN, label=config.signing_label, store=True, private_template=_HIDDEN
                )
    except pkcs11.PKCS11Error as error:
        raise ConfigError(f"key `keys.token`: {token.label} does not make the keys ({type(error).__name__})") from None


def _roots(config: Pkcs11KeysConfig) -> Iterator[tuple[str, str]]:
    """Yield the configuration's key and the label of each root, the first one first, then by generation."""
    yield "root_label", config.root_label
    for generation, label in sorted(config.share_root_labels.items()):
        yield f"share_root_labels.{generation}", label


def _has(session: pkcs11.Session, kind: ObjectClass, label: str) -> bool:
    return bool(list(session.get_objects({Attribute.CLASS: kind, Attribute.LABEL: label})))


def _sign(token: Token, kind: ObjectClass, label: str, mechanism: Mechanism, message: bytes) -> bytes:
    # What a key can do is known when the token has told its attributes.
    key = cast("SignMixin", token.key(kind, label))
    return bytes(key.sign(message, mechanism=mechanism))


def _root(token: Token, key: str, label: str) -> TokenRoot:
    found = _kept(token, key, ObjectClass.SECRET_KEY, label)
    root = TokenRoot(token, label)
    try:
        size = found[Attribute.VALUE_LEN]
    except pkcs11.PKCS11Error:
        size = ROOT_BYTES  # not every token tells
    if size != ROOT_BYTES:
        raise ConfigError(f"key `keys.{key}`: {label} should be a key of {ROOT_BYTES} bytes")
    try:
        root.mac(b"\x00")
    except (Unavailable, AttributeError):
        raise ConfigError(f"key `keys.{key}`: the token computes no HMAC-SHA256 with {label}") from None
    return root


def _signer(token: Token, label: str) -> TokenSigner:
    key = "signing_label"
    _kept(token, key, ObjectClass.PRIVATE_KEY, label)
    point = bytes(_one(token, key, ObjectClass.PUBLIC_KEY, label)[Attribute.EC_POINT])
    # As a DER OCTET STRING, or as it is: tokens differ.
    signer = TokenSigner(token, label, point.removeprefix(b"\x04\x20") if len(point) > _PUBLIC_BYTES else point)
    challenge = os.urandom(32)
    try:
        verify(signer.public_bytes, signer.sign(challenge), challenge)
    except (SignatureRefused, Unavailable, AttributeError):
        raise ConfigError(f"key `keys.{key}`: the token makes no Ed25519 signatures with {label}") from None
    return signer


def _kept(token: Token, key: str, kind: ObjectClass, label: str) -> pkcs11.Key:
    """Return a key that the token never shows."""
    found = _one(token, key, kind, label)
    if found[Attribute.EXTRACTABLE] or not found[Attribute.SENSITIVE]:
        raise ConfigError(f"key `keys.{key}`: the token would show {label}: it should be sensitive and not extractable")
    return found


def _one(token: Token, key: str, kind: ObjectClass, label: str) -> pkcs11.Key:
    what = kind.name.lower().replace("_", " ")
    try:
        return token.key(kind, label)
    except pkcs11.NoSuchKey:
        raise ConfigError(f"key `keys.{key}`: the token has no {what} called {label}; the command `keys` makes it") from None
    except pkcs11.MultipleObjectsReturned:
        raise ConfigError(f"key `keys.{key}`: the token has several keys called {label}") from None
    except pkcs11.PKCS11Error as error:
        raise ConfigError(f"key `keys.{key}`: the token does not find {label} ({type(error).__name__})") from None
