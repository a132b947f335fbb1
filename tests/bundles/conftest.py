"""The visit that most tests of bundles begin with."""

from __future__ import annotations

import pytest

from tests.factories.bundles import Evidenced
from tests.factories.people import Office


@pytest.fixture
async def story(office: Office) -> Evidenced:
    """Three captures, the last declared void, sealed and logged."""
    return await Evidenced.honest(office, 3)
