"""The product on services of others: a PostgreSQL and an S3 server that it did not start."""

from __future__ import annotations

from pathlib import Path

from media.store import MediaStore
from media.store.s3 import S3Store
from tests.factories.product import Product
from tests.media.minio_server import S3Endpoint

BUCKET = "story"


class ExternalProduct(Product):
    """``zhicha up`` with ``ZHICHA_DATABASE_URL`` and ``ZHICHA_S3_…``."""

    def __init__(self, data_dir: Path, dsn: str, s3: S3Endpoint) -> None:
        super().__init__(
            data_dir,
            {
                "ZHICHA_DATABASE_URL": dsn,
                "ZHICHA_S3_ENDPOINT": s3.endpoint,
                "ZHICHA_S3_ACCESS_KEY": s3.access_key,
                "ZHICHA_S3_SECRET_KEY": s3.secret_key,
                "ZHICHA_S3_BUCKET": BUCKET,
                "ZHICHA_S3_SECURE": "0",
            },
        )
        self._s3 = s3

    def store(self) -> MediaStore:
        """A reader of the bucket."""
        s3 = self._s3
        return S3Store.connect(s3.endpoint, s3.access_key, s3.secret_key, BUCKET, secure=False)
