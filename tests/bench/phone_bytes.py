"""What a first load transfers, as the browser counts it and as the build's own gzip files weigh."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession


@dataclass
class Loaded:
    """Bytes by kind of resource (``Script``, ``Stylesheet``, …)."""

    transferred: dict[str, int] = field(default_factory=dict)
    gzip: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    encodings: set[str] = field(default_factory=set)


def recorded(tools: CDPSession, base: str, built: Path) -> Callable[[], Loaded]:
    """Record from now on; the answer tells what has arrived so far of the face ``built``, served under ``base``."""
    responses: dict[str, dict[str, Any]] = {}
    sizes: dict[str, int] = {}
    tools.on("Network.responseReceived", lambda told: responses.update({told["requestId"]: told}))
    tools.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: int(told["encodedDataLength"])}))
    tools.send("Network.enable")

    def so_far() -> Loaded:
        loaded = Loaded()
        for number, size in sizes.items():
            told = responses.get(number)
            if told is None:
                continue
            path, kind = urlsplit(told["response"]["url"]).path, str(told["type"])
            loaded.transferred[kind] = loaded.transferred.get(kind, 0) + size
            packed = built / f"{path.removeprefix(base)}.gz"
            if packed.is_file():
                loaded.gzip[kind] = loaded.gzip.get(kind, 0) + packed.stat().st_size
                loaded.encodings.add(_encoding(told))
            loaded.files.append(path)
        return loaded

    return so_far


def _encoding(told: dict[str, Any]) -> str:
    headers = {name.lower(): value for name, value in told["response"]["headers"].items()}
    return str(headers.get("content-encoding", "plain"))
