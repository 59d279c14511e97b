"""One login at one token: PKCS#11 logs in a process, not a session, so everything of the process shares it."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar, cast

import pkcs11
import structlog
from chassis.config import ConfigError, read_secret_text
from chassis.problems import Unavailable

from authority.config import Pkcs11KeysConfig

T = TypeVar("T")

_LOST = (
    pkcs11.DeviceError,
    pkcs11.DeviceRemoved,
    pkcs11.KeyHandleInvalid,
    pkcs11.ObjectHandleInvalid,
    pkcs11.SessionClosed,
    pkcs11.SessionHandleInvalid,
    pkcs11.TokenNotPresent,
    pkcs11.UserNotLoggedIn,
)
"""The session is gone, as after a token was taken out or a network token has started anew: logging in again may help."""
_log = structlog.get_logger("authority.key_store")


class Token:
    """An open session at a token, logged in; calls from several threads wait for each other."""

    def __init__(self, config: Pkcs11KeysConfig, pin: str) -> None:
        """Log in; raises ConfigError."""
        self.module, self.label = config.module, config.token
        self._pin = pin
        self._lock = threading.RLock()
        self._keys: dict[tuple[pkcs11.ObjectClass, str], pkcs11.Key] = {}
        self._token = _find(self.module, self.label)
        try:
            self._session = self._token.open(user_pin=pin)
        except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange):
            raise ConfigError(f"key `keys.pin_file`: the token refuses the PIN in {config.pin_file}") from None
        except pkcs11.PinLocked:
            raise ConfigError("key `keys.pin_file`: the token has locked its PIN") from None
        except pkcs11.PKCS11Error as error:
            raise ConfigError(f"key `keys.token`: cannot log in at {self.label} ({type(error).__name__})") from None

    def opened_with(self, pin: str) -> bool:
        """Return whether this is the PIN of the login."""
        return pin == self._pin

    def close(self) -> None:
        """Log out."""
        self._keys.clear()
        with contextlib.suppress(pkcs11.PKCS11Error):
            self._session.close()

    def key(self, kind: pkcs11.ObjectClass, label: str) -> pkcs11.Key:
        """Return the only key of this class and label; raises PKCS11Error."""
        with self._lock:
            if (kind, label) not in self._keys:
                # All of them, so that the search is over: the library would leave it open, and the session busy.
                found = list(self._session.get_objects({pkcs11.Attribute.CLASS: kind, pkcs11.Attribute.LABEL: label}))
                if len(found) != 1:
                    raise pkcs11.MultipleObjectsReturned if found else pkcs11.NoSuchKey
                self._keys[kind, label] = cast("pkcs11.Key", found[0])
            return self._keys[kind, label]

    def ask(self, work: Callable[[], T]) -> T:
        """Return what an operation at the token gives, logging in once more where the session was lost; raises Unavailable."""
        with self._lock:
            try:
                try:
                    return work()
                except _LOST as lost:
                    _log.warning("token_lost", error=type(lost).__name__)
                    self._log_in_again()
                    return work()
            except (pkcs11.PKCS11Error, ConfigError) as error:
                _log.error("token_failed", error=type(error).__name__)
                raise Unavailable from None

    @contextmanager
    def writing(self) -> Iterator[pkcs11.Session]:
        """Yield a session that may make keys: it is logged in as the process is."""
        with self._lock, self._token.open(rw=True) as session:
            yield session

    def _log_in_again(self) -> None:
        self.close()
        self._token = _find(self.module, self.label)
        try:
            self._session = self._token.open(user_pin=self._pin)
        except pkcs11.UserAlreadyLoggedIn:
            # The session was lost, the login was not.
            self._session = self._token.open()


@contextmanager
def login(config: Pkcs11KeysConfig) -> Iterator[Token]:
    """Yield the token that a configuration names, logged in; the last to leave logs out. Raises ConfigError."""
    pin = read_secret_text(config.pin_file)
    place = (str(config.module), config.token)
    with _guard:
        if place not in _open:
            _open[place] = (Token(config, pin), 0)
        token, users = _open[place]
        if not token.opened_with(pin):
            raise ConfigError(f"key `keys.pin_file`: the token refuses the PIN in {config.pin_file}")
        _open[place] = (token, users + 1)
    try:
        yield token
    finally:
        with _guard:
            _, users = _open[place]
            _open[place] = (token, users - 1)
            if users == 1:
                del _open[place]
                token.close()


_guard = threading.Lock()
_open: dict[tuple[str, str], tuple[Token, int]] = {}


def _find(module: Path, label: str) -> pkcs11.Token:
    if not module.is_file():
        raise ConfigError(f"key `keys.module`: {module} is not a readable file")
    try:
        library = pkcs11.lib(str(module))
    except pkcs11.PKCS11Error as error:
        raise ConfigError(f"key `keys.module`: {module} cannot be used as a PKCS#11 module ({type(error).__name__})") from None
    try:
        return library.get_token(token_label=label)
    except pkcs11.NoSuchToken:
        raise ConfigError(f"key `keys.token`: {module} has no token called {label}") from None
    except pkcs11.MultipleTokensReturned:
        raise ConfigError(f"key `keys.token`: {module} has several tokens called {label}") from None
    except pkcs11.PKCS11Error as error:
        raise ConfigError(f"key `keys.token`: {module} does not list its tokens ({type(error).__name__})") from None
