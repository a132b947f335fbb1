"""What is in a bundle, and that it is whole."""

from __future__ import annotations

import hashlib
import json

import pytest

from tests.factories.bundles import Evidenced, files_of
from tests.factories.people import Office

pytestmark = pytest.mark.anyio


class TestContents:
    @pytest.mark.requirement("R53")
    async def test_a_visit_with_all_its_statements_and_originals(self, office: Office) -> None:
        story = await Evidenced.honest(office, 3)
        files = files_of(await story.bundle())
        base = f"data/sessions/{story.chain.id}"
        numbers = {path.split("/")[3] for path in files if path.startswith(base)}
        assert numbers == {"0000", "0001", "0002", "0003", "0004", "0005"}
        for n, taken in enumerate(story.captures, start=1):
            assert files[f"{base}/000{n}/original-1.jpg"] == taken.photo
        table = json.loads(files["data/bundle.json"])
        assert table["sessions"] == [
            {
                "id": str(story.chain.id),
                "count": 5,
                "last": table["sessions"][0]["last"],
            }
        ]
        export = json.loads(files["data/export.json"])["entry"]
        assert export["data"]["bundle_sha256"] == hashlib.sha256(files["data/bundle.json"]).hexdigest()
