"""The page for the court in a bundle: the list of electronic data and the environment report.

The list follows the rules on electronic data (类别、文件格式、完整性校验值、签名); the report goes through the
factors of article 93 of the civil evidence rules (最高人民法院关于民事诉讼证据的若干规定, 2019) one by one. The page
states what was done and where it can be checked; it proves nothing by itself, and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.access.actor import Actor
from server.bundles import pages, report_environment, report_lists
from server.bundles.report_facts import look_up
from server.bundles.report_words import SCOPES

if TYPE_CHECKING:
    from server.bundles.contents import Contents

TITLE = ("电子数据清单及环境报告", "List of electronic data and report on their environment")


async def page(actor: Actor, found: Contents) -> str:
    """The page as HTML."""
    facts = await look_up(actor, found.material, (*found.custody, *found.enrolments))
    parts = (
        _head(found),
        report_lists.data_list(found, facts),
        report_lists.chains(found, facts),
        report_environment.environment(found, facts),
        report_environment.log(found),
        report_lists.handled(found, facts),
        report_lists.withheld(found),
        _signatures(),
    )
    return pages.page(f"{TITLE[0]} · {found.scope.title}", "\n".join(parts))


def _head(found: Contents) -> str:
    order, scope = found.order, found.scope
    originals = [file for capture in scope.captures for file in found.material.originals.get(capture, ())]
    here = sum(file.received for file in originals)
    rows = (
        ("机关", "Office", pages.escape(order.org_name)),
        ("内容", "Content", pages.escape(scope.title)),
        ("范围", "Scope", pages.both(*SCOPES[scope.kind])),
        ("用途", "Purpose", pages.escape(order.purpose)),
        ("制作人", "Made by", pages.escape(order.maker_name)),
        ("制作时间", "Made at", pages.moment(order.made_at)),
        ("导出编号", "Export", pages.code(str(order.id))),
    )
    told = pages.paragraph(
        f"本取证包含签名记录 {len(found.material.statements)} 份、原件 {here} 件"
        + (f"（另有 {len(originals) - here} 件导出时尚未送达）" if here < len(originals) else "")
        + "。原件为手机提交的原始字节，未经任何改动。",
        f"Signed statements in this bundle: {len(found.material.statements)}; originals: {here}"
        + (f" (not received yet: {len(originals) - here})" if here < len(originals) else "")
        + ". Originals are the very bytes that the phone handed in.",
    ) + pages.paragraph(
        "本页仅为说明，本身不是证明。请用自己保存、并核对过校验值的核验程序（data/tools 内的是同样的一份），"
        "或按 data/README.txt 用通用命令核验；公钥与可信名单应从公证处等第三方取得，不要取自本包。",
        "This page explains and proves nothing by itself. Check with a verifier of your own whose digest you have"
        " compared (data/tools holds the same), or with common commands as data/README.txt shows; get the public keys"
        " from a third party such as the notary, not from this bundle.",
    )
    return f"{pages.heading(1, *TITLE)}{pages.pairs(rows)}<div class='box'>{told}</div>"


def _signatures() -> str:
    fields = (
        ("制作人（签名）", "Made by (signature)"),
        ("持有人或提供人（签名）", "Holder or provider (signature)"),
        ("见证人（签名）", "Witness (signature)"),
        ("接收人（签名）及日期", "Received by (signature), date"),
    )
    lines = "".join(f"<div>{pages.both(*words)}</div>" for words in fields)
    return f"{pages.heading(2, '七、签名', '7. Signatures')}<div class='sign'>{lines}</div>"
