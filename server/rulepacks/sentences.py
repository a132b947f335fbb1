"""The rules of a pack as sentences that a clerk can read, in both languages. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from server.rulepacks import vocabulary as known
from server.rulepacks.rules import (
    DeadlineRule,
    DeskRule,
    Ground,
    IntensityRule,
    RulePack,
    Rung,
    Score,
    Slip,
    When,
    Words,
)
from server.rulepacks.schemas import PackView, PartView, RuleView, WordsView

SETTING_NAMES: dict[str, tuple[str, str]] = {
    "self_handling_allowed": ("C1 督查室可以自办", "C1 The office may handle a matter itself"),
    "self_handling_needs_authorisation": ("C1 自办须有授权", "C1 Handling it itself needs an authorisation"),
    "profile": ("C3 机构性质", "C3 Kind of office"),
    "score_accounts": ("C5 计分对象", "C5 Whose points are moved"),
    "lead_term": ("C6 牵头方的称谓", "C6 Term for the lead"),
    "assist_term": ("C6 配合方的称谓", "C6 Term for those who assist"),
    "oral_notice_allowed": ("C7 可以电话通知", "C7 A notice by telephone is allowed"),
    "oral_notice_needs_confirmation": ("C7 电话通知须补书面确认", "C7 A call is confirmed in writing later"),
    "signed_receipt_required": ("C7 须书面签收", "C7 A receipt is signed"),
    "feedback_before_cancellation": ("C8 先反馈回告、后销号", "C8 Feedback comes before cancellation"),
    "company_visits": ("C9 进企业督查", "C9 Visits to companies"),
    "two_signatures": ("立项须两级签批", "Establishment is signed twice"),
    "leader_away_days": ("领导外出超过几天须转送", "Days of a leader's absence before papers are re-routed"),
    "joint_meeting_months": ("联席会议周期（月）", "Months between joint meetings"),
    "expert_pool_months": ("专家库更新周期（月）", "Months before an expert's entry lapses"),
}
_ANY = {**known.ACCOUNTS, **known.PROFILES, **known.COMPANY_VISITS}


def pack_view(pack: RulePack) -> PackView:
    """A pack, readable."""
    parts = (
        ("deadlines", [_rule(one.id, _deadline(one), one.ground) for one in pack.deadlines]),
        (
            "immediate",
            [
                _rule(
                    "DL-IMM",
                    Words("带“特事特办”标记的事项立即办理", "Matters marked as immediate are due at once"),
                    pack.immediate,
                )
            ],
        ),
        ("desk_timers", [_rule(one.id, _desk(one), one.ground) for one in pack.desk_rules]),
        ("intensity", [_rule(one.intensity, _intensity(one), one.ground) for one in pack.intensity]),
        ("ladder", [_rule(one.id, _rung(one), one.ground) for one in pack.ladder]),
        ("slips", [_rule(one.kind, _slip(one), one.ground) for one in pack.slips]),
        ("scores", [_rule(one.consequence, _score(one), one.ground) for one in pack.scores]),
        ("settings", [_rule(key, _setting(pack, key), pack.setting_grounds[key]) for key in SETTING_NAMES]),
    )
    return PackView(
        label=pack.label,
        id=pack.id,
        version=pack.version,
        name=words_view(pack.name),
        short=words_view(pack.short),
        source_title=pack.source.title,
        source_number=pack.source.number,
        source_date=pack.source.date,
        parts=tuple(
            PartView(
                part=part,
                rules=tuple(rules),
                silence=words_view(pack.silences[part]) if part in pack.silences else None,
            )
            for part, rules in parts
        ),
        text=pack.text,
    )


def words_view(words: Words) -> WordsView:
    """Words for the wire."""
    return WordsView(zh=words.zh, en=words.en)


def _rule(rule_id: str, sentence: Words, ground: Ground) -> RuleView:
    return RuleView(
        id=rule_id,
        sentence=words_view(sentence),
        article=words_view(ground.article) if ground.article else None,
        quote=ground.quote,
        reason=words_view(ground.reason) if ground.reason else None,
    )


def _deadline(rule: DeadlineRule) -> Words:
    zh, en = _when(rule.when)
    if rule.limit is None:
        return Words(f"{rule.name.zh}（{zh}）：须另行写明时限", f"{rule.name.en} ({en}): a limit must be stated")
    after_zh, after_en = "", ""
    if rule.roll_forward:
        after_zh, after_en = ";末日遇假日顺延", "; a last day off moves to the next working day"
    if rule.closing:
        after_zh += f";末日 {rule.closing:%H:%M} 截止"
        after_en += f"; the last day ends at {rule.closing:%H:%M}"
    return Words(
        f"{rule.name.zh}（{zh}）：收到后 {rule.limit.words()}内办结{after_zh}",
        f"{rule.name.en} ({en}): {rule.limit.words_en()} after receipt{after_en}",
    )


def _when(when: When) -> tuple[str, str]:
    lists = (
        (when.source_kind, known.SOURCE_KINDS),
        (when.category, known.CATEGORIES),
        (when.urgency, known.URGENCIES),
        (when.importance, known.IMPORTANCES),
    )
    zh = [_either(codes, names, 0, "或") for codes, names in lists if codes]
    en = [_either(codes, names, 1, " or ") for codes, names in lists if codes]
    return ("、且".join(zh) or "其余一切事项", ", and ".join(en) or "everything else")


def _either(codes: Iterable[str], names: known.Names, which: int, joint: str) -> str:
    return joint.join(names[one][which] for one in names if one in set(codes))


def _desk(rule: DeskRule) -> Words:
    zh, en = known.DESK_CLASSES[rule.desk_class]
    if rule.limit is None:
        return Words(f"{zh}：未定送阅时限", f"{en}: no time set")
    if rule.limit.n == 0:
        return Words(f"{zh}：即送即阅", f"{en}: read at once")
    return Words(
        f"{zh}：在领导处不超过 {rule.limit.words()}", f"{en}: no longer than {rule.limit.words_en()} at the desk"
    )


def _intensity(rule: IntensityRule) -> Words:
    zh, en = known.INTENSITIES[rule.intensity]
    if rule.days is None:
        return Words(f"{zh}：间隔由督查室填写", f"{en}: the office enters the interval")
    return Words(f"{zh}：每 {rule.days} 日一次", f"{en}: every {rule.days} days")


def _rung(rung: Rung) -> Words:
    zh = ";或".join("且".join(_condition(key, value)[0] for key, value in one.items()) for one in rung.any_of)
    en = "; or ".join(", ".join(_condition(key, value)[1] for key, value in one.items()) for one in rung.any_of)
    what, by = known.CONSEQUENCES[rung.consequence], known.APPROVERS[rung.approval]
    more_zh = "".join(f";{known.FOLLOW_UPS[one][0]}" for one in rung.follow_ups)
    more_en = "".join(f"; {known.FOLLOW_UPS[one][1]}" for one in rung.follow_ups)
    return Words(
        f"{zh} → 建议{what[0]}(须经{by[0]}批准){more_zh}",
        f"{en[:1].upper()}{en[1:]} → {what[1]} may be proposed (approved by: {by[1].lower()}){more_en}",
    )


def _condition(key: str, value: int | bool) -> tuple[str, str]:
    zh, en = known.CONDITIONS[key]
    if key == "urged":
        return f"催办 {value} 次", f"urged {value}×"
    if key == "returned":
        return f"退回重办 {value} 次", f"returned {value}×"
    return (zh, en) if value else (f"并非{zh}", f"not {en}")


def _slip(slip: Slip) -> Words:
    return Words(*known.SLIP_KINDS[slip.kind])


def _score(score: Score) -> Words:
    zh, en = known.CONSEQUENCES[score.consequence]
    account = known.ACCOUNTS[score.account]
    if score.points is None:
        return Words(f"{zh}：分值待定（{account[0]}）", f"{en}: amount not laid down ({account[1].lower()})")
    return Words(f"{zh}：{score.points:+d} 分（{account[0]}）", f"{en}: {score.points:+d} ({account[1].lower()})")


def _setting(pack: RulePack, key: str) -> Words:
    zh, en = SETTING_NAMES[key]
    value = getattr(pack.settings, key)
    if isinstance(value, bool):
        return Words(f"{zh}：{'是' if value else '否'}", f"{en}: {'yes' if value else 'no'}")
    if value is None:
        return Words(f"{zh}：未规定", f"{en}: not laid down")
    values = value if isinstance(value, tuple) else (value,)
    return Words(
        f"{zh}：{'、'.join(_ANY.get(str(one), (str(one), ''))[0] for one in values)}",
        f"{en}: {', '.join(_ANY.get(str(one), ('', str(one)))[1] for one in values)}",
    )
