"""Browsers other than Chromium, driven by their own protocols: WebKitGTK by WebDriver, Firefox by Marionette.

WebKitGTK stands for the engine of iPhones (`webkit2gtk-driver` and `xvfb` of Debian). Firefox speaks the same commands
over a socket, so neither needs a program that Debian does not have.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from base64 import b64decode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PATIENCE_S = 60  # generous: it bounds failures alone
_POLL_S = 0.05
_WEBKIT_LIBRARIES = ("webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0")


class NoEngine(RuntimeError):
    """This browser is not on this machine; the message says how to get it."""


class Refused(RuntimeError):
    """The browser did not carry out a command, or what was waited for did not come."""


class Wire(Protocol):
    """How commands reach a browser."""

    def send(self, command: str, body: dict[str, Any]) -> Any:
        """Carry out a command by its name in the WebDriver standard; the value of its answer."""


class Tab:
    """The one tab of a browser."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def goto(self, address: str) -> None:
        """Open an address and wait until it has loaded."""
        self._wire.send("Navigate", {"url": address})

    def reload(self) -> None:
        """Load the page anew."""
        self._wire.send("Refresh", {})

    def resize(self, width: int, height: int) -> None:
        """Size of the window."""
        self._wire.send("SetWindowRect", {"width": width, "height": height})

    def run(self, body: str, *values: Any) -> Any:
        """What the body of an asynchronous function returns; ``values`` are its ``arguments``."""
        script = (
            "const done = arguments[arguments.length - 1]; const given = [...arguments].slice(0, -1);"
            f"(async function () {{ {body} }})(...given)"
            ".then((value) => done({ value }), (error) => done({ error: `${error}\\n${error.stack}` }))"
        )
        answer = self._wire.send("ExecuteAsyncScript", {"script": script, "args": list(values)})
        if "error" in answer:
            raise Refused(answer["error"])
        return answer.get("value")

    def wait(self, expression: str, *values: Any) -> Any:
        """Until an expression (``arguments`` as in `run`) is truthy; its value."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            with contextlib.suppress(Refused):  # the page may be on its way to another
                if found := self.run(f"return {expression}", *values):
                    return found
            time.sleep(_POLL_S)
        said = self.run("return document.body.innerText.slice(0, 2000)")
        raise Refused(f"waited in vain for {expression}; the page says:\n{said}")

    def find(self, selector: str, containing: str = "") -> str:
        """The first element in sight by its CSS selector, with this text within; waits until there is one."""
        mark = (
            "[...document.querySelectorAll(arguments[0])].find((one) => (one.type === 'file' || one.checkVisibility"
            "?.() !== false) && (one.textContent + (one.ariaLabel ?? '')).includes(arguments[1]))"
        )
        found: dict[str, str] = self.wait(mark, selector, containing)
        return found[ELEMENT]

    def click(self, selector: str, containing: str = "") -> None:
        """Click an element as a person does: again, when the page drew it anew meanwhile."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                self._wire.send("ElementClick", {"id": self.find(selector, containing)})
                return
            except Refused:
                if time.monotonic() > deadline:
                    raise

    def write(self, selector: str, text: str) -> None:
        """Type into a field."""
        self._wire.send("ElementSendKeys", {"id": self.find(selector), "text": text})

    def choose(self, selector: str, files: Sequence[Path]) -> None:
        """Hand files to a file field."""
        self._wire.send("ElementSendKeys", {"id": self.find(selector), "text": "\n".join(map(str, files))})

    def text(self, selector: str) -> str:
        """What an element says."""
        found: str = self.run("return document.querySelector(arguments[0]).innerText", selector)
        return found

    def picture(self, path: Path) -> None:
        """A screenshot of what is in sight."""
        path.write_bytes(b64decode(self._wire.send("TakeScreenshot", {"full": False})))


class _Http:
    """W3C WebDriver over HTTP, as WebKitWebDriver speaks it."""

    _ROUTES: Final = {
        "Navigate": ("POST", "/url"),
        "Refresh": ("POST", "/refresh"),
        "SetWindowRect": ("POST", "/window/rect"),
        "ExecuteAsyncScript": ("POST", "/execute/async"),
        "ElementClick": ("POST", "/element/{id}/click"),
        "ElementSendKeys": ("POST", "/element/{id}/value"),
        "TakeScreenshot": ("GET", "/screenshot"),
        "DeleteSession": ("DELETE", ""),
    }

    def __init__(self, port: int, options: dict[str, Any]) -> None:
        self._base = f"http://127.0.0.1:{port}"
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        made = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": options}})
        self._base += f"/session/{made['sessionId']}"

    def send(self, command: str, body: dict[str, Any]) -> Any:
        method, path = self._ROUTES[command]
        return self._ask(method, path.format_map(body), body if method == "POST" else None)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with self._opener.open(request, timeout=2 * PATIENCE_S) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise Refused(error.read().decode()) from None


class _Marionette:
    """The protocol of Firefox: the same commands as JSON over a socket, each with its length before it."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=2 * PATIENCE_S)
        self._file = self._socket.makefile("rb")
        self._count = 0
        self._read()  # its greeting
        self.send("NewSession", {"strictFileInteractability": False})

    def send(self, command: str, body: dict[str, Any]) -> Any:
        self._count += 1
        name = "Marionette:Quit" if command == "DeleteSession" else f"WebDriver:{command}"
        data = json.dumps([0, self._count, name, body]).encode()
        self._socket.sendall(b"%d:%b" % (len(data), data))
        _, _, error, result = self._read()
        if error:
            raise Refused(f"{error['error']}: {error['message']}")
        return result["value"] if isinstance(result, dict) and result.keys() == {"value"} else result

    def _read(self) -> Any:
        digits = b""
        while (one := self._file.read(1)) != b":":
            if not one:
                raise Refused("the browser is gone")
            digits += one
        return json.loads(self._file.read(int(digits)))


@contextlib.contextmanager
def webkit() -> Iterator[Tab]:
    """WebKitGTK's MiniBrowser on a screen of its own; it keeps nothing after its end.

    Raises:
        NoEngine: it is not installed.
    """
    browser = _mini_browser()
    driver, xvfb = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    if not (browser and driver and xvfb):
        raise NoEngine("no WebKitGTK with its driver: `apt-get install webkit2gtk-driver xvfb`")
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        screen = _screen(stack, xvfb)
        environment = {
            **os.environ,
            "DISPLAY": screen,
            "GDK_BACKEND": "x11",
            "NO_AT_BRIDGE": "1",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "LANGUAGE": "zh_CN",
            "LC_ALL": "zh_CN.UTF-8",
            "TZ": "Asia/Shanghai",
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_CONFIG_HOME": str(home / "config"),
            # Its sandbox needs rights that containers do not give; the pages are our own.
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
        }
        port = _free_port()
        _process(stack, [driver, f"--port={port}"], env=environment)
        _await_port(port)
        wire = _Http(port, {"webkitgtk:browserOptions": {"binary": str(browser), "args": ["--automation"]}})
        stack.callback(_quietly_end, wire)
        yield Tab(wire)


@contextlib.contextmanager
def firefox(profile: Path) -> Iterator[Tab]:
    """Firefox without a window, on a profile that survives it.

    Raises:
        NoEngine: it is not installed.
    """
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if not program:
        raise NoEngine("no Firefox on PATH: `apt-get install firefox-esr`")
    profile.mkdir(parents=True, exist_ok=True)
    settings = {
        "marionette.port": 0,
        "intl.accept_languages": "zh-CN",
        "geo.enabled": False,
        "app.update.enabled": False,
        "browser.shell.checkDefaultBrowser": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "toolkit.telemetry.reportingpolicy.firstRun": False,
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
    }
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in settings.items()]
    (profile / "user.js").write_text("\n".join(lines))
    told = profile / "MarionetteActivePort"
    told.unlink(missing_ok=True)
    with contextlib.ExitStack() as stack:
        environment = {**os.environ, "TZ": "Asia/Shanghai", "MOZ_HEADLESS": "1", "HOME": str(profile)}
        running = _process(stack, [program, "--marionette", "--no-remote", "--profile", str(profile)], env=environment)
        _until(lambda: told.exists() and told.read_text().strip().isdigit(), running)
        wire = _Marionette(int(told.read_text()))
        stack.callback(_quietly_end, wire)
        yield Tab(wire)


def _mini_browser() -> Path | None:
    folders = [Path("/usr/lib") / f"{platform.machine()}-linux-gnu", Path("/usr/libexec"), Path("/usr/lib")]
    found = [folder / library / "MiniBrowser" for folder in folders for library in _WEBKIT_LIBRARIES]
    return next((one for one in found if one.exists()), None)


def _screen(stack: contextlib.ExitStack, xvfb: str) -> str:
    """A screen without glass; its name."""
    reading, writing = os.pipe()
    command = [xvfb, "-displayfd", str(writing), "-screen", "0", "1280x1000x24", "-nolisten", "tcp"]
    _process(stack, command, pass_fds=(writing,))
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    if not number:
        raise Refused("Xvfb did not start")
    return f":{number}"


def _process(stack: contextlib.ExitStack, command: list[str], **options: Any) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    started = subprocess.Popen(command, stdout=quiet, stderr=quiet, **options)

    def end() -> None:
        started.terminate()
        try:
            started.wait(10)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()

    stack.callback(end)
    return started


def _quietly_end(wire: Wire) -> None:
    with contextlib.suppress(Exception):
        wire.send("DeleteSession", {})


def _until(holds: Any, running: subprocess.Popen[bytes] | None = None) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > deadline or (running and running.poll() is not None):
            raise Refused("the browser did not start")
        time.sleep(_POLL_S)


def _await_port(port: int) -> None:
    def answers() -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        return False

    _until(answers)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
