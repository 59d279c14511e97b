"""A way that leads nowhere, for clients whose every known origin has a way of its own."""

import httpx


class Nowhere(httpx.AsyncBaseTransport):
    """Refuses every connection. Without it a client would make ready for the world's TLS, a tenth of many tests' time."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raise what an unreachable host does."""
        raise httpx.ConnectError(f"nothing is at {request.url.host}", request=request)
