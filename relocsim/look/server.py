"""The server of Mesa's page: this machine alone asks it, and it asks nobody.

Left to itself Solara tells its makers of its start (api.ipify.org, api.mixpanel.com) and fetches the assets of the page from
a network of mirrors where they are not installed. Both are turned off before it is imported; the assets must be installed.
"""

from __future__ import annotations

import importlib.util
import os
import re
import socket
import sys
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relocsim.errors import RelocsimError

if TYPE_CHECKING:
    from relocsim.look.shown import Shown

HOST = "127.0.0.1"
_NOWHERE = "http://127.0.0.1:9/"
"""In place of the mirrors: what is not installed is refused by this machine, and nobody else is asked."""
_ALONE = {
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_TELEMETRY_SERVER_USER_ID": "none",
    "SOLARA_ASSETS_CDN": _NOWHERE,
    "SOLARA_ASSETS_PROXY": "true",
    "SOLARA_MODE": "production",
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",
    "SOLARA_SESSION_HTTPS_ONLY": "false",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_TITLE": "relocsim",
    "SOLARA_CHECK_HOOKS": "off",
    "MPLBACKEND": "agg",
}
_ADVICE = "pip install 'relocsim[viz]'"


class LookError(RelocsimError):
    """The page cannot be shown."""


def require_viz() -> None:
    """Raise LookError, saying what to install, where Mesa's viewer or its assets are not there."""
    for module, name in (("solara", "Solara"), ("altair", "Altair"), ("ipyvuetify", "ipyvuetify")):
        if importlib.util.find_spec(module) is None:
            raise LookError(f"Mesa's viewer needs {name}, which is not installed: {_ADVICE}")
    lacking = sorted(name for name in wanted_assets() if not (assets() / name).is_dir())
    if lacking:
        raise LookError(
            f"assets of the page are not installed ({', '.join(lacking)}), and they are not fetched from elsewhere: "
            f"{_ADVICE}, whose solara-assets must hold what Solara {version('solara')} asks for (docs/look.md)"
        )


def assets() -> Path:
    """Return the folder in which solara-assets are installed."""
    return Path(sys.prefix) / "share" / "solara" / "cdn"


def wanted_assets() -> set[str]:
    """Return the packages, with versions, that the installed Solara loads with every page of Mesa's."""
    root = Path(importlib.util.find_spec("solara").origin).parent  # type: ignore[union-attr, arg-type]
    page = (root / "server/templates/solara.html.j2").read_text("utf-8")
    grid = (root / "widgets/vue/gridlayout.vue").read_text("utf-8")
    found = set(_ASSET.findall(page)) | set(_ASSET.findall(grid)) | {"font-awesome@4.5.0"}
    other = "vuetify-app" if version("ipyvue").startswith("3") else "vuetify3-app"
    return {name for name in found if other not in name}


_ASSET = re.compile(r"{{?[^{}]*(?:cdn|Cdn\(\))}}?/((?:@\w+/)?[\w.-]+@[\w.-]+)/")
"""What stands after the address of the mirrors in Solara's own files."""


def listening(port: int) -> socket.socket:
    """Return a socket on this machine's own address, port 0 for any that is free; LookError where it is taken."""
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((HOST, port))
        opened.listen(64)
    except OSError as error:
        opened.close()
        raise LookError(
            f"port {port} of {HOST} cannot be used ({error.strerror}): choose another with --port"
        ) from None
    return opened


def application(shown: Shown) -> Any:
    """Return Solara's application of the page, guarded; Solara is imported once its settings are made."""
    os.environ.update(_ALONE, SOLARA_APP="relocsim.look.page")
    # its cookie is for pages set into those of others, which this one is not
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
    import solara.settings
    from solara.server import settings
    from solara.server.starlette import app

    from relocsim.look.shown import show

    settings.telemetry.mixpanel_enable = False  # whoever imported it before
    solara.settings.assets.cdn = _NOWHERE
    show(shown)
    return Guard(app)


class Guard:
    """ASGI application around Solara's: only pages of this server, opened as this machine, are answered."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, or refuse."""
        if scope["type"] == "lifespan" or self._may(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"This page is for this machine only."})

    @staticmethod
    def _may(scope: Any) -> bool:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get(b"host", "")
        origin = headers.get(b"origin")
        named = host.rpartition(":")[0] or host
        return named in (HOST, "localhost") and origin in (None, f"http://{host}")


def serve(shown: Shown, opened: socket.socket, ready: Callable[[str], None]) -> None:
    """Serve the page until it is interrupted; `ready` is called with its address when it can be opened."""
    import uvicorn

    guarded = application(shown)
    server = uvicorn.Server(
        uvicorn.Config(guarded, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=3)
    )
    ready(f"http://{HOST}:{opened.getsockname()[1]}/")
    server.run(sockets=[opened])
