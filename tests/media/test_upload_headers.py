"""What a client may say in the headers of the upload protocol, and what it may not."""

import base64
import hashlib
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.uploads import errors, headers


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_metadata_is_text_by_key() -> None:
    value = f"capture_id {b64(b'42')},name {b64('云溪县.jpg'.encode())}, flag"
    assert headers.metadata(value) == {"capture_id": "42", "name": "云溪县.jpg", "flag": ""}
    assert headers.metadata(None) == {}


@given(st.dictionaries(st.from_regex(r"[A-Za-z0-9_.-]{1,64}", fullmatch=True), st.text(), max_size=32))
def test_metadata_survives_the_way(pairs: dict[str, str]) -> None:
    assert headers.metadata(headers.written_metadata(pairs)) == pairs


@pytest.mark.parametrize("value", ["a !!", "a b", f"a {b64(b'1')},a {b64(b'2')}", "ä eA==", f"a {b64(bytes([255]))}"])
def test_bad_metadata_is_refused(value: str) -> None:
    with pytest.raises(errors.BadUploadMetadata):
        headers.metadata(value)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_checksums(algorithm: str) -> None:
    digest = hashlib.new(algorithm, b"body").digest()
    parsed = headers.checksum(f"{algorithm} {b64(digest)}")
    assert parsed == headers.Checksum(algorithm, digest)
    assert headers.checksum(None) is None


def test_bad_checksums_are_refused() -> None:
    with pytest.raises(errors.UnsupportedChecksum):
        headers.checksum(f"md5 {b64(bytes(16))}")
    for value in (f"sha256 {b64(bytes(20))}", "sha256 ???", "sha256"):
        with pytest.raises(errors.BadUploadHeader):
            headers.checksum(value)


@pytest.mark.parametrize("value", [None, "", "-1", "1.5", "0x10", "٣", " 1", "9" * 19])
def test_sizes_are_whole_numbers(value: str | None) -> None:
    with pytest.raises(errors.BadUploadHeader):
        headers.upload_length(value, 100)
    with pytest.raises(errors.BadUploadHeader):
        headers.upload_offset(value)


def test_size_limits() -> None:
    assert headers.upload_length("100", 100) == 100
    assert headers.upload_offset("0") == 0
    with pytest.raises(errors.TooLarge):
        headers.upload_length("101", 100)
    with pytest.raises(errors.EmptyUpload):
        headers.upload_length("0", 100)


def test_version_and_body_type() -> None:
    headers.require_version("1.0.0")
    headers.require_body_type("application/offset+octet-stream")
    for version in (None, "0.2.2", "1.0"):
        with pytest.raises(errors.UnsupportedVersion):
            headers.require_version(version)
    for body_type in (None, "application/octet-stream", "image/jpeg"):
        with pytest.raises(errors.WrongContentType):
            headers.require_body_type(body_type)


def test_what_the_server_offers() -> None:
    offered = headers.discovery(1000)
    assert offered["Tus-Version"] == "1.0.0"
    assert offered["Tus-Max-Size"] == "1000"
    assert set(offered["Tus-Extension"].split(",")) == {
        "creation",
        "creation-with-upload",
        "checksum",
        "expiration",
        "termination",
    }
    at = datetime(2026, 5, 25, 17, 30, tzinfo=timezone(timedelta(hours=8)))
    assert headers.expires(at) == "Mon, 25 May 2026 09:30:00 GMT"


def test_every_refusal_has_its_own_code_and_a_client_status() -> None:
    refusals = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, errors.UploadRefused)]
    assert len({refusal.code for refusal in refusals}) == len(refusals)
    assert {refusal.code: refusal.status for refusal in refusals}["checksum_mismatch"] == 460
