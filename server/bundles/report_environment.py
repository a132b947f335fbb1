"""The environment report: the factors of article 93 one by one, and what the log and outside bodies say."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from server.bundles import pages
from server.bundles.report_facts import ReportFacts
from server.bundles.withholding import body
from server.journal.leaves import b64u

if TYPE_CHECKING:
    from server.bundles.contents import Contents
    from server.bundles.outside import Anchored


def environment(found: Contents, facts: ReportFacts) -> str:
    """Article 93, (1) to (7)."""
    machine = facts.machine
    phones = sorted({f"{one.name}（{one.platform}）" if one.platform else one.name for one in facts.phones.values()})
    builds = sorted({body(one)["app"] for one in found.material.statements if one.kind == "session/1"})
    programs = (
        ("取证手机", "Phones", pages.escape("、".join(phones)) or "—"),
        ("手机端程序版本", "App build", pages.escape("、".join(builds))),
        ("服务端程序", "Server", pages.escape(f"{machine.product}；{machine.python}；{machine.tls}")),
        ("数据库", "Database", pages.escape(machine.database)),
        ("原件存储", "Media store", pages.escape(machine.store)),
        ("操作系统", "System", pages.escape(machine.system)),
        ("传输设置", "Transmission", pages.both(*_TRANSMISSION[machine.encrypted])),
    )
    parts = [
        pages.heading(2, "三、生成、存储、传输环境报告", "3. Environment of generation, storage and transmission"),
        pages.paragraph(
            "对照《最高人民法院关于民事诉讼证据的若干规定》第九十三条逐项说明。",
            "Following article 93 of the Supreme People's Court's rules on civil evidence, item by item.",
        ),
        _item("（一）软硬件环境是否完整、可靠", "(1) Hardware and software"),
        pages.pairs(programs),
        *(_item(*title) + pages.paragraph(*text) for title, text in _STATEMENTS),
    ]
    return "".join(parts)


def log(found: Contents) -> str:
    """The checkpoint that all proofs lead to, and the time stamps over it and its predecessors."""
    checkpoint = found.proofs.checkpoint
    rows = (
        ("日志名称", "Log", pages.escape(checkpoint.body.split("\n", 1)[0])),
        ("条目总数", "Size", f"{checkpoint.size:,}"),
        ("根校验值", "Root", pages.code(b64u(checkpoint.root))),
        ("检查点摘要", "Checkpoint", pages.code(b64u(checkpoint.sha256))),
    )
    told = pages.heading(2, "四、公开日志与外部时间", "4. The log and outside time") + pages.paragraph(
        "每份签名记录和每次经手都写入只增不改的日志（RFC 6962 Merkle 树）。任何持有较早检查点的人都能发现日志被改动。",
        "Every statement and every act is a leaf of an append-only log (RFC 6962). Whoever holds an older checkpoint"
        " notices any change.",
    )
    told += pages.pairs(rows)
    if not found.anchors:
        return (
            told
            + '<div class="warn">'
            + pages.paragraph(
                "截至导出时，还没有外部时间戳覆盖这些记录。以后可凭同一日志补充。",
                "No outside time stamp covered these records when the bundle was made; it can be added later.",
            )
            + "</div>"
        )
    head = (
        ("检查点（条目数）", "Checkpoint (size)"),
        ("时间戳机构", "Authority"),
        ("时间", "Time"),
        ("续签", "Renewed"),
    )
    stamped = [
        [f"{one.size:,}", pages.escape(one.authority), pages.moment(one.at), _renewed(one, found.order.made_at)]
        for one in found.anchors
    ]
    return told + pages.table(head, stamped, numbers=frozenset({0})) + pages.paragraph(*_REVOCATION)


def _renewed(one: Anchored, made_at: datetime) -> str:
    """When, by whom, oldest first."""
    told = (f"{pages.moment(each.gen_time)} {pages.escape(each.tsa)}" for each in one.renewals)
    return "<br>".join(told) or pages.both(*(_ENDED if one.until < made_at else _NOT_DUE))


def _item(zh: str, en: str) -> str:
    return pages.heading(3, zh, en)


_NOT_DUE: Final = ("尚无需要", "not due yet")
_ENDED: Final = ("证书已到期，未及时续签", "certificate ended, not renewed in time")
_TRANSMISSION: Final = {
    True: ("加密连接（TLS）", "Encrypted (TLS)"),
    False: (
        "未加密连接；内容是否改动以签名和校验值为准",
        "Not encrypted; signatures and digests tell whether contents changed",
    ),
    None: ("未设置网址，不详", "No address is set: not known"),
}
_REVOCATION = (
    "每枚时间戳都按其所载时间核对证书的有效期和出处，续签须在前一枚的证书到期之前。证书是否曾被吊销没有核查："
    "吊销名单须联网向发证机构取得，不在本包之内。如有疑问，请向该时间戳机构查询。",
    "Each stamp is checked against the validity and the origin of its certificates at the time it names; a renewal must"
    " have come before the certificate of the stamp before it ended. Whether a certificate was revoked is not checked:"
    " lists of revoked certificates have to be fetched from their issuer and are not in this bundle. In doubt ask that"
    " authority.",
)
_STATEMENTS = (
    (
        ("（二）是否处于正常运行状态", "(2) In normal operation"),
        (
            "制作本包时数据库与存储可用；每件原件在打包时重新读取并计算校验值，与签名不一致即中止打包，不会产生本包。",
            "Database and store worked when the bundle was made; every original was read again and its digest compared"
            " with the signed one. Any difference stops the making, and there is no bundle.",
        ),
    ),
    (
        ("（三）防止出错的监测、核查手段", "(3) Means of detection and verification"),
        (
            "手机在拍摄（或从手机文件选取）当时计算校验值并签名，选取的文件此前的情况不详；"
            "服务端收到后重新计算并比对，一致才出具回执；记录按编号首尾相接；"
            "数据库拒绝修改和删除；每份记录写入公开日志，手机每次同步都核对日志前后一致。",
            "The phone hashes and signs at the shutter, or when a file is picked, whose past is not known; the server"
            " hashes again before it gives a receipt; statements are chained; the database refuses changes; each"
            " statement is logged, and every phone checks the log's"
            " consistency at each sync.",
        ),
    ),
    (
        ("（四）保存、传输、提取的方法是否可靠", "(4) Methods of storage, transmission, extraction"),
        (
            "原件按校验值命名存放，不可替换；副本（预览、水印）另行存放，从不写回原件；"
            "提取由系统自动完成，逐字节复制，不重新编码。",
            "Originals lie under their own digest and cannot be replaced; copies lie apart and never"
            " touch them; extraction copies byte by byte without re-encoding.",
        ),
    ),
    (
        ("（五）是否在正常的往来活动中形成和存储", "(5) Formed in the ordinary course of activity"),
        (
            "数据由督查人员在履行现场检查职责时以专用程序取得，按统一流程入库，并非为本案专门制作。",
            "Taken by inspectors on duty with the office's own program and stored by the same procedure as everything"
            " else, not made for this case.",
        ),
    ),
    (
        ("（六）保存、传输、提取的主体是否适当", "(6) The persons concerned"),
        (
            "取证人员与手机见第二部分，经手人员见第五部分；各人使用本人账号，手机由本人登记。",
            "Inspectors and phones: part 2; handlers: part 5. Everybody acts under their own account and phone.",
        ),
    ),
    (
        ("（七）影响完整性和可靠性的其他因素", "(7) Other factors"),
        (
            "手机时钟可被使用者更改，因此同时记录了服务器时间、日志顺序和外部时间戳；能证明数据在时间戳之前已存在，"
            "且此后未变。照片内容是否反映真实场景（如翻拍屏幕、摆布现场），签名不能证明，须结合其他证据判断。",
            "A phone's clock can be set by its user; therefore server time, order in the log and outside time stamps"
            " are recorded too. They prove that the data existed before the stamp and have not changed since. Whether a"
            " scene was staged or a screen photographed, no signature can prove.",
        ),
    ),
)
