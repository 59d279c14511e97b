"""Where a service listens: everybody's door, and beside it the partners', each with TLS of its own."""

import asyncio
import errno
import socket
import ssl
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chassis.config import ConfigError, PartnersConfig, TlsConfig, read_secret_file
from chassis.partners import STATE, names_in


class Server(uvicorn.Server):
    """A server with perhaps a second listener, which asks for certificates; one application answers at both."""

    def __init__(self, config: uvicorn.Config, partners: "PartnersDoor | None" = None) -> None:
        super().__init__(config)
        self._partners = partners

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the second door when the application has started; what is open is closed with the first."""
        await super().startup(sockets)
        if self._partners is not None and not self.should_exit:
            self.servers.append(await self._partners.open(self))


class PartnersDoor:
    """The partners' listener, bound and not yet open."""

    def __init__(self, partners: PartnersConfig, tls: TlsConfig) -> None:
        """Take the port; raises ConfigError."""
        self._tls = _context(tls)
        self._tls.verify_mode = ssl.CERT_REQUIRED
        try:
            self._tls.load_verify_locations(partners.authority_file)
        except (OSError, ssl.SSLError):
            raise ConfigError(f"key `partners.authority_file`: {partners.authority_file} is no certificate") from None
        self._listener = listen(*partners.bind_address)

    async def open(self, server: uvicorn.Server) -> asyncio.Server:
        """Begin to listen: nobody without a certificate of the authority gets as far as a request."""

        def protocol() -> HttpToolsProtocol:
            return _PartnersProtocol(server.config, server.server_state, server.lifespan.state)

        loop = asyncio.get_running_loop()
        return await loop.create_server(protocol, sock=self._listener, ssl=self._tls, backlog=server.config.backlog)


class _PartnersProtocol(HttpToolsProtocol):
    """Tells the application who is at the other end."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.app_state = {**self.app_state, STATE: names_in(transport.get_extra_info("ssl_object"))}


def everybodys(tls: TlsConfig | None) -> dict[str, Any]:
    """Return what uvicorn is told of the first listener; raises ConfigError where certificate and key are none."""
    if tls is None:
        return {}
    context = _context(tls)
    return {"ssl_context_factory": lambda _config, _default: context}


def listen(address: str, port: int) -> socket.socket:
    """Return a bound socket; raises ConfigError."""
    listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise ConfigError(f"port {port} on {address} is already taken") from None
        raise ConfigError(f"cannot listen on {address} port {port} ({error.strerror})") from None
    return listener


def _context(tls: TlsConfig) -> ssl.SSLContext:
    read_secret_file(tls.key_file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        context.load_cert_chain(tls.certificate_file, tls.key_file)
    except (OSError, ssl.SSLError):
        raise ConfigError(f"{tls.certificate_file} and {tls.key_file} are no certificate and its key") from None
    return context
