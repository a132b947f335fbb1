"""Phones on the same network: an HTTPS certificate, and a page over plain HTTP that hands out its authority.

The page serves nothing but that certificate and how to install it, because it must work before the phone trusts us.
"""

import html
import socket
import ssl
import threading
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from server.kit.supervisor.addresses import host_names, lan_addresses
from server.kit.supervisor.certificates import LocalCertificate, fingerprint, local_certificate


class NoLan(RuntimeError):
    """This machine has no address on a local network."""


@dataclass(frozen=True, slots=True)
class Lan:
    """Where phones find the product (`url`) and the instructions (`help_url`)."""

    url: str
    help_url: str
    certificate: LocalCertificate


def prepare_lan(folder: Path, port: int, help_port: int, now: datetime) -> Lan:
    """Make or renew the certificate for our present addresses.

    Raises:
        NoLan: there is no network.
    """
    addresses = lan_addresses()
    if not addresses:
        raise NoLan(
            "没有局域网地址：请先连接 Wi-Fi 或网线。"
            " / There is no address on a local network: connect to Wi-Fi or a cable first."
        )
    certificate = local_certificate(folder, host_names(), addresses, now)
    return Lan(f"https://{addresses[0]}:{port}", f"http://{addresses[0]}:{help_port}", certificate)


def serve_help(lan: Lan, port: int) -> ThreadingHTTPServer:
    """Serve the authority's certificate and its instructions in the background, until `shutdown()`."""
    certificate = lan.certificate.authority.read_bytes()
    answers = {
        "/": ("text/html; charset=utf-8", _page(lan).encode()),
        "/ca.crt": ("application/x-x509-ca-cert", ssl.PEM_cert_to_DER_cert(certificate.decode())),
    }

    class Handler(BaseHTTPRequestHandler):
        timeout = 10
        server_version, sys_version = "zhicha", ""

        def do_GET(self) -> None:
            kind, body = answers.get(self.path.partition("?")[0], ("", b""))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("X-Content-Type-Options", "nosniff")
            if kind.startswith("application/"):
                self.send_header("Content-Disposition", 'attachment; filename="zhicha-ca.crt"')
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815 (the library's naming)

        def log_message(self, *_words: object) -> None:
            """Stay quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        address_family = socket.AF_INET

        def handle_error(self, *_request: object) -> None:
            """A phone that hangs up is nothing to report."""

    server = Server(("", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _page(lan: Lan) -> str:
    link = html.escape(f"{lan.url}/m/")
    digest = fingerprint(lan.certificate.authority)
    return f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>直查 Zhicha</title><style>
body{{font:17px/1.7 system-ui,sans-serif;max-width:36em;margin:0 auto;padding:24px 20px;color:#1a1f26;background:#fff}}
h1{{font-size:24px}} h2{{font-size:19px;margin-top:1.6em}} code{{font-size:13px;overflow-wrap:anywhere}}
a.go{{display:block;margin:12px 0;padding:14px;border-radius:10px;background:#0b5cad;color:#fff;text-align:center;
text-decoration:none;font-weight:600}} a.plain{{background:#e8eef5;color:#0b3d73}}
@media (prefers-color-scheme:dark){{body{{background:#12161b;color:#e6eaf0}}
a.plain{{background:#26303b;color:#cfe2f7}}}}
</style></head><body>
<h1>在手机上使用直查 <span lang="en">· Zhicha on your phone</span></h1>
<p>拍照、定位和离线使用需要安全连接。每台手机（或电脑）只需安装一次本机证书。<br>
<span lang="en">Camera, position and offline use need a secure connection. Install this machine's certificate once
per phone or computer.</span></p>
<a class="go" href="/ca.crt">1. 下载证书 <span lang="en">· Download the certificate</span></a>
<h2>iPhone / iPad</h2>
<p>用 Safari 打开本页并下载；然后“设置 → 已下载描述文件 → 安装”，再到
“设置 → 通用 → 关于本机 → 证书信任设置”打开开关。<br>
<span lang="en">Download it with Safari; then Settings → Profile Downloaded → Install, and turn it on under Settings →
General → About → Certificate Trust Settings.</span></p>
<h2>Android</h2>
<p>“设置 → 安全 → 加密与凭据 → 安装证书 → CA 证书”，选择下载的文件（各品牌菜单名称略有不同，可在设置中搜索“证书”）。<br>
<span lang="en">Settings → Security → Encryption &amp; credentials → Install a certificate → CA certificate, and choose
the downloaded file (names differ a little between makers; search the settings for “certificate”).</span></p>
<h2>电脑 <span lang="en">· Computers</span></h2>
<p>Windows：双击下载的文件 → 安装证书 → 本地计算机 → “受信任的根证书颁发机构”。macOS：双击加入“钥匙串”，
再双击它，在“信任”中选“始终信任”。Firefox 在其设置中搜索“证书”导入。<br>
<span lang="en">Windows: open the downloaded file → Install Certificate → Local Machine → “Trusted Root Certification
Authorities”. macOS: open it to add it to Keychain Access, open it there and choose Trust → Always Trust. Firefox:
search its settings for “certificates” and import it.</span></p>
<a class="go plain" href="{link}">2. 打开直查 <span lang="en">· Open Zhicha</span></a>
<p>证书指纹 <span lang="en">· Fingerprint</span> (SHA-256): <code>{digest}</code></p>
<p>此证书只对本机与内网地址有效；不再使用时请在手机上删除。<br>
<span lang="en">The certificate is good for this machine and private addresses only; remove it from the phone when you
are done.</span></p>
</body></html>
"""
