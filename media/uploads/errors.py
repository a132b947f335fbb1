"""What an upload can be refused for. Each has the stable `code` and the HTTP `status` the protocol
gives it.
"""

from typing import ClassVar


class UploadRefused(Exception):
    """An upload request that cannot be carried out."""

    code: ClassVar[str] = "upload_refused"
    status: ClassVar[int] = 400


class UnsupportedVersion(UploadRefused):
    """Only tus 1.0.0 is spoken here."""

    code, status = "unsupported_tus_version", 412


class BadUploadHeader(UploadRefused):
    """A header of the upload protocol is missing or malformed."""

    code, status = "bad_upload_header", 400


class BadUploadMetadata(UploadRefused):
    """Upload-Metadata is missing a key or is malformed."""

    code, status = "bad_upload_metadata", 400


class EmptyUpload(UploadRefused):
    """A file without bytes is no evidence."""

    code, status = "empty_upload", 400


class UnsupportedChecksum(UploadRefused):
    """The checksum must be sha256 or sha1."""

    code, status = "unsupported_checksum", 400


class WrongContentType(UploadRefused):
    """The body of a PATCH is application/offset+octet-stream."""

    code, status = "wrong_content_type", 415


class TooLarge(UploadRefused):
    """The file, or the body sent, is larger than allowed or announced."""

    code, status = "too_large", 413


class UploadUnknown(UploadRefused):
    """There is no such upload."""

    code, status = "not_found", 404


class UploadExpired(UploadRefused):
    """The upload waited too long and was discarded; begin again."""

    code, status = "upload_expired", 410


class WrongOffset(UploadRefused):
    """The upload stands at another offset; ask for it and go on from there."""

    code, status = "wrong_offset", 409

    def __init__(self, offset: int) -> None:
        super().__init__(f"the upload stands at {offset}")
        self.offset = offset


class UploadBusy(UploadRefused):
    """Another request is writing to this upload; try again in a moment."""

    code, status = "upload_busy", 423


class ChecksumMismatch(UploadRefused):
    """The body does not have the checksum it was sent with; nothing of it was kept."""

    code, status = "checksum_mismatch", 460


class UploadDigestMismatch(UploadRefused):
    """The whole file is not the one that was declared; it was discarded."""

    code, status = "digest_mismatch", 422

    def __init__(self, declared: str, actual: str) -> None:
        super().__init__(f"declared SHA-256 {declared}, received {actual}")
        self.declared = declared
        self.actual = actual


class UploadCutOff(UploadRefused):
    """The connection ended before the body did, and what had come could not be kept."""

    code, status = "upload_cut_off", 400


class StorageUnavailable(UploadRefused):
    """The storage does not take anything at the moment; try again later."""

    code, status = "storage_unavailable", 503
