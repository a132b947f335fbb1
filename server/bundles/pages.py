"""Pages for the printer: one file each, Chinese first and English below, no script and nothing from outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape as escape
from typing import Final

from server.kit import clock

_FONTS: Final = (
    '"PingFang SC","HarmonyOS Sans SC","Source Han Sans SC","Noto Sans SC","Noto Sans CJK SC",'
    '"Microsoft YaHei",sans-serif'
)
STYLE: Final = f"""
*{{box-sizing:border-box}}
html{{background:#eceff3}}
body{{margin:0 auto;max-width:210mm;padding:14mm 15mm;background:#fff;color:#111;font:10.5pt/1.55 {_FONTS}}}
h1{{font-size:18pt;line-height:1.3;margin:0 0 2mm;font-weight:600}}
h2{{font-size:12.5pt;margin:8mm 0 2.5mm;padding-bottom:1mm;border-bottom:.4mm solid #111;break-after:avoid}}
h2{{font-weight:600;break-inside:avoid}}
h3{{font-size:10.5pt;margin:4mm 0 1mm;font-weight:600;break-after:avoid;break-inside:avoid}}
p{{margin:0 0 2mm}}
.en{{display:block;color:#444;font-size:8.5pt;line-height:1.4;font-weight:400}}
h1 .en{{font-size:11pt}} h2 .en{{font-size:9pt}}
dt .en,td .en{{display:inline;margin-left:1.5mm}}
p{{break-inside:avoid;orphans:2;widows:2}}
table{{width:100%;border-collapse:collapse;margin:0 0 3mm}}
thead{{display:table-header-group}}
tr{{break-inside:avoid}}
th,td{{border:.2mm solid #888;padding:1.2mm 1.8mm;text-align:left;vertical-align:top}}
th{{background:#f1f3f6;font-weight:600}}
td.n,th.n{{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}}
code{{font:8pt/1.35 ui-monospace,"DejaVu Sans Mono",Consolas,monospace;overflow-wrap:anywhere;word-break:break-all}}
dl{{display:grid;grid-template-columns:42mm 1fr;gap:.6mm 4mm;margin:0 0 3mm;break-inside:avoid}}
dt{{color:#444}} dd{{margin:0;overflow-wrap:anywhere}}
.files tbody{{break-inside:avoid}}
.files tr:first-child>td>.en{{display:block;margin-left:0}}
.files td{{border-bottom:0}} .files tr+tr td{{border-top:0;padding-top:0}}
.files tbody:last-child tr:last-child td{{border-bottom:.2mm solid #888}}
time{{white-space:nowrap}} th:first-child{{white-space:nowrap}}
.files dl{{grid-template-columns:36mm 1fr;gap:.3mm 3mm;margin:0;font-size:8.5pt}}
.box{{border:.4mm solid #111;padding:3mm 4mm;margin:0 0 4mm;break-inside:avoid}}
.warn{{border-left:1.2mm solid #8a5300;padding-left:3mm}}
.sign{{display:grid;grid-template-columns:1fr 1fr;gap:6mm 10mm;margin-top:4mm;break-inside:avoid}}
.sign div{{border-bottom:.2mm solid #111;padding:9mm 0 1mm}}
footer{{margin-top:8mm;color:#444;font-size:8.5pt}}
@media screen and (max-width:640px){{
body{{padding:5mm}} table{{display:block;overflow-x:auto}} dl,.files dl{{grid-template-columns:1fr}}
}}
@media print{{html{{background:none}}body{{max-width:none;padding:0}}}}
"""
_A4: Final = (
    "@page{size:A4;margin:15mm 15mm 17mm;@bottom-center{content:counter(page) ' / ' counter(pages);font-size:8.5pt}}"
)


def page(title: str, body: str, *, style: str = "", paper: str = _A4) -> str:
    """The whole page."""
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}{paper}{style}</style></head><body>\n{body}\n</body></html>\n"
    )


def both(zh: str, en: str) -> str:
    """Chinese, and English below."""
    return f'{escape(zh)}<span class="en" lang="en">{escape(en)}</span>'


def heading(level: int, zh: str, en: str) -> str:
    """A heading in both languages."""
    return f"<h{level}>{both(zh, en)}</h{level}>"


def paragraph(zh: str, en: str) -> str:
    """A paragraph in both languages."""
    return f"<p>{both(zh, en)}</p>"


def pairs(rows: Iterable[tuple[str, str, str]]) -> str:
    """Terms in both languages, each with ready HTML."""
    return "<dl>" + "".join(f"<dt>{both(zh, en)}</dt><dd>{html}</dd>" for zh, en, html in rows) + "</dl>"


def table(
    head: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]], *, numbers: frozenset[int] = frozenset()
) -> str:
    """A table of ready HTML whose head is repeated on every page; ``numbers`` are columns set to the right."""

    def cell(tag: str, at: int, html: str) -> str:
        mark = ' class="n"' if at in numbers else ""
        return f"<{tag}{mark}>{html}</{tag}>"

    top = "".join(cell("th", at, both(*words)) for at, words in enumerate(head))
    body = "".join("<tr>" + "".join(cell("td", at, html) for at, html in enumerate(row)) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def code(text: str) -> str:
    """A digest or key, whole."""
    return f"<code>{escape(text)}</code>"


def moment(at: datetime) -> str:
    """An instant in the office's time, to the second."""
    here = at.astimezone(clock.SHANGHAI)
    return f"<time>{here.year}年{here.month}月{here.day}日 {here:%H:%M:%S}</time>"


def moment_ms(milliseconds: int) -> str:
    """The same of milliseconds since the epoch."""
    return moment(clock.from_ms(milliseconds))


def size(count: int) -> str:
    """Bytes as people say them."""
    if count < 1024:
        return f"{count} B"
    told = f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"
    return f"<time>{told}</time>"
