"""Resolve the dependencies again and write the lock files, valid for every platform and with every digest.

Run by `make lock`. No address of an index is written: installing uses whichever one the machine is set to.
"""

import subprocess
import sys
from pathlib import Path

UV = "uv==0.13.9"
ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Written by `make lock` from pyproject.toml and deploy/build.in; do not edit.\n"
OPTIONS = (
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--upgrade"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header", "--quiet"),
)


LOCKS = {
    "requirements-build.lock": ("deploy/build.in",),
    "requirements.lock": ("pyproject.toml",),
    "requirements-dev.lock": ("--group", "dev", "pyproject.toml"),
}


def main() -> None:
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", UV], check=True)  # noqa: S603
    for name, sources in LOCKS.items():
        command = [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, *sources]
        told = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603
        (ROOT / name).write_text(HEADER + told)


if __name__ == "__main__":
    main()
