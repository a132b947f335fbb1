"""An office whose phones may subscribe at a push service on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from server.settings import Settings
from tests.push.endpoint import PushEndpoint, push_endpoint


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, push_local_endpoints=True)


@pytest.fixture
def service() -> Iterator[PushEndpoint]:
    with push_endpoint() as running:
        yield running
