"""Both media stores."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from media.store import FolderStore, MediaStore
from media.store.s3 import S3Store
from tests.media.minio_server import S3Endpoint


async def s3_store(server: S3Endpoint, bucket: str) -> S3Store:
    """A new adapter, as another web node would make it."""
    store = S3Store.connect(server.endpoint, server.access_key, server.secret_key, bucket, secure=False)
    await store.prepare()
    return store


class Node:
    """Stores on the same bytes: each call of `start` is one more process."""

    def __init__(self, folder: Path | None, server: S3Endpoint | None) -> None:
        self.folder = folder
        self._server = server
        self._bucket = f"t{secrets.token_hex(8)}"
        self._started: list[FolderStore | S3Store] = []

    async def start(self) -> MediaStore:
        """A store with nothing in memory."""
        store: FolderStore | S3Store
        if self.folder is not None:
            store = FolderStore(self.folder)
        else:
            assert self._server is not None
            store = await s3_store(self._server, self._bucket)
        self._started.append(store)
        return store

    def close(self) -> None:
        for store in self._started:
            store.close()


@pytest.fixture(params=["folder", "s3"])
async def node(request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Node]:
    """Where stores are started, once for each adapter."""
    folder = tmp_path / "media" if request.param == "folder" else None
    made = Node(folder, None if folder else request.getfixturevalue("s3"))
    yield made
    made.close()


@pytest.fixture
async def store(node: Node) -> MediaStore:
    """One store of each kind."""
    return await node.start()
