"""The ledger at the desk: an instruction from its registration to the unit's receipt, co-handling, a work report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Playwright, expect

from server.kit.ids import new_id
from tests.e2e.inspector import SYNC_MS
from tests.e2e.ledger import SHANGHAI, Doors, Office, office_at_work, written, yesterday
from tests.factories.product import Product
from tests.factories.sheets import goals, workbook
from tests.factories.trail import moved_sql

HOUSING, TRANSPORT, ECOLOGY = "住房和城乡建设局", "交通运输局", "生态环境局"
# The item's trail is answered at the moment at which somebody presses a button.
_TRAIL_COMES_WITH_THE_PRESS = """
const asked = window.fetch.bind(window)
let come
const pressed = new Promise((resolve) => { come = resolve })
window.awaitPress = () => addEventListener('pointerdown', () => come(), { capture: true })
window.fetch = async (path, options) => {
  const answer = asked(path, options)
  if (String(path).endsWith('/steps')) await pressed
  return answer
}
"""
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Not the one that the other browser tests share: this office works by the rules of Liangshan."""
    with Product(tmp_path_factory.mktemp("ledger")) as own:
        Doors(own).enact("liangshan-2010@1")
        yield own


@pytest.fixture
def doors(product: Product) -> Doors:
    """The API behind the screens."""
    return Doors(product)


@pytest.fixture
def office(playwright_driver: Playwright, product: Product) -> Iterator[Office]:
    """Everybody's desk."""
    with office_at_work(playwright_driver, product) as working:
        yield working


@pytest.mark.requirement("S12")
@pytest.mark.requirement("R4")
@pytest.mark.requirement("R32")
def test_an_instruction_reaches_its_unit_with_fifteen_working_days(doors: Doors, office: Office) -> None:
    key = str(new_id())[-6:]
    title, wording = f"清溪河沿岸垃圾清理第{key}号", f"请住建局限期清理，结果报我（{key}）。"
    with office.desk("tanglan") as registrar:
        registrar.page.goto("/desk/items/new")
        registrar.field("事项名称").fill(title)
        registrar.field("来源").select_option("LEADER_INSTRUCTION")
        registrar.field("类别").select_option("SPECIAL")
        registrar.field("批示领导").fill("顾远")
        registrar.field("批示日期").fill(yesterday())
        registrar.field("批示原文").fill(wording)
        registrar.attach_pdf("批示件", "清溪河批示件.pdf")
        registrar.page.locator("form").get_by_role("button", name="登记事项", exact=True).click()
        item_id = registrar.item_id()
        registrar.expect_text(wording)
        registrar.expect_text("清溪河批示件.pdf")

    with office.desk("linxia") as supervisor:
        supervisor.open_item(item_id)
        supervisor.button("写拟办意见").click()
        supervisor.field("拟办意见").fill("拟转住建局办理。")
        supervisor.field("工作标准").fill("沿岸垃圾清零，附清理前后照片。")
        supervisor.field("承办单位").select_option(label=HOUSING)
        supervisor.field("责任人").select_option(label="许诺")
        supervisor.field("立项依据").select_option("HEAD_ORDER")
        supervisor.field("督查范围").fill("限清溪河县城段。")
        supervisor.button("保存").click()
        supervisor.button("送审").click()
        expect(supervisor.button("送审")).to_have_count(0, timeout=SYNC_MS)
        supervisor.expect_state(item_id, "立项审批")

    with office.desk("luming") as leader:
        leader.sign_approval(title, "审核同意")
        leader.open_item(item_id)
        # One's own first signature is not followed by one's own second.
        expect(leader.page.get_by_role("button", name=re.compile("^审定立项"))).to_have_count(0)
    with office.desk("guyuan") as head:
        head.sign_approval(title, "审定立项")
        head.expect_state(item_id, "已立项")

    with office.desk("hejing") as chief:
        chief.open_waiting(title)
        chief.button("确认办法").click()
        interval = chief.field("督查间隔（天）(选填)")
        interval.fill("7")
        chief.button("确认办法").click()
        expect(interval).to_have_count(0, timeout=SYNC_MS)
        chief.expect_state(item_id, "办法已确认")

    with office.desk("linxia") as supervisor:
        supervisor.open_item(item_id)
        supervisor.page.get_by_role("link", name="起草任务通知单").click()
        expect(supervisor.field("承办单位")).to_have_value(doors.unit(HOUSING))
        expect(supervisor.field("工作标准")).to_have_value("沿岸垃圾清零，附清理前后照片。")
        supervisor.draft_saved()
        supervisor.expect_text("须由督查室负责人签发，签发前仍可修改。")
        expect(supervisor.page.locator(".paper")).to_contain_text("15 个工作日")

    with office.desk("hejing") as chief:
        chief.issue(title)
        [item] = doors.product.sql("SELECT due_rule FROM items WHERE id = $1", item_id)
        assert item["due_rule"] == "DL-LS-15"
        issued = doors.product.sql("SELECT issued_at FROM slips WHERE item_id = $1", item_id)[0]["issued_at"]
        received = issued.astimezone(SHANGHAI).date().isoformat()
        due = doors.ok("hejing", "GET", f"calendars/count?received={received}&n=15")["last_day"]
        expect(chief.page.locator(".paper")).to_contain_text(written(due))
        # The day of S12 itself, on the same calendar: received on 2026-04-30, with the May holiday between.
        chief.page.goto("/desk/rules?tab=calendar&year=2026")
        chief.field("收到日期").fill("2026-04-30")
        chief.field("时限").fill("15")
        expect(chief.page.locator(".calc-day")).to_contain_text("2026年5月25日", timeout=SYNC_MS)

    with office.desk("unit") as liaison:
        liaison.open_task(title)
        expect(liaison.page.locator("article.slip-view")).to_contain_text(written(due))
        liaison.sign_for(title, "许诺")
    with office.desk("linxia") as supervisor:
        supervisor.expect_state(item_id, "承办中")


def test_a_press_is_not_lost_while_the_trail_is_read(doors: Doors, office: Office) -> None:
    title = f"文昌路口信号灯修复第{str(new_id())[-6:]}号"
    doors.established(doors.forwarding(title, HOUSING), title=title, source_kind="LEADER_ASSIGNMENT")
    with office.desk("hejing") as chief:
        chief.page.add_init_script(_TRAIL_COMES_WITH_THE_PRESS)
        chief.open_waiting(title)
        chief.button("确认办法").click()
        interval = chief.field("督查间隔（天）(选填)")
        interval.fill("7")
        chief.page.evaluate("awaitPress()")
        # As long as a hand takes: what is above the button must not move it away meanwhile.
        chief.button("确认办法").click(delay=120)
        expect(interval).to_have_count(0, timeout=SYNC_MS)


@pytest.mark.requirement("S10")
@pytest.mark.requirement("R45")
def test_three_units_sign_and_the_assisting_ones_report_to_the_lead(doors: Doors, office: Office) -> None:
    key = str(new_id())[-6:]
    title = f"文昌街路面和排水同步整治第{key}号"
    moving, green = f"road-{key}", f"green-{key}"
    doors.add_liaison(moving, "方舟", TRANSPORT)
    doors.add_liaison(green, "苏晴", ECOLOGY)
    item_id = doors.confirmed(
        {
            "proposal_text": "拟由住建局主办，交通、环境部门协办。",
            "task": title,
            "requirement": "路面修复，污水不直排",
            "mode": "JOINT",
            "handling_unit_id": doors.unit(HOUSING),
            "assist_unit_ids": [doors.unit(TRANSPORT), doors.unit(ECOLOGY)],
            "responsible_person_id": doors.person("unit"),
            "follow_up_id": doors.person("linxia"),
            "kind": "DAILY",
            "content_kind": 2,
            "basis_kind": "DECISION",
            "basis_text": "县政府第12次常务会议",
            "scope_text": "限文昌街",
        },
        title=title,
        source_kind="LEADER_ASSIGNMENT",
    )

    with office.desk("linxia") as supervisor:
        supervisor.open_item(item_id)
        supervisor.page.get_by_role("link", name="起草任务通知单").click()
        expect(supervisor.page.get_by_role("radio", name="会办", exact=True)).to_be_checked()
        expect(supervisor.field("主办单位")).to_have_value(doors.unit(HOUSING))
        expect(supervisor.field("协办单位")).to_have_count(2)
        supervisor.field("责任人").nth(1).select_option(label="方舟")
        supervisor.field("责任人").nth(2).select_option(label="苏晴")
        supervisor.choose("完成时限", "写明期限")
        supervisor.field("数量").fill("10")
        supervisor.draft_saved()
    with office.desk("hejing") as chief:
        chief.issue(title)
        receipts = chief.page.locator(".receipts li")
        expect(receipts).to_have_count(3)
        expect(receipts.filter(has_text="主办")).to_have_count(1)
        expect(receipts.filter(has_text="协办")).to_have_count(2)
        expect(receipts.filter(has_text="待签收")).to_have_count(3)

    with office.desk("unit") as lead:
        lead.sign_for(title, "许诺")
    for login, name, words in ((moving, "方舟", "路面已修复"), (green, "苏晴", "排口已封堵")):
        with office.desk(login) as assisting:
            assisting.sign_for(title, name)
            assisting.open_item(item_id)
            # All that an assisting unit is offered goes to the lead unit, nothing upward.
            offered = assisting.page.locator(".assignment").get_by_role("button")
            expect(offered).to_have_text(["向主办单位提交意见", "记录分歧"])
            assisting.button("向主办单位提交意见").click()
            dialog = assisting.page.get_by_role("dialog")
            expect(dialog).to_contain_text("只送主办单位，由主办单位综合后上报。")
            dialog.get_by_label("协办意见").fill(words)
            dialog.get_by_role("button", name="向主办单位提交意见", exact=True).click()
            expect(dialog).to_be_hidden(timeout=SYNC_MS)
            expect(assisting.page.locator(".joint")).to_contain_text(words)
        upward = {"id": str(new_id()), "text": words, "addressed_to": "OFFICE"}
        refused = doors.ask(login, "POST", f"items/{item_id}/contributions", upward)
        assert refused.json()["code"] == "assisting_unit_cannot_report"

    with office.desk("unit") as lead:
        lead.open_item(item_id)
        joint = lead.page.locator(".joint")
        expect(joint).to_contain_text("路面已修复")
        expect(joint).to_contain_text("排口已封堵")
        expect(lead.button("向主办单位提交意见")).to_have_count(0)
    with office.desk("hejing") as chief:
        chief.open_item(item_id)
        expect(chief.page.locator(".assignment")).to_contain_text(HOUSING)
        expect(chief.page.locator(".assignment .badge", has_text="已提交主办")).to_have_count(2)
        # The office reads the words in the report of the lead unit.
        expect(chief.page.locator(".assignment")).not_to_contain_text("路面已修复")


@pytest.mark.requirement("S5")
@pytest.mark.requirement("R7")
@pytest.mark.requirement("R8")
def test_a_work_report_is_imported_once_its_table_is_right(doors: Doors, office: Office) -> None:
    parent = doors.registered(
        "hejing", title="政府工作报告目标任务分解", source_kind="WORK_REPORT", category="DECISION"
    )
    due = datetime.now(SHANGHAI).date() + timedelta(days=200)
    rows = goals(262, [(HOUSING, "许诺"), ("督查室", "周衡")], due)
    wrong = [rows[0], (*rows[1][:2], "住建局", *rows[1][3:]), (*rows[2][:4], "年底"), *rows[3:]]

    with office.desk("hejing") as chief:
        chief.open_item(parent)
        chief.button("从表格导入").click()
        sheet = chief.page.get_by_role("dialog", name="从表格导入子项")
        pick = sheet.locator("input[type=file]")
        pick.set_input_files({"name": "分解表.xlsx", "mimeType": SHEET, "buffer": workbook(wrong)})
        expect(sheet).to_contain_text("共 262 行，其中 2 行需要更正（共 2 处）", timeout=SYNC_MS)
        faults = sheet.locator(".fault")
        expect(faults).to_have_count(2)
        expect(faults.nth(0)).to_contain_text("第 3 行")
        expect(faults.nth(0)).to_contain_text("责任单位")
        expect(faults.nth(1)).to_contain_text("第 4 行")
        expect(faults.nth(1)).to_contain_text("完成时限")
        send = sheet.get_by_role("button", name="导入 262 项", exact=True)
        expect(send).to_be_disabled()

        pick.set_input_files({"name": "分解表（改）.xlsx", "mimeType": SHEET, "buffer": workbook(rows)})
        expect(sheet).to_contain_text("共 262 行，全部可以导入", timeout=SYNC_MS)
        send.click()
        expect(sheet).to_be_hidden(timeout=SYNC_MS)
        children = chief.page.locator(".plan-children")
        expect(children).to_contain_text("已办结 0 / 262 项", timeout=SYNC_MS)
        expect(children.get_by_role("button", name="全部 262 项", exact=True)).to_be_visible()
        expect(children.locator("a.child").first).to_contain_text("政府工作报告目标第1项")

        # Half of them are done, as months later; the roll-up says so.
        doors.product.sql(moved_sql("o.parent_id = $2 AND o.child_no <= 131"), "CLOSED", parent)
        chief.open_item(parent)
        expect(children).to_contain_text("已办结 131 / 262 项")
        expect(children.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "50")
    stored = doors.product.sql("SELECT count(*) AS n FROM items WHERE parent_id = $1", parent)
    assert stored == [{"n": 262}]
