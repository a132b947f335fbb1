"""What the registers of accounts and phones take in their addresses."""

from __future__ import annotations

from typing import Annotated

from litestar.params import QueryParameter

Search = Annotated[str | None, QueryParameter(max_length=100)]
Cursor = Annotated[str | None, QueryParameter()]
Limit = Annotated[int, QueryParameter(ge=1, le=100)]
