"""The blocking half of the S3 adapter: single requests, and S3's answers in the words of the store.

Writes go through presigned addresses, because the client's own `put_object` has no place for the
`If-None-Match: *` that makes a write conditional.
"""

import base64
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

import certifi
import urllib3
from minio import Minio
from minio.deleteobjects import DeleteObject
from minio.error import MinioException, S3Error

from media.store.errors import ObjectExists, ObjectMissing, StoreError, StoreUnavailable

P = ParamSpec("P")
T = TypeVar("T")

READ_PIECE = 256 << 10
_MISSING = frozenset({"NoSuchKey", "NoSuchObject", "NoSuchVersion"})
_NOT_OFFERED = 501
_TAKEN = 412
_CONFLICT = 409


def translated(request: Callable[P, T]) -> Callable[P, T]:
    """Let a request raise only the store's own errors."""

    @wraps(request)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return request(*args, **kwargs)
        except StoreError:
            raise
        except S3Error as error:
            if error.code in _MISSING:
                raise ObjectMissing(str(error)) from error
            raise StoreUnavailable(str(error)) from error
        except (MinioException, urllib3.exceptions.HTTPError, OSError) as error:
            raise StoreUnavailable(str(error)) from error

    return wrapper


@dataclass(frozen=True, slots=True)
class Piece:
    """One stored object and its length in bytes."""

    key: str
    length: int


class S3Wire:
    """One bucket."""

    def __init__(
        self, endpoint: str, access_key: str, secret_key: str, bucket: str, *, secure: bool, region: str | None
    ) -> None:
        self.bucket = bucket
        pool = urllib3.PoolManager(
            maxsize=16,
            timeout=urllib3.Timeout(connect=5, read=60),
            retries=urllib3.Retry(total=3, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504)),
            cert_reqs="CERT_REQUIRED",
            ca_certs=os.environ.get("SSL_CERT_FILE") or certifi.where(),
        )
        self._http = pool
        self._client = Minio(endpoint, access_key, secret_key, secure=secure, region=region, http_client=pool)

    @translated
    def make_bucket(self) -> None:
        """Make the bucket unless it is there."""
        if not self._client.bucket_exists(self.bucket):
            self._client.make_bucket(self.bucket)

    @translated
    def bucket_exists(self) -> bool:
        """Whether the server answers and has the bucket."""
        return self._client.bucket_exists(self.bucket)

    @translated
    def put_new(self, key: str, body: bytes | Iterable[bytes], *, length: int, md5: bytes, content_type: str) -> None:
        """Write an object in one request that the server refuses if the key is taken or a bit is wrong.

        Servers without conditional writes answer 501; there a look goes before the write. Two writers
        could then both succeed, but never with different originals, whose key is their digest; switch
        on versioning in such a bucket.
        """
        headers = {
            "Content-Type": content_type,
            "Content-Length": str(length),
            "Content-MD5": base64.b64encode(md5).decode(),
        }
        status, text = self._put(key, body, {**headers, "If-None-Match": "*"})
        if status == _NOT_OFFERED:
            if self.length(key) is not None:
                raise ObjectExists(key)
            status, text = self._put(key, body, headers)
        if status in (_TAKEN, _CONFLICT):
            raise ObjectExists(key)
        if status != 200:
            raise StoreUnavailable(f"PUT {key}: {status} {text}")

    def _put(self, key: str, body: bytes | Iterable[bytes], headers: dict[str, str]) -> tuple[int, str]:
        url = self._client.get_presigned_url("PUT", self.bucket, key, timedelta(hours=1))
        answer = self._http.request("PUT", url, body=body, headers=headers, retries=False)
        return answer.status, answer.data[:500].decode(errors="replace")

    @translated
    def length(self, key: str) -> int | None:
        """Length of the object in bytes, or None when there is none."""
        try:
            return self._client.stat_object(self.bucket, key).size
        except S3Error as error:
            if error.code in _MISSING:
                return None
            raise

    @translated
    def begin_read(self, key: str, start: int, stop: int | None) -> urllib3.BaseHTTPResponse:
        """Open a read of the bytes from `start` up to `stop`; the caller ends it with `end_read`."""
        return self._client.get_object(self.bucket, key, start, 0 if stop is None else stop - start)

    @translated
    def read(self, answer: urllib3.BaseHTTPResponse) -> bytes:
        """The next bytes of an open read; none at its end."""
        return answer.read(READ_PIECE)

    def end_read(self, answer: urllib3.BaseHTTPResponse) -> None:
        """Give the connection back."""
        answer.close()
        answer.release_conn()

    def stream(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes of a range, in pieces."""
        answer = self.begin_read(key, start, stop)
        try:
            while piece := self.read(answer):
                yield piece
        finally:
            self.end_read(answer)

    @translated
    def list(self, prefix: str, *, older_than: float | None = None) -> list[Piece]:
        """Objects under the prefix in key order; with `older_than` (POSIX seconds) only those last
        written before.
        """
        return [
            Piece(entry.object_name, entry.size or 0)
            for entry in self._client.list_objects(self.bucket, prefix, recursive=True)
            if entry.object_name is not None
            and (
                older_than is None or (entry.last_modified is not None and entry.last_modified.timestamp() < older_than)
            )
        ]

    @translated
    def remove(self, keys: Iterable[str]) -> None:
        """Remove objects; those already gone are fine."""
        doomed = list(keys)
        if len(doomed) == 1:
            self._client.remove_object(self.bucket, doomed[0])
        elif doomed:
            for error in self._client.remove_objects(self.bucket, map(DeleteObject, doomed)):
                raise StoreUnavailable(str(error))

    def close(self) -> None:
        """Drop the connections."""
        self._http.clear()
