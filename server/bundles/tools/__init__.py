"""What goes along with every bundle so that a stranger can check it: verifiers and the way to use them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from server.bundles import layout

_HERE: Final = Path(__file__).parent
_FILES: Final = {
    "verify.py": layout.tool("verify.py"),
    "verify.html": layout.tool("verify.html"),
    "README.txt": layout.README,
}


def files() -> Iterator[tuple[str, bytes]]:
    """Path within the bag and bytes of each."""
    for name, path in _FILES.items():
        yield path, (_HERE / name).read_bytes()
