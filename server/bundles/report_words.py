"""The words of the printed pages: what an act, a kind or a reason is called, Chinese and English."""

from __future__ import annotations

from typing import Final

Words = tuple[str, str]

ACTS: Final[dict[str, Words]] = {
    "capture_session.opened": ("取证链开启，手机公钥登记", "Chain opened, phone's key enrolled"),
    "capture_session.sealed": ("取证链封存", "Chain sealed"),
    "capture.recorded": ("收到签名记录", "Signed statement received"),
    "capture_session.noted": ("收到补记", "Signed note received"),
    "capture_session.cosigned": ("收到对封存的签认（或拒签）", "Seal signed by another, or refused"),
    "capture.discard_without_effect": (
        "检查人员声明作废，因案件引用而继续有效",
        "Declared void by its author, without effect",
    ),
    "capture.discarded": ("检查人员声明作废（原件保留）", "Declared void by its author (original kept)"),
    "capture.original_received": ("收到原件，校验值与签名一致", "Original received, digest as signed"),
    "capture.preview_received": ("收到手机预览图", "Phone's preview received"),
    "capture.derivatives_made": ("由原件生成副本（原件不变）", "Copies drawn (original untouched)"),
    "capture.original_unreadable": ("原件无法解码（原件保留）", "Original cannot be decoded (kept)"),
    "capture.reviewed": ("审核", "Reviewed"),
    "capture.commented": ("内部意见", "Internal remark"),
    "capture.original_differs": ("复核原件：与签名校验值不符", "Original read again: not as signed"),
    "capture.opened": ("打开待审核的证据", "Taken up for review"),
    "capture.viewed": ("查看原件", "Original viewed"),
    "capture.exported": ("导出取证包", "Exported in a bundle"),
    "case.evidence_cited": ("案件引用", "Cited by a case"),
    "case.evidence_withdrawn": ("案件撤回引用", "Citation withdrawn"),
    "device.enrolled": ("登记手机", "Phone enrolled"),
    "device.confirmed": ("第二人确认手机", "Phone confirmed by a second person"),
    "device.revocation_asked": ("申请停用手机", "Revocation of the phone asked for"),
    "device.revocation_refused": ("驳回停用申请", "Revocation refused"),
    "device.revoked": ("停用手机", "Phone revoked"),
    "device.chain_forked": (
        "手机密钥签过与取证链相抵触的记录，已拒收并留存",
        "The phone's key signed against its chain; refused and kept",
    ),
    "passkey.made": ("登记通行密钥", "Passkey registered"),
    "passkey.removed": ("移除通行密钥", "Passkey removed"),
    "passkey.counter_stood": (
        "通行密钥的计数没有增加，可能存在复制品",
        "The passkey's counter had not grown; a copy of it may exist",
    ),
}
STAMPS: Final[dict[str, Words]] = {
    "before": ("审核前已盖时间戳", "stamped before the review"),
    "after": ("审核时尚无时间戳，此后盖于", "no stamp yet at the review; stamped at the time named"),
    "without": ("审核时尚无时间戳，至今仍无", "no time stamp at the review, nor since"),
}
COSIGNED: Final[dict[tuple[str, str], Words]] = {
    ("UNIT", "SIGNED"): ("被督查单位对封存签认", "Seal signed for the inspected unit"),
    ("UNIT", "REFUSED"): ("被督查单位拒绝对封存签认", "The inspected unit would not sign the seal"),
    ("OFFICER", "SIGNED"): ("同行督查员对封存签认", "Seal signed by another inspector"),
    ("OFFICER", "REFUSED"): ("同行督查员拒绝对封存签认", "Another inspector would not sign the seal"),
}
REASONS: Final[dict[str, Words]] = {
    "scope": ("不属于本次导出的范围", "Not in the scope of this bundle"),
    "personal": ("含个人信息，本次不附", "Personal part, withheld by choice"),
    "awaited": ("服务器尚未收到", "Not received by the server yet"),
    "absent": ("手机未提交", "Never handed in by the phone"),
    "deleted": ("已依法删除", "Lawfully deleted"),
}
PARTS: Final[dict[str, Words]] = {
    "original": ("原件", "Original"),
    "private": ("个人信息部分", "Private part"),
}
SCOPES: Final[dict[str, Words]] = {
    "capture": ("一件取证", "One capture"),
    "visit": ("一次现场检查的全部取证", "All captures of one visit"),
    "case": ("一宗案件引用的取证", "The captures cited by one case"),
}
SOURCES: Final[dict[str, Words]] = {
    "camera": ("当场拍摄", "Taken on the spot"),
    "file": ("从手机文件选取", "Chosen from the phone's files"),
    "import": ("从其他设备导入", "Imported from another device"),
}
FLAGS: Final[dict[str, Words]] = {
    "after_revocation": ("手机停用后送达", "Arrived after the phone was revoked"),
    "device_unconfirmed": ("手机尚未经第二人确认", "Phone not yet confirmed by a second person"),
    "late": ("拍摄后较久才送达", "Arrived long after it was taken"),
    "private_withheld": ("手机未提交个人信息部分", "Private part not handed in"),
    "outside_session": ("拍摄时间在任务时段之外", "Taken outside the hours of the session"),
    "chain_gap_bridged": ("链条曾有缺口，已补齐", "A gap in the chain was filled later"),
}


def category(media_type: str) -> Words:
    """类别 of the electronic-data list."""
    if media_type.startswith("video/"):
        return "录像", "Video"
    if media_type.startswith("audio/"):
        return "录音", "Audio"
    return "照片", "Photograph"
