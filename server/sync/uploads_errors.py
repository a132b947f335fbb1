"""What an upload can be refused for: our own rules, and those of the protocol in both languages."""

from __future__ import annotations

from media.uploads import errors as tus
from media.uploads import headers
from server.evidence.receiving import Receipt
from server.kit.errors import BusyNow, DomainError, NotFound


class AlreadyReceived(DomainError):
    """This file was received before; the receipt is in the header Upload-Receipt."""

    code, status = "already_received", 409
    zh = "该文件此前已收到，回执见 Upload-Receipt。"

    @classmethod
    def with_receipt(cls, receipt: Receipt) -> AlreadyReceived:
        """Carrying the receipt that stands."""
        return cls(headers={"Upload-Receipt": receipt.header()})


class OriginalNotHeld(DomainError):
    """The store does not have this original either; it has to come back from a backup."""

    code, status = "original_not_held", 409
    zh = "存储中也没有这份原件，须从备份恢复。"


class TooManyUploads(DomainError):
    """Too many uploads of yours are open at once; finish or discard some, or wait until they expire."""

    code, status = "too_many_uploads", 429
    zh = "您同时进行的上传过多，请等其中一些完成后再试。"


class DigestNotInStatement(DomainError):
    """No signed statement of this capture names this file."""

    code, status = "digest_not_in_statement", 422
    zh = "该取证的签名记录中没有这个文件。"


class MediaTypeRefused(DomainError):
    """Files of this type are not accepted as evidence here."""

    code, status = "media_type_refused", 415
    zh = "不接受此类文件作为证据。"


class DigestMismatch(DomainError):
    """The file is not the one that was signed; nothing of it was kept."""

    code, status = "digest_mismatch", 422
    zh = "文件与签名记录不符，未予保存。"


class BadUploadMetadata(DomainError):
    """Upload-Metadata needs capture_id, role (original or preview), sha256 and type."""

    code, status = "bad_upload_metadata", 400
    zh = "上传元数据不完整或格式有误。"


class TooLarge(DomainError):
    """The file is larger than allowed or announced."""

    code, status = "too_large", 413
    zh = "文件超过允许或声明的大小。"


class WrongOffset(DomainError):
    """The upload stands at another offset; go on from there."""

    code, status = "wrong_offset", 409
    zh = "上传进度与服务器不一致，请从服务器的进度继续。"


class UploadBusy(DomainError):
    """Another request is writing to this upload; try again in a moment."""

    code, status = "upload_busy", 423
    zh = "该上传正被另一请求写入，请稍后重试。"


class ChecksumMismatch(DomainError):
    """The part was damaged on its way; nothing of it was kept, send it again."""

    code, status = "checksum_mismatch", 460
    zh = "该分段在传输中损坏，未予保存，请重发。"


class UploadExpired(DomainError):
    """The upload waited too long and was discarded; begin again."""

    code, status = "upload_expired", 410
    zh = "上传等待过久已作废，请重新开始。"


class UnsupportedVersion(DomainError):
    """Only tus 1.0.0 is spoken here."""

    code, status = "unsupported_tus_version", 412
    zh = "仅支持 tus 1.0.0 协议。"


class BadUploadHeader(DomainError):
    """A header of the upload protocol is missing or malformed."""

    code, status = "bad_upload_header", 400
    zh = "上传协议的请求头缺失或格式有误。"


class EmptyUpload(DomainError):
    """A file without bytes is no evidence."""

    code, status = "empty_upload", 400
    zh = "空文件不能作为证据。"


class UnsupportedChecksum(DomainError):
    """The checksum must be sha256 or sha1."""

    code, status = "unsupported_checksum", 400
    zh = "校验算法须为 sha256 或 sha1。"


class WrongContentType(DomainError):
    """The body of an upload is application/offset+octet-stream."""

    code, status = "wrong_content_type", 415
    zh = "上传内容的类型须为 application/offset+octet-stream。"


class UploadCutOff(DomainError):
    """The connection ended before the body did; ask for the offset and go on."""

    code, status = "upload_cut_off", 400
    zh = "连接在内容传完之前中断，请查询进度后继续。"


class StorageUnavailable(DomainError):
    """The storage does not take anything at the moment; nothing was lost, try again later."""

    code, status = "storage_unavailable", 503
    zh = "存储暂时不可用，内容未丢失，请稍后重试。"


_BY_CODE: dict[str, type[DomainError]] = {
    kind.code: kind
    for kind in (
        NotFound,
        DigestMismatch,
        BadUploadMetadata,
        TooLarge,
        WrongOffset,
        UploadBusy,
        ChecksumMismatch,
        UploadExpired,
        UnsupportedVersion,
        BadUploadHeader,
        EmptyUpload,
        UnsupportedChecksum,
        WrongContentType,
        UploadCutOff,
        StorageUnavailable,
    )
}


def translated(error: tus.UploadRefused) -> DomainError:
    """The protocol's refusal as one of ours: same code, same status, both languages."""
    kind = _BY_CODE.get(error.code, BusyNow)
    if isinstance(error, tus.WrongOffset):
        return kind(headers={"Upload-Offset": str(error.offset)}, params={"offset": error.offset})
    if isinstance(error, tus.UnsupportedVersion):
        return kind(str(error), headers={"Tus-Version": headers.VERSION})
    return kind() if kind is NotFound else kind(str(error) or None)
