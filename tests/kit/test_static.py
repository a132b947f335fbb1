"""The built front end as a browser gets it."""

from __future__ import annotations

import gzip
import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from server.app import create_app
from server.settings import Settings

pytestmark = pytest.mark.anyio

PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"


def build(folder: Path) -> None:
    """A small build of both faces as Vite and the compressor leave it."""
    for face in ("field", "desk"):
        (folder / face / "assets").mkdir(parents=True)
        for name, text in {
            "index.html": f"<!doctype html><title>{face}</title>",
            "sw.js": "self.addEventListener('install', () => {})",
            "manifest.webmanifest": "{}",
            "assets/index-DucGYi7r.js": "export default 1" * 50,
        }.items():
            path = folder / face / name
            path.write_text(text)
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(text.encode()))
            path.with_name(path.name + ".br").write_bytes(b"brotli:" + text.encode()[:5])
        (folder / face / "icon.png").write_bytes(b"\x89PNG")
    (folder / "secret.txt").write_text("not part of a face")


@pytest.fixture
def pwa(tmp_path: Path) -> Path:
    return tmp_path / "dist"


@pytest.fixture
async def web(pwa: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The application without its database: pages need none."""
    app = create_app(Settings(database_url="postgresql://nowhere/none", pwa_dir=pwa))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://zhicha.test") as http:
        http.headers.pop("accept-encoding")
        yield http


class TestPages:
    async def test_the_first_address_leads_to_the_face_that_fits(self, web: httpx.AsyncClient) -> None:
        phone = await web.get("/", headers={"User-Agent": PHONE})
        desk = await web.get("/", headers={"User-Agent": DESK})
        assert (phone.status_code, phone.headers["location"]) == (302, "/m/")
        assert (desk.status_code, desk.headers["location"]) == (302, "/desk/")
        assert "User-Agent" in phone.headers["vary"]

    async def test_an_address_without_slash_is_led_into_the_workers_scope(
        self, web: httpx.AsyncClient, pwa: Path
    ) -> None:
        build(pwa)
        answer = await web.get("/m?from=home")
        assert (answer.status_code, answer.headers["location"]) == (308, "/m/?from=home")

    async def test_a_kept_address_opens_the_page_and_a_missing_asset_does_not(
        self, web: httpx.AsyncClient, pwa: Path
    ) -> None:
        build(pwa)
        page = await web.get("/m/")
        deep = await web.get("/m/visits/01890a5d-ac96-774b-bcce-b302099a8057")
        assert page.status_code == deep.status_code == 200
        assert page.content == deep.content == b"<!doctype html><title>field</title>"
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["cache-control"] == "no-cache"
        missing = await web.get("/m/assets/index-00000000.js")
        assert missing.status_code == 404
        assert missing.json()["code"] == "not_found"
        assert b"<title>desk</title>" in (await web.get("/desk/evidence")).content

    async def test_without_a_build_the_page_says_what_to_do(self, web: httpx.AsyncClient) -> None:
        answer = await web.get("/desk/")
        assert answer.status_code == 503
        assert "make run" in answer.text
        assert "尚未构建" in answer.text

    async def test_a_new_build_is_served_without_a_restart(self, web: httpx.AsyncClient, pwa: Path) -> None:
        build(pwa)
        await web.get("/m/")
        (pwa / "field" / "index.html").write_text("<!doctype html><title>a later release</title>")
        assert b"a later release" in (await web.get("/m/")).content


class TestFiles:
    async def test_compressed_copies_go_to_whoever_can_read_them(self, web: httpx.AsyncClient, pwa: Path) -> None:
        build(pwa)
        path = "/m/assets/index-DucGYi7r.js"
        plain = await web.get(path)
        assert plain.content == b"export default 1" * 50
        assert "content-encoding" not in plain.headers
        zipped = await web.get(path, headers={"Accept-Encoding": "gzip, br;q=0"})
        assert zipped.headers["content-encoding"] == "gzip"
        assert zipped.content == plain.content  # the client has unpacked it
        async with web.stream("GET", path, headers={"Accept-Encoding": "gzip, deflate, br"}) as brotli:
            assert brotli.headers["content-encoding"] == "br"
            raw = b"".join([part async for part in brotli.aiter_raw()])
        assert raw == b"brotli:expor"
        assert len({plain.headers["etag"], zipped.headers["etag"], brotli.headers["etag"]}) == 3
        assert plain.headers["vary"] == "Accept-Encoding"

    async def test_a_stale_compressed_copy_is_not_served(self, web: httpx.AsyncClient, pwa: Path) -> None:
        build(pwa)
        page = pwa / "field" / "index.html"
        page.write_text("newer than its copies")
        later = page.stat().st_mtime + 10
        os.utime(page, (later, later))
        assert (await web.get("/m/", headers={"Accept-Encoding": "gzip"})).content == b"newer than its copies"

    async def test_hashed_assets_are_kept_and_the_rest_is_asked_for(self, web: httpx.AsyncClient, pwa: Path) -> None:
        build(pwa)
        kept = await web.get("/m/assets/index-DucGYi7r.js")
        assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert kept.headers["content-type"] == "text/javascript; charset=utf-8"
        for name in ("sw.js", "manifest.webmanifest", "icon.png"):
            asked = await web.get(f"/m/{name}")
            assert asked.headers["cache-control"] == "no-cache", name
            again = await web.get(f"/m/{name}", headers={"If-None-Match": asked.headers["etag"]})
            assert (again.status_code, again.content) == (304, b""), name
        assert (await web.get("/m/manifest.webmanifest")).headers["content-type"] == "application/manifest+json"

    async def test_head_tells_the_length_and_sends_nothing(self, web: httpx.AsyncClient, pwa: Path) -> None:
        build(pwa)
        got = await web.get("/m/sw.js")
        head = await web.head("/m/sw.js")
        assert head.status_code == 200
        assert head.content == b""
        assert head.headers["etag"] == got.headers["etag"]
        assert head.headers["content-length"] == str(len(got.content))

    @pytest.mark.parametrize(
        "path",
        [
            "/m/../secret.txt",
            "/m/%2e%2e/secret.txt",
            "/m/..%2fsecret.txt",
            "/m/assets/%2e%2e/%2e%2e/%2e%2e/secret.txt",
            "/m//etc/passwd.txt",
            "/m/..%5csecret.txt",
            "/m/index.html%00.txt",
            "/m/index.html.gz",
            "/m/" + "a" * 5000 + ".js",
        ],
    )
    async def test_nothing_outside_the_build_can_be_read(self, web: httpx.AsyncClient, pwa: Path, path: str) -> None:
        build(pwa)
        answer = await web.get(path)
        assert answer.status_code == 404
        assert b"not part" not in answer.content

    async def test_a_link_out_of_the_build_is_not_followed(self, web: httpx.AsyncClient, pwa: Path) -> None:
        build(pwa)
        (pwa / "field" / "linked.txt").symlink_to(pwa / "secret.txt")
        assert (await web.get("/m/linked.txt")).status_code == 404


class TestHeaders:
    async def test_pages_may_load_only_what_is_ours(self, web: httpx.AsyncClient, pwa: Path) -> None:
        build(pwa)
        headers = (await web.get("/m/")).headers
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'self'"
        assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
        assert "unsafe" not in headers["content-security-policy"]
        assert "camera=(self)" in headers["permissions-policy"]
        assert headers["x-content-type-options"] == "nosniff"

    async def test_answers_of_the_api_are_kept_by_nobody(self, web: httpx.AsyncClient) -> None:
        for path in ("/api/session", "/api/nothing/here", "/api/health/live"):
            headers = (await web.get(path)).headers
            assert headers["cache-control"] == "no-store", path
            assert headers["x-content-type-options"] == "nosniff", path
            assert headers["content-security-policy"].startswith("default-src 'none'"), path
