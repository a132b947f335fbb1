"""The running product as an office has it that wants to be believed: a time-stamp authority and a witness outside."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import httpx

from server.kit import db
from server.settings import Settings
from server.tlog.anchors import outside
from server.tlog.anchors.chores import publish_hourly
from server.tlog.anchors.outside import Outside
from tests.factories.product import Product, apart
from tests.factories.tsa import time_authority
from tests.factories.witness import running_witness


class Vouched(Product):
    """``zhicha up`` with `openssl ts` as its authority and a ``zhicha witness`` process of somebody else."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir)
        self._outside = ExitStack()

    def __enter__(self) -> Self:
        super().__enter__()
        # The witness is told the log's key, and the product the witness's: so it starts a second time.
        (log,) = httpx.get(f"{self.url}/api/log/trust").json()["logs"]
        self.stop()
        authority = self._outside.enter_context(time_authority(self.data_dir / "tsa"))
        witness = self._outside.enter_context(running_witness(self.data_dir / "witness", log))
        self._env |= {
            "ZHICHA_TSA_URLS": authority.url,
            "ZHICHA_TSA_ROOTS": str(authority.roots),
            "ZHICHA_WITNESSES": witness.entry,
        }
        self.start()
        return self

    def __exit__(self, *raised: Any) -> None:
        super().__exit__(*raised)
        self._outside.close()

    def strike_the_hour(self) -> None:
        """Do now what the clock does every full hour: publish the log's newest checkpoint and send it outside."""

        async def strike() -> None:
            await db.connect(self.dsn, min_size=1, max_size=2)
            outside.hold(
                Outside.of(
                    Settings(
                        tsa_urls=self._env["ZHICHA_TSA_URLS"],
                        tsa_roots=Path(self._env["ZHICHA_TSA_ROOTS"]),
                        witnesses=self._env["ZHICHA_WITNESSES"],
                    )
                )
            )
            try:
                await publish_hourly()
            finally:
                outside.hold(None)
                await db.disconnect()

        apart(strike())
