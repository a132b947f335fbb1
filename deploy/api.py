"""Write what the front end knows of the server: wire types from OpenAPI, lifecycles and lists from their tables.

Run by `make api`. With ``--into`` the files go to another folder, for the test that compares them.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT / "pwa" / "src" / "shared" / "api"
NOTE = "// Generated from the server by `make api`; do not edit.\n"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--into", type=Path, default=SHARED)
    into = parser.parse_args().into
    written = into is SHARED
    description = ROOT / "docs" / "openapi.json" if written else into / "openapi.json"
    run = [sys.executable, "-m"]
    subprocess.run([*run, "server.cli", "openapi", "--output", str(description)], cwd=ROOT, check=True)  # noqa: S603
    types = ROOT / "pwa" / "node_modules" / ".bin" / "openapi-typescript"
    subprocess.run([str(types), str(description), "-o", str(into / "schema.d.ts")], check=True, stdout=sys.stderr)  # noqa: S603
    told = subprocess.run([*run, "server.lifecycles"], cwd=ROOT, check=True, capture_output=True).stdout  # noqa: S603
    text = json.dumps(json.loads(told), ensure_ascii=False, indent=2)
    (into / "lifecycles.ts").write_text(f"{NOTE}export const described = {text} as const\n")
    told = subprocess.run([*run, "server.form_limits"], cwd=ROOT, check=True, capture_output=True).stdout  # noqa: S603
    known = json.loads(told)
    limits, brands = json.dumps(known["limits"], indent=2), json.dumps(known["heic_brands"])
    (into / "limits.ts").write_text(
        f"{NOTE}/** The greatest length of each text, in characters. */\nexport const LIMITS = {limits} as const\n\n"
        "/** The brands by which a file says that it is HEIC. */\n"
        f"export const HEIC_BRANDS: readonly string[] = {brands}\n"
    )
    if not written:
        description.unlink()


if __name__ == "__main__":
    main()
