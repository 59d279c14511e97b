"""Apache with mod_auth_openidc as a relying party: one protected place, by what Debian's package brings."""

import asyncio
import contextlib
import grp
import pwd
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import httpx
from interop import installed

SIGNED_IN = "signed in as far as Apache can tell"
_MODULES = ("mpm_event", "authn_core", "authz_core", "authz_user", "auth_openidc")


def configuration(folder: Path, port: int, issuer: str, provider: str, client_id: str, secret: str) -> str:
    """Return Apache's configuration. There is nothing to serve: who is let in finds nothing, which says that they were let in."""
    modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in _MODULES)
    return f"""
ServerRoot {folder}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/error.log
{modules}
User {_name(("www-data", "nobody"))}
Group {_group(("www-data", "nogroup", "nobody"))}
DocumentRoot /usr/share/doc
ErrorDocument 404 "{SIGNED_IN}"
OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCClientID {client_id}
OIDCClientSecret {secret}
OIDCRedirectURI http://127.0.0.1:{port}/protected/callback
OIDCCryptoPassphrase only-for-this-test
OIDCPKCEMethod S256
OIDCAuthRequestParams provider={quote(provider, safe="")}
<Location /protected>
    AuthType openid-connect
    Require valid-user
</Location>
"""


@contextlib.asynccontextmanager
async def running(folder: Path, port: int, text: str) -> AsyncIterator[None]:
    """Run Apache in the foreground until it answers, and end it afterwards."""
    file = folder / "apache.conf"
    file.write_text(text)
    process = await asyncio.create_subprocess_exec(str(installed.apache()), "-f", str(file), "-DFOREGROUND")
    try:
        async with asyncio.timeout(30), httpx.AsyncClient() as client:
            while process.returncode is None:
                with contextlib.suppress(httpx.TransportError):
                    await client.get(f"http://127.0.0.1:{port}/")
                    break
                await asyncio.sleep(0.1)
        assert process.returncode is None, (folder / "error.log").read_text()
        yield
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def _name(wanted: tuple[str, ...]) -> str:
    known = {user.pw_name for user in pwd.getpwall()}
    return next(name for name in wanted if name in known)


def _group(wanted: tuple[str, ...]) -> str:
    known = {group.gr_name for group in grp.getgrall()}
    return next(name for name in wanted if name in known)
