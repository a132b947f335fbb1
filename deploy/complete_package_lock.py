"""Add to pwa/package-lock.json the platform variants that npm left out.

npm writes only those optional packages into a lock that the index at hand could serve, and a mirror often holds only
what its own machines need. `npm ci` then refuses the lock, and on another platform the missing variant would never
be installed. The variants are pinned exactly by the package that wants them, so their entries can be written without
asking anyone; only their digest stays open. Run by `make lock`, and to be run after `npm install` changed the lock.
"""

import json
import re
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parent.parent / "pwa" / "package-lock.json"
_EXACT = re.compile(r"\d+\.\d+\.\d+\S*")
_SYSTEMS = {
    **{name: name for name in ("aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony")},
    **{"sunos": "sunos", "win32": "win32"},
}
_PROCESSORS = {
    **{name: name for name in ("arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64", "wasm32")},
    **{"arm": "arm", "armv7": "arm", "loongarch64": "loong64", "ppc64le": "ppc64"},
}


def missing_entries(packages: dict[str, Any]) -> dict[str, Any]:
    """Lock entries for all exactly pinned optional packages that have none, by their path in the lock."""
    found: dict[str, Any] = {}
    for path, package in packages.items():
        for name, version in package.get("optionalDependencies", {}).items():
            if _EXACT.fullmatch(version) and not _is_locked(packages, path, name):
                entry: dict[str, Any] = {"version": version, **_platform(name), "optional": True}
                if package.get("dev"):
                    entry["dev"] = True
                found[f"node_modules/{name}"] = entry
    return found


def _is_locked(packages: dict[str, Any], path: str, name: str) -> bool:
    """Whether node would find `name` from the package at `path`: in its own folder or in one above."""
    while True:
        if f"{path}/node_modules/{name}".lstrip("/") in packages:
            return True
        if not path:
            return False
        path = path.rpartition("node_modules/")[0].rstrip("/")


def _platform(name: str) -> dict[str, list[str]]:
    words = name.rpartition("/")[2].split("-") + name.partition("/")[2].split("-")
    systems = list(dict.fromkeys(_SYSTEMS[word] for word in words if word in _SYSTEMS))
    processors = list(dict.fromkeys(_PROCESSORS[word] for word in words if word in _PROCESSORS))
    libc = ["musl"] if "musl" in name else ["glibc"] if re.search(r"-gnu(?!\w)", name) else []
    libc = libc if systems == ["linux"] else []
    described = {"cpu": processors, "os": systems, "libc": libc}
    return {key: values for key, values in described.items() if values}


def main() -> None:
    lock = json.loads(LOCK.read_text())
    added = missing_entries(lock["packages"])
    lock["packages"] = dict(sorted({**lock["packages"], **added}.items()))
    LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")
    print(f"{len(added)} platform variants added")


if __name__ == "__main__":
    main()
