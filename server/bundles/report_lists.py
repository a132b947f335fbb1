"""The tables of the report: originals with their digests, chains, custody, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from server.bundles import layout, pages
from server.bundles.judged import precedes
from server.bundles.material import Signed, StoredObject
from server.bundles.report_facts import ReportFacts
from server.bundles.report_words import ACTS, COSIGNED, FLAGS, PARTS, REASONS, SOURCES, STAMPS, Words, category
from server.bundles.trail import Entry
from server.bundles.withholding import body
from server.evidence.events import CaptureReviewed
from server.tlog.anchors.outside import outside

if TYPE_CHECKING:
    from server.bundles.contents import Contents


def data_list(found: Contents, facts: ReportFacts) -> str:
    """电子数据清单: every original in scope, each with two rows that stay together on paper."""
    head = (
        ("序号", "No."),
        ("类别", "Kind"),
        ("文件格式", "Format"),
        ("大小", "Size"),
        ("拍摄或选取（手机时间）", "Taken or picked (phone)"),
        ("收到", "Received"),
    )
    intro = pages.paragraph(
        "类别、文件格式、完整性校验值与签名逐件列明。签名为取证手机私钥对签名记录（含本件校验值）的电子签名，"
        "算法 ECDSA P-256 / SHA-256。",
        "Each file with kind, format, digest and signature. The phone's key signs a statement that contains the digest"
        " (ECDSA P-256 with SHA-256).",
    )
    top = "".join(f"<th>{pages.both(*words)}</th>" for words in head)
    rows = "".join(_file(number, *one, facts) for number, one in enumerate(_originals(found), start=1))
    list_ = f"<table class='files'><thead><tr>{top}</tr></thead>{rows}</table>"
    return pages.heading(2, "一、电子数据清单", "1. List of electronic data") + intro + list_


def _originals(found: Contents) -> Iterator[tuple[Signed, StoredObject]]:
    for one in sorted(found.material.statements, key=lambda each: (each.received_ms, each.session_id, each.seq)):
        if one.id in found.scope.captures:
            for file in found.material.originals.get(one.id, ()):
                yield one, file


def _file(number: int, one: Signed, file: StoredObject, facts: ReportFacts) -> str:
    told = body(one)
    medium = told["media"][file.position]
    path = layout.original(layout.statement_folder(one.session_id, one.seq), file.position, file.media_type)
    absent = pages.both("未附：导出时服务器尚未收到", "not included: not received yet")
    pixels = f" {medium['w']}×{medium['h']}" if medium["w"] else ""
    cells = (
        str(number),
        pages.both(*category(file.media_type)),
        f"{layout.ending(file.media_type).upper()}{pixels}",
        pages.size(file.length),
        pages.moment_ms(told["clock"]["wall_ms"]),
        pages.moment_ms(one.received_ms),
    )
    proof = pages.pairs(
        (
            ("完整性校验值", "SHA-256", pages.code(file.sha256.hex())),
            ("字节数", "bytes", f"{file.length:,}"),
            ("签名记录", "statement", pages.code(one.sha256.hex())),
            ("签名公钥指纹", "key", pages.code(told["dev"])),
            ("取得方式", "source", pages.both(*SOURCES.get(medium["src"], (medium["src"], medium["src"])))),
            ("包内文件", "file", pages.code(path) if file.received else absent),
            *_remarks(one, facts),
        )
    )
    first = "".join(f"<td>{cell}</td>" for cell in cells)
    return f"<tbody><tr>{first}</tr><tr><td></td><td colspan='5'>{proof}</td></tr></tbody>"


def _remarks(one: Signed, facts: ReportFacts) -> Iterator[tuple[str, str, str]]:
    known = facts.captures.get(one.id)
    if known is None:
        return
    if known.discarded:
        yield "注明", "remark", f"<b>{pages.both(*ACTS['capture.discarded'])}</b>"
    for flag in known.flags:
        yield "注明", "remark", f"<b>{pages.both(*FLAGS.get(flag, (flag, flag)))}</b>"


def chains(found: Contents, facts: ReportFacts) -> str:
    """The chain of each session: who, with which phone, how many statements, whether sealed."""
    head = (
        ("检查人员 / 手机", "Inspector / phone"),
        ("链条编号与公钥指纹", "Chain and key"),
        ("开启 / 封存（手机时间）", "Opened / sealed (phone)"),
        ("记录", "Statements"),
    )
    rows = [_chain(found.material.of_session(session), facts) for session in found.scope.sessions]
    intro = pages.paragraph(
        "同一手机在同一次检查中的每份记录都含前一份的校验值和连续编号；封存记录写明总数。删去、调换或插入任何一份都会使后面的记录对不上。"
        "本包附有每条链的全部签名记录（不在范围内的只附签名记录，不附图片）。",
        "Each statement of a chain names the digest of the one before and a running number; the seal states the count."
        " The whole chain is included, of captures outside the scope only the statements.",
    )
    return (
        pages.heading(2, "二、取证链的完整性", "2. Completeness of the chains")
        + intro
        + pages.table(head, rows, numbers=frozenset({3}))
        + _keys(found, facts)
    )


def _keys(found: Contents, facts: ReportFacts) -> str:
    """What happened to the phones and passkeys: their enrolment, and whatever speaks against them."""
    head = (("时间", "Time"), ("经手", "By"), ("手机与密钥", "Phones and keys"), ("日志序号", "Log index"))
    rows = [
        [
            pages.moment(entry.at),
            _by(entry, facts),
            pages.both(*ACTS.get(entry.kind, (entry.kind, entry.kind))),
            str(found.proofs.of(entry.leaf).index),
        ]
        for entry in found.enrolments
    ]
    return pages.table(head, rows, numbers=frozenset({3})) if rows else ""


def _by(entry: Entry, facts: ReportFacts) -> str:
    return pages.escape(facts.people.get(entry.actor_id, "") if entry.actor_id else "系统 System")


def _chain(chain: list[Signed], facts: ReportFacts) -> list[str]:
    opening = body(chain[0])
    seal = next((one for one in chain if one.kind == "seal/1"), None)  # signatures of it may follow
    phone = facts.phones.get(UUID(opening["device"]))
    told_phone = f"{pages.escape(phone.name)} <small>{pages.escape(phone.platform)}</small>" if phone else ""
    sealed = (
        pages.moment_ms(body(seal)["clock"]["wall_ms"])
        if seal is not None
        else pages.both("尚未封存", "not sealed yet")
    )
    counts = "".join(f"<br>{zh} {en} {count}" for zh, en, count in _counts(chain) if count)
    return [
        f"{pages.escape(facts.people.get(UUID(opening['who']), opening['who']))}<br>{told_phone}",
        f"{pages.code(str(chain[0].session_id))}<br>{pages.code(opening['dev'])}",
        f"{pages.moment_ms(opening['from_ms'])}<br>{sealed}",
        f"{len(chain)}<small>{counts}</small>",
    ]


def _counts(chain: list[Signed]) -> Iterator[tuple[str, str, int]]:
    """What the statements of a chain are; they add up to the number above."""
    kinds = Counter(one.kind for one in chain)
    for kind, zh, en in _KINDS:
        yield zh, en, kinds[kind]
    outcomes = Counter(body(one)["outcome"] for one in chain if one.kind == "cosign/1")
    yield "签认", "signed", outcomes["signed"]
    yield "拒签", "refused", outcomes["refused"]


_KINDS: Final = (
    ("session/1", "开启", "opening"),
    ("capture/1", "拍摄", "captures"),
    ("discard/1", "作废", "void"),
    ("note/1", "补记", "notes"),
    ("seal/1", "封存", "seal"),
)


def handled(found: Contents, facts: ReportFacts) -> str:
    """Who did what with the evidence since it arrived."""
    head = (("时间", "Time"), ("经手", "By"), ("事项", "Act"), ("件", "No."), ("日志序号", "Log index"))
    numbers: dict[UUID, list[int]] = {}
    for number, (one, _) in enumerate(_originals(found), start=1):
        numbers.setdefault(one.id, []).append(number)
    rows = [
        [
            pages.moment(entry.at),
            _by(entry, facts),
            pages.both(*_act(entry.kind, entry.data)) + _stamped(entry, found),
            "、".join(str(number) for number in numbers.get(_about(entry), ())),
            str(found.proofs.of(entry.leaf).index),
        ]
        for entry in found.custody
    ]
    intro = pages.paragraph(
        "下列每一行都已写入公开日志，逐条附有证明（data/custody.jsonl）。",
        "Each line is an entry of the public log, with its proof in data/custody.jsonl.",
    )
    return (
        pages.heading(2, "五、经手记录", "5. Who handled it")
        + intro
        + pages.table(head, rows, numbers=frozenset({3, 4}))
    )


def _about(entry: Entry) -> UUID:
    """The capture that an entry is about, where it is about one."""
    told = entry.data.get("capture_id")
    return UUID(told) if told else entry.subject_id


def _act(kind: str, data: dict[str, Any]) -> Words:
    zh, en = ACTS.get(kind, (kind, kind))
    if kind == CaptureReviewed.KIND:
        verdict = {"ACCEPTED": ("：采信", ": accepted"), "REJECTED": ("：不采信", ": rejected")}
        more = verdict.get(str(data.get("decision")), ("", ""))
        return zh + more[0], en + more[1]
    if kind == "capture_session.cosigned":
        return COSIGNED.get((str(data.get("party")), str(data.get("outcome"))), (zh, en))
    return zh, en


def _stamped(entry: Entry, found: Contents) -> str:
    """Of a review, whether an authority had stamped the capture before it; nothing where none is asked."""
    if entry.kind != CaptureReviewed.KIND or not (found.anchors or outside().authorities):
        return ""
    own = next(one for one in found.material.statements if one.id == entry.subject_id)
    place = found.proofs.of(own.leaf).index
    stamp = next((one for one in found.anchors if one.size > place), None)
    if stamp is None:
        return f"<br><small>{pages.both(*STAMPS['without'])}</small>"
    index = found.proofs.of(entry.leaf).index
    before = precedes(stamp.size, stamp.at, stamp.kept, judged=entry.at, index=index)
    zh, en = STAMPS["before" if before else "after"]
    at = pages.moment(stamp.at)
    return f"<br><small>{pages.escape(zh)} {at}<span class='en' lang='en'>{pages.escape(en)}</span></small>"


def withheld(found: Contents) -> str:
    """What the bundle leaves out, counted by reason and listed."""
    title = pages.heading(2, "六、未附内容", "6. What is left out")
    lines = found.withheld
    if not lines:
        return title + pages.paragraph("没有未附的内容。", "Nothing is left out.")
    counts = Counter((line["what"], line["why"]) for line in lines)
    rows = [
        [pages.both(*PARTS[what]), pages.both(*REASONS[why]), str(count)]
        for (what, why), count in sorted(counts.items())
    ]
    intro = pages.paragraph(
        "未附的每一部分都在 data/bundle.json 中列出校验值；日后提供时可凭校验值核对。",
        "Each part left out is listed in data/bundle.json with its digest, against which it can be checked later.",
    )
    head = (("部分", "Part"), ("原因", "Why"), ("件数", "Count"))
    return title + intro + pages.table(head, rows, numbers=frozenset({2}))
