"""What can go wrong with decomposition, imports, milestones and the public board."""

from __future__ import annotations

from server.kit.errors import DomainError


class TableUnreadable(DomainError):
    """This file cannot be read as a table; save it as .xlsx or .csv and choose it again."""

    code, status = "table_unreadable", 422
    zh = "无法按表格读取该文件。请另存为 .xlsx 或 .csv 后重新选择。"


class TableTooLarge(DomainError):
    """This table is larger than one import takes; split it and import the parts one after another."""

    code, status = "table_too_large", 422
    zh = "表格超过一次导入的上限，请拆分后分次导入。"


class WorkbookTooLarge(DomainError):
    """This workbook holds more than one import takes; copy the table alone into a new file, or split it."""

    code, status = "workbook_too_large", 422
    zh = "工作簿中的内容（文字、单元格、样式或图片）超过一次导入的上限。请只把这张表复制到新文件，或拆分后分次导入。"


class TableEmpty(DomainError):
    """The table has no row below its headings; fill in at least one."""

    code, status = "table_empty", 422
    zh = "表头下面没有任何一行，请至少填写一行。"


class HeadingsMissing(DomainError):
    """The table lacks columns that every child needs; take the headings from the template."""

    code, status = "headings_missing", 422
    zh = "表格缺少必需的列，请使用模板中的表头。"


class ImportRefused(DomainError):
    """Nothing was imported: some rows need correction. Correct them in the file and choose it again."""

    code, status = "import_refused", 422
    zh = "未导入任何一行：部分行需要更正。请在文件中改正后重新选择。"


class TooDeep(DomainError):
    """Items are decomposed over four levels at most; put this under a higher item."""

    code, status = "too_deep", 409
    zh = "责任分解最多四级，请放到上一级事项下。"


class NotToDecompose(DomainError):
    """An item whose result has been reported or that is no longer open is not decomposed any more."""

    code, status = "not_to_decompose", 409
    zh = "该事项已反馈结果或已不在办理中，不能再分解。"


class PersonOfAnotherUnit(DomainError):
    """The responsible person does not belong to the responsible unit."""

    code, status = "person_of_another_unit", 422
    zh = "责任人不属于该责任单位。"


class DeadlineMissing(DomainError):
    """A schedule is planned backwards from a deadline; this item has none yet."""

    code, status = "deadline_missing", 409
    zh = "倒排工期以完成时限为起点，该事项尚无完成时限。"


class AfterDeadline(DomainError):
    """A milestone lies after the deadline of the item."""

    code, status = "after_deadline", 422
    zh = "节点日期晚于该事项的完成时限。"


class MilestoneHasProgress(DomainError):
    """Progress has been recorded against this milestone, so it stays in the schedule; change its date or name."""

    code, status = "milestone_has_progress", 409
    zh = "该节点已有进展记录，不能从计划中删除；可修改其日期或名称。"


class DoneInFuture(DomainError):
    """A milestone cannot be done on a day that has not come."""

    code, status = "done_in_future", 422
    zh = "完成日期不能晚于今天。"


class ListedAlready(DomainError):
    """This item is on the public board already."""

    code, status = "listed_already", 409
    zh = "该事项已挂牌督办。"


class NotListed(DomainError):
    """This item is not on the public board."""

    code, status = "not_listed", 409
    zh = "该事项未挂牌督办。"


class NotToList(DomainError):
    """Only an established item that is still open goes on the public board."""

    code, status = "not_to_list", 409
    zh = "只有已立项且未办结的事项才能挂牌督办。"


class DecisionByALeader(DomainError):
    """Going on or off the public board is decided by a leader who may sign items; name one of them."""

    code, status = "decision_by_a_leader", 422
    zh = "挂牌和摘牌须由有权签批的领导决定，请选择作出决定的领导。"
