"""A built front end as files: compressed variants, validators, safe paths, and the page for every deep link.

A build never changes in place without its page changing too: assets carry their digest in the name and may be kept
for a year, while the page, the service worker and the manifest are asked for anew each time (304 when unchanged).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from litestar import Request, Response

# The framework adds the charset to text types.
_TYPES: Final = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".map": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".txt": "text/plain",
    ".pmtiles": "application/octet-stream",
}
_VARIANTS: Final = (("br", ".br"), ("gzip", ".gz"))
# Vite writes `name-<digest>.ext` into assets/; a year is what "never changes" is written as.
_HASHED: Final = re.compile(r"^assets/(?:.*/)?[^/]+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$")
_IMMUTABLE: Final = "public, max-age=31536000, immutable"
_KEEP_IN_MEMORY: Final = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _File:
    """One file as read; ``etag`` is of its content."""

    stamp: tuple[int, int]
    content: bytes
    etag: str


class BuiltFiles:
    """The files of one built face under one folder. Reads a file again when it changed on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._read: dict[Path, _File] = {}

    @property
    def built(self) -> bool:
        """Whether there is a page to serve."""
        return (self._folder / "index.html").is_file()

    def respond(self, request: Request[Any, Any, Any], name: str) -> Response[bytes] | None:
        """The file of that name, or ``None``; 304 when the browser's copy is the same.

        ``name`` is relative to the folder; whatever leads outside of it does not exist.
        """
        path = self._locate(name)
        if path is None:
            return None
        variant, encoding = self._variant(path, request.headers.get("accept-encoding", ""))
        file = self._load(variant)
        hashed = bool(_HASHED.match(path.relative_to(self._folder).as_posix()))
        headers = {
            "ETag": file.etag,
            "Cache-Control": _IMMUTABLE if hashed else "no-cache",
            "Vary": "Accept-Encoding",
        }
        if encoding:
            headers["Content-Encoding"] = encoding
        if file.etag in _etags(request.headers.get("if-none-match", "")):
            headers.pop("Content-Encoding", None)
            return Response(b"", status_code=304, headers=headers)
        return Response(file.content, media_type=_TYPES.get(path.suffix, "application/octet-stream"), headers=headers)

    def _locate(self, name: str) -> Path | None:
        if "\x00" in name or "\\" in name:
            return None
        try:
            path = (self._folder / PurePosixPath(name.lstrip("/"))).resolve()
            found = path.is_relative_to(self._folder) and path.is_file()
        except (OSError, ValueError):  # a name too long for the file system
            return None
        # A compressed copy has no address of its own.
        return path if found and path.suffix not in {".br", ".gz"} else None

    def _variant(self, path: Path, accepted: str) -> tuple[Path, str]:
        wanted = _encodings(accepted)
        for encoding, suffix in _VARIANTS:
            if encoding in wanted:
                variant = path.with_name(path.name + suffix)
                if variant.is_file() and variant.stat().st_mtime_ns >= path.stat().st_mtime_ns:
                    return variant, encoding
        return path, ""

    def _load(self, path: Path) -> _File:
        stat = path.stat()
        stamp = (stat.st_mtime_ns, stat.st_size)
        known = self._read.get(path)
        if known and known.stamp == stamp:
            return known
        content = path.read_bytes()
        file = _File(stamp, content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
        if len(content) <= _KEEP_IN_MEMORY:
            self._read[path] = file
        return file


def _encodings(accepted: str) -> set[str]:
    """The codings a browser accepts (RFC 9110, 12.5.3); ``q=0`` refuses."""
    wanted = set()
    for part in accepted.split(","):
        coding, _, params = part.strip().partition(";")
        if not re.fullmatch(r"\s*q=0(\.0{0,3})?\s*", params):
            wanted.add(coding.strip().lower())
    return wanted


def _etags(header: str) -> set[str]:
    """The validators of ``If-None-Match``; weak and strong compare alike here (RFC 9110, 13.1.2)."""
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
