"""verify.py as a module, whole or with one of its checks taken out."""

from __future__ import annotations

import types
from functools import cache
from pathlib import Path
from typing import Any

from tests.bundles.synthetic import TOOLS, Bundle

SOURCE = TOOLS / "verify.py"
_COUNTED = "        self.counts[check] += 1\n"
_ARITHMETIC = ("ed25519_holds", "key_holds", "ecdsa_holds")


@cache
def load(without: str | None = None) -> Any:
    """The program; ``without`` names a check that is to let everything pass.

    Whether a signature holds is a matter of its bytes alone: it is computed once for each, by the program's own code.
    """
    source = SOURCE.read_text()
    assert source.count(_COUNTED) == 1
    if without is not None:
        source = source.replace(_COUNTED, f"{_COUNTED}        holds = holds or check == {without!r}\n")
    module = types.ModuleType("verify_without" if without else "verify_whole")
    exec(compile(source, str(SOURCE), "exec"), module.__dict__)
    if without is None:
        curves = {curve["p"]: curve for curve in (module.P256, module.P384)}
        computed, known = module.ecdsa_holds, cache(lambda p, *told: computed(curves[p], *told))
        module.ecdsa_holds = lambda curve, *told: known(curve["p"], *told)
        module.ed25519_holds = cache(module.ed25519_holds)
        module.key_holds = cache(module.key_holds)
    else:
        for name in _ARITHMETIC:
            setattr(module, name, getattr(load(), name))
    return module


def judge(program: Any, bundle: Bundle, place: Path) -> Any:
    """What the program found out about a bundle."""
    found = program.Verifier(str(bundle.write(place)), bundle.policy)
    found.check_all(bundle.slip)
    return found
