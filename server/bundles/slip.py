"""The slip that the inspected unit keeps (现场凭条): nobody can later add to, take from or change what was sealed.

A sheet of A5 with the digest of each seal, how many statements it counts, and a checkpoint of the log that contains it.
A code beside each seal holds the same as text, so that any program that reads codes shows it: a line
``zhicha-checkpoint/1 <origin> <size> <root>``, then ``zhicha-seal/1 <digest>:<count>``. The verifiers look at the last
word of what they are given as the slip, so the whole text can be given to them as a camera reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import segno

from server.access.actor import Actor
from server.bundles import pages, proofs
from server.bundles.errors import NotSealed
from server.journal.leaves import b64u, statement_leaf
from server.kit import canonical, clock, db
from server.kit.errors import NotFound
from server.tlog.publishing import sees_newest
from server.tlog.queries import Checkpoint
from server.visits.scope import visible_to

_A5: Final = "@page{size:A5;margin:9mm 10mm}"
_STYLE: Final = """
body{font-size:9.5pt;line-height:1.45}
@media screen{body{max-width:148mm;padding:9mm 10mm}}
h1{font-size:15pt} h1 .en{font-size:9pt} .en{font-size:7.5pt}
dl{grid-template-columns:36mm minmax(0,1fr);gap:.4mm 3mm;margin-bottom:2.5mm}
.code{display:grid;grid-template-columns:minmax(0,1fr) 34mm;gap:3mm;align-items:start;margin-bottom:1mm}
.code,.end{break-inside:avoid}
.code svg{width:34mm;height:34mm;display:block}
.seal{font:9.5pt/1.5 ui-monospace,"DejaVu Sans Mono",Consolas,monospace}
.seal b{display:inline-block;margin-right:2mm;font-weight:400}
@media screen and (max-width:480px){
body{padding:4mm} .code{grid-template-columns:minmax(0,1fr)} dl{grid-template-columns:28mm minmax(0,1fr)}
}
.sign{gap:3mm 8mm;margin-top:1mm} .sign div{padding-top:7mm}
.box{padding:2mm 3mm;margin-bottom:3mm}
"""


@dataclass(frozen=True, slots=True)
class _Seal:
    """A sealed chain of the visit."""

    sha256: bytes
    count: int
    captures: int
    person: str
    at: datetime
    leaf: bytes

    @property
    def text(self) -> str:
        """As ``verify.py --slip`` takes it."""
        return f"{b64u(self.sha256)}:{self.count}"


async def page(actor: Actor, visit_id: UUID) -> str:
    """The slip as a page.

    Raises:
        NotFound: no such visit, or none that exists for the actor. NotSealed: nothing is sealed yet.
        LogPending: a seal is not in the log (as the actor may see it) yet.
    """
    condition, args = visible_to(actor, 2)
    visit = await db.fetch_one(
        "SELECT v.id, v.title, v.arrived_at, v.left_at, s.name AS site, s.address, u.name AS unit, o.name AS office"
        " FROM visits v JOIN sites s ON s.id = v.site_id JOIN organisations o ON o.id = v.org_id"
        f" LEFT JOIN units u ON u.id = v.object_unit_id WHERE v.id = $1 AND {condition}",
        visit_id,
        *args,
    )
    if visit is None:
        raise NotFound
    seals = [_seal(row) for row in await db.fetch(_SEALS, visit_id)]
    if not seals:
        raise NotSealed
    unsealed: int = await db.fetch_value(
        "SELECT count(*) FROM capture_sessions WHERE visit_id = $1 AND sealed_at IS NULL AND head_seq > 0", visit_id
    )
    # The newest checkpoint would tell a unit, at any moment, whether somebody is on the road.
    prove = proofs.proven if sees_newest(actor) else proofs.published
    proven = await prove([seal.leaf for seal in seals])
    return pages.page(
        f"现场取证凭条 · {visit['title']}", _body(visit, seals, unsealed, proven.checkpoint), style=_STYLE, paper=_A5
    )


_SEALS: Final = (
    "SELECT s.statement, s.statement_sha256, s.env_sha256, s.received_at, s.seq, p.name,"
    " (SELECT count(*) FROM captures c WHERE c.session_id = s.session_id) AS captures"
    " FROM statements s JOIN capture_sessions cs ON cs.id = s.session_id JOIN people p ON p.id = cs.person_id"
    " WHERE cs.visit_id = $1 AND s.kind = 'seal/1' ORDER BY s.received_at, s.id"
)


def _seal(row: Any) -> _Seal:
    sha256 = bytes(row["statement_sha256"])
    leaf = statement_leaf(bytes(row["env_sha256"]), sha256, clock.to_ms(row["received_at"]))
    # The phone's own time, as on the slip that it shows itself: the seal may arrive hours later.
    at = clock.from_ms(canonical.decode(bytes(row["statement"]))["clock"]["wall_ms"])
    return _Seal(sha256, row["seq"] - 1, row["captures"], row["name"], at, leaf)


def _body(visit: Any, seals: list[_Seal], unsealed: int, checkpoint: Checkpoint) -> str:
    origin = checkpoint.body.split("\n", 1)[0]
    logged = f"zhicha-checkpoint/1 {origin} {checkpoint.size} {b64u(checkpoint.root)}"
    rows = (
        ("检查机关", "Office", pages.escape(visit["office"])),
        ("被检查单位", "Inspected unit", pages.escape(visit["unit"] or "—")),
        ("地点", "Place", pages.escape(f"{visit['site']} {visit['address']}".strip())),
        ("到达", "Arrived", _moment(visit["arrived_at"])),
        ("离开", "Left", _moment(visit["left_at"])),
    )
    told = pages.paragraph(
        "检查人员在现场取得的记录已经封存。下面的校验码由这些记录算出：以后只要有人增加、抽走或改动其中任何一份，"
        "校验码就对不上。请妥善保存本凭条；对证据有疑问时，凭它可请任何第三方核验。",
        "The records taken on site are sealed. The code below is computed from them: whoever adds, removes or changes"
        " one of them later can no longer produce it. Keep this slip; with it any third party can check.",
    )
    if unsealed:
        told += pages.paragraph(
            f"另有 {unsealed} 部手机的记录尚未封存，不在本凭条之内。",
            f"Records of further phones are not sealed yet and not on this slip: {unsealed}.",
        )
    log = pages.pairs(
        (
            ("日志", "Log", pages.escape(origin)),
            ("条目数", "Size", f"{checkpoint.size:,}"),
            ("根校验值", "Root", f"<span class='seal'>{_grouped(b64u(checkpoint.root))}</span>"),
        )
    )
    signs = (
        ("检查人员（签名）", "Inspector"),
        ("被检查单位在场人员（签名；拒签请注明理由）", "For the unit (or why not signed)"),
    )
    return (
        pages.heading(1, "现场取证凭条", "Slip on evidence taken on site")
        + pages.pairs(rows)
        + f"<div class='box'>{told}</div>"
        + "".join(_sealed(seal, logged) for seal in seals)
        # On one sheet: nobody signs a page that says nothing.
        + f"<div class='end'>{log}"
        + f"<div class='sign'>{''.join(f'<div>{pages.both(*words)}</div>' for words in signs)}</div></div>"
    )


def _sealed(seal: _Seal, logged: str) -> str:
    rows = (
        ("检查人员", "Inspector", pages.escape(seal.person)),
        ("封存时间（手机）", "Sealed at (phone)", pages.moment(seal.at)),
        ("记录数", "Records", str(seal.count)),
        ("其中拍摄", "Captures", str(seal.captures)),
        ("封存校验码", "Seal", f"<span class='seal'>{_grouped(b64u(seal.sha256))}</span>"),
    )
    code = segno.make(f"{logged}\nzhicha-seal/1 {seal.text}", error="m", micro=False)
    return f"<div class='code'>{pages.pairs(rows)}{code.svg_inline(border=4, omitsize=True)}</div>"


def _grouped(text: str) -> str:
    """In groups of four that are never broken, to be compared by eye."""
    return " ".join(f"<b>{pages.escape(text[start : start + 4])}</b>" for start in range(0, len(text), 4))


def _moment(at: datetime | None) -> str:
    return pages.moment(at) if at else "—"
