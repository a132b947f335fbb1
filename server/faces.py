"""Serves the two built faces of the product: ``/m/`` on the phone, ``/desk/`` on the desk."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from litestar import HttpMethod, Request, Response, Router
from litestar.handlers import route
from litestar.response import Redirect

from server.access.guard import PUBLIC
from server.kit.errors import NotFound
from server.kit.http.problems import respond
from server.kit.http.static import BuiltFiles

_MOBILE: Final = re.compile(r"Mobi|Android|iPhone|iPad|HarmonyOS|OpenHarmony", re.IGNORECASE)
_READ: Final = (HttpMethod.GET, HttpMethod.HEAD)
_OPT: Final = {"permission": PUBLIC}

_NOT_BUILT: Final = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>前端尚未构建</title>
<h1>前端尚未构建 · The front end is not built</h1>
<p>请在服务器上运行 <code>make run</code>(或 <code>npm --prefix pwa ci &amp;&amp; npm --prefix pwa run build</code>),
然后刷新本页。接口已在 <code>/api</code> 正常工作。</p>
<p>Run <code>make run</code> on the server (or build <code>pwa</code> with npm) and reload.
The API already answers under <code>/api</code>.</p></html>"""


class _Face:
    """One face: its files, and its page for every address that a person may have opened or kept."""

    def __init__(self, mount: str, folder: Path) -> None:
        self._mount = mount
        self._files = BuiltFiles(folder)

    def respond(self, request: Request[Any, Any, Any], name: str) -> Response[Any]:
        """A file, the page for a navigation, or 404."""
        raw = request.scope.get("raw_path") or request.scope["path"].encode()
        if not name and not raw.partition(b"?")[0].endswith(b"/"):
            # Without the slash the page would lie outside the service worker's scope.
            query = request.scope["query_string"].decode("latin-1")
            return Redirect(f"{self._mount}/" + (f"?{query}" if query else ""), status_code=308)
        if not self._files.built:
            return Response(_NOT_BUILT, status_code=503, media_type="text/html", headers={"Cache-Control": "no-store"})
        found = self._files.respond(request, name or "index.html")
        if found is None and "." not in name.rpartition("/")[2]:
            found = self._files.respond(request, "index.html")
        return found or respond(NotFound())


def faces(pwa_dir: Path) -> Router:
    """Routes of both faces and of ``/``."""
    field, desk = _Face("/m", pwa_dir / "field"), _Face("/desk", pwa_dir / "desk")

    @route("/", http_method=_READ, opt=_OPT, include_in_schema=False, sync_to_thread=False)
    def choose_face(request: Request[Any, Any, Any]) -> Redirect:
        """Send phones to the field face and everything else to the desk."""
        hint = request.headers.get("sec-ch-ua-mobile") == "?1"
        mobile = hint or _MOBILE.search(request.headers.get("user-agent", ""))
        return Redirect(
            "/m/" if mobile else "/desk/",
            status_code=302,
            headers={"Vary": "User-Agent, Sec-CH-UA-Mobile", "Cache-Control": "no-store"},
        )

    @route(["/m", "/m/{name:path}"], http_method=_READ, opt=_OPT, include_in_schema=False, sync_to_thread=False)
    def field_face(request: Request[Any, Any, Any]) -> Response[Any]:
        """A file or the page of the field face."""
        return field.respond(request, str(request.path_params.get("name", "")).lstrip("/"))

    @route(["/desk", "/desk/{name:path}"], http_method=_READ, opt=_OPT, include_in_schema=False, sync_to_thread=False)
    def desk_face(request: Request[Any, Any, Any]) -> Response[Any]:
        """A file or the page of the desk face."""
        return desk.respond(request, str(request.path_params.get("name", "")).lstrip("/"))

    return Router("/", route_handlers=[choose_face, field_face, desk_face])
