// Generated from the server by `make api`; do not edit.
export const described = {
  "lifecycles": {
    "item": {
      "states": [
        {
          "code": "REGISTERED",
          "zh": "收件登记",
          "en": "Registered"
        },
        {
          "code": "PROPOSED",
          "zh": "拟办",
          "en": "Handling proposed"
        },
        {
          "code": "UNDER_APPROVAL",
          "zh": "立项审批",
          "en": "Awaiting approval"
        },
        {
          "code": "ESTABLISHED",
          "zh": "已立项",
          "en": "Established"
        },
        {
          "code": "NOT_ESTABLISHED",
          "zh": "不予立项",
          "en": "Not established"
        },
        {
          "code": "MERGED",
          "zh": "已合并",
          "en": "Merged"
        },
        {
          "code": "METHOD_CONFIRMED",
          "zh": "办法已确认",
          "en": "Method confirmed"
        },
        {
          "code": "ASSIGNED",
          "zh": "已交办",
          "en": "Assigned"
        },
        {
          "code": "IN_PROGRESS",
          "zh": "承办中",
          "en": "In progress"
        },
        {
          "code": "REPORTED",
          "zh": "已反馈",
          "en": "Reported"
        },
        {
          "code": "UNDER_REVIEW",
          "zh": "审核中",
          "en": "Under review"
        },
        {
          "code": "SUSPENDED",
          "zh": "中止",
          "en": "Suspended"
        },
        {
          "code": "CLOSED",
          "zh": "办结",
          "en": "Closed"
        },
        {
          "code": "REPORTED_BACK",
          "zh": "已回告",
          "en": "Reported back"
        },
        {
          "code": "CANCELLED_FROM_LEDGER",
          "zh": "已销号",
          "en": "Cancelled from the ledger"
        },
        {
          "code": "ARCHIVED",
          "zh": "已归档",
          "en": "Archived"
        },
        {
          "code": "TERMINATED",
          "zh": "终止",
          "en": "Terminated"
        }
      ],
      "acts": [
        {
          "code": "register",
          "zh": "收件登记",
          "en": "Register"
        },
        {
          "code": "propose",
          "zh": "拟办",
          "en": "Propose the handling"
        },
        {
          "code": "submit",
          "zh": "送审",
          "en": "Submit for approval"
        },
        {
          "code": "review_first",
          "zh": "审核",
          "en": "First signature"
        },
        {
          "code": "establish",
          "zh": "审定立项",
          "en": "Establish"
        },
        {
          "code": "send_back",
          "zh": "退回修改",
          "en": "Send back"
        },
        {
          "code": "refuse",
          "zh": "不予立项",
          "en": "Refuse"
        },
        {
          "code": "merge",
          "zh": "合并",
          "en": "Merge"
        },
        {
          "code": "confirm_method",
          "zh": "办法确认",
          "en": "Confirm the method"
        },
        {
          "code": "amend_method",
          "zh": "变更办法",
          "en": "Change the method"
        },
        {
          "code": "withdraw_method",
          "zh": "撤回办法变更",
          "en": "Withdraw the change of method"
        },
        {
          "code": "decide_method",
          "zh": "签批办法变更",
          "en": "Decide on the change of method"
        },
        {
          "code": "assign",
          "zh": "交办",
          "en": "Assign"
        },
        {
          "code": "sign_receipt",
          "zh": "签收",
          "en": "Sign for receipt"
        },
        {
          "code": "decline",
          "zh": "退回交办",
          "en": "Decline"
        },
        {
          "code": "urge",
          "zh": "催办",
          "en": "Urge"
        },
        {
          "code": "extend",
          "zh": "延期",
          "en": "Extend"
        },
        {
          "code": "suspend",
          "zh": "中止",
          "en": "Suspend"
        },
        {
          "code": "resume",
          "zh": "恢复",
          "en": "Resume"
        },
        {
          "code": "report",
          "zh": "反馈",
          "en": "Report"
        },
        {
          "code": "take_up",
          "zh": "受理审核",
          "en": "Take up"
        },
        {
          "code": "return_for_redo",
          "zh": "退回重办",
          "en": "Return for redo"
        },
        {
          "code": "close",
          "zh": "办结",
          "en": "Close"
        },
        {
          "code": "report_back",
          "zh": "回告",
          "en": "Report back"
        },
        {
          "code": "demand_more",
          "zh": "要求续办",
          "en": "Demand more"
        },
        {
          "code": "cancel_from_ledger",
          "zh": "销号",
          "en": "Cancel from the ledger"
        },
        {
          "code": "archive",
          "zh": "归档",
          "en": "Archive"
        },
        {
          "code": "terminate",
          "zh": "终止",
          "en": "Terminate"
        },
        {
          "code": "reopen",
          "zh": "重启",
          "en": "Reopen"
        }
      ],
      "steps": [
        {
          "from": null,
          "act": "register",
          "to": "REGISTERED",
          "by": [
            "REG",
            "OFFICE"
          ],
          "basis": "D1.1; R1–R5"
        },
        {
          "from": "REGISTERED",
          "act": "propose",
          "to": "PROPOSED",
          "by": [
            "SUP"
          ],
          "basis": "D1.2; R12"
        },
        {
          "from": "PROPOSED",
          "act": "propose",
          "to": "PROPOSED",
          "by": [
            "SUP"
          ],
          "basis": "D1.2, completed or changed, also after D1.6"
        },
        {
          "from": "PROPOSED",
          "act": "submit",
          "to": "UNDER_APPROVAL",
          "by": [
            "SUP"
          ],
          "basis": "D1.3; R10"
        },
        {
          "from": "UNDER_APPROVAL",
          "act": "review_first",
          "to": "UNDER_APPROVAL",
          "by": [
            "LEADER"
          ],
          "basis": "D1.4"
        },
        {
          "from": "UNDER_APPROVAL",
          "act": "establish",
          "to": "ESTABLISHED",
          "by": [
            "LEADER",
            "HEAD"
          ],
          "basis": "D1.5; 733 art. 11"
        },
        {
          "from": "UNDER_APPROVAL",
          "act": "send_back",
          "to": "PROPOSED",
          "by": [
            "LEADER",
            "HEAD"
          ],
          "basis": "D1.6"
        },
        {
          "from": "UNDER_APPROVAL",
          "act": "refuse",
          "to": "NOT_ESTABLISHED",
          "by": [
            "LEADER"
          ],
          "basis": "D1.7; R10"
        },
        {
          "from": "REGISTERED",
          "act": "refuse",
          "to": "NOT_ESTABLISHED",
          "by": [
            "LEADER"
          ],
          "basis": "D1.7; R10"
        },
        {
          "from": "REGISTERED",
          "act": "merge",
          "to": "MERGED",
          "by": [
            "OFFICE"
          ],
          "basis": "D1.8; 733 art. 15"
        },
        {
          "from": "PROPOSED",
          "act": "merge",
          "to": "MERGED",
          "by": [
            "OFFICE"
          ],
          "basis": "D1.8; 733 art. 15"
        },
        {
          "from": "UNDER_APPROVAL",
          "act": "merge",
          "to": "MERGED",
          "by": [
            "OFFICE"
          ],
          "basis": "D1.8; 733 art. 15"
        },
        {
          "from": "ESTABLISHED",
          "act": "merge",
          "to": "MERGED",
          "by": [
            "OFFICE"
          ],
          "basis": "D1.8; 733 art. 15"
        },
        {
          "from": "METHOD_CONFIRMED",
          "act": "merge",
          "to": "MERGED",
          "by": [
            "OFFICE"
          ],
          "basis": "D1.8; 733 art. 15"
        },
        {
          "from": "ASSIGNED",
          "act": "merge",
          "to": "MERGED",
          "by": [
            "OFFICE"
          ],
          "basis": "D1.8; 733 art. 15"
        },
        {
          "from": "IN_PROGRESS",
          "act": "merge",
          "to": "MERGED",
          "by": [
            "OFFICE"
          ],
          "basis": "D1.8; 733 art. 15"
        },
        {
          "from": "REPORTED",
          "act": "merge",
          "to": "MERGED",
          "by": [
            "OFFICE"
          ],
          "basis": "D1.8; 733 art. 15"
        },
        {
          "from": "UNDER_REVIEW",
          "act": "merge",
          "to": "MERGED",
          "by": [
            "OFFICE"
          ],
          "basis": "D1.8; 733 art. 15"
        },
        {
          "from": "SUSPENDED",
          "act": "merge",
          "to": "MERGED",
          "by": [
            "OFFICE"
          ],
          "basis": "D1.8; 733 art. 15"
        },
        {
          "from": "ESTABLISHED",
          "act": "confirm_method",
          "to": "METHOD_CONFIRMED",
          "by": [
            "OFFICE"
          ],
          "basis": "D1.9; 733 art. 15"
        },
        {
          "from": "METHOD_CONFIRMED",
          "act": "amend_method",
          "to": "METHOD_CONFIRMED",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 15, changed before D1.10"
        },
        {
          "from": "METHOD_CONFIRMED",
          "act": "withdraw_method",
          "to": "METHOD_CONFIRMED",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 15, by who proposed it"
        },
        {
          "from": "METHOD_CONFIRMED",
          "act": "decide_method",
          "to": "METHOD_CONFIRMED",
          "by": [
            "LEADER",
            "HEAD"
          ],
          "basis": "733 art. 15, signed again"
        },
        {
          "from": "METHOD_CONFIRMED",
          "act": "assign",
          "to": "ASSIGNED",
          "by": [
            "SUP",
            "OFFICE"
          ],
          "basis": "D1.10; R17"
        },
        {
          "from": "ASSIGNED",
          "act": "sign_receipt",
          "to": "IN_PROGRESS",
          "by": [
            "LIAISON",
            "UDEP"
          ],
          "basis": "D1.11"
        },
        {
          "from": "ASSIGNED",
          "act": "decline",
          "to": "METHOD_CONFIRMED",
          "by": [
            "LEADER"
          ],
          "basis": "D1.11, on a refusal by LIAISON or UDEP"
        },
        {
          "from": "ASSIGNED",
          "act": "urge",
          "to": "ASSIGNED",
          "by": [
            "SUP"
          ],
          "basis": "D1.12"
        },
        {
          "from": "IN_PROGRESS",
          "act": "urge",
          "to": "IN_PROGRESS",
          "by": [
            "SUP"
          ],
          "basis": "D1.12"
        },
        {
          "from": "IN_PROGRESS",
          "act": "extend",
          "to": "IN_PROGRESS",
          "by": [
            "OFFICE",
            "LEADER",
            "ORIGIN"
          ],
          "basis": "D1.13, on request of UDEP"
        },
        {
          "from": "IN_PROGRESS",
          "act": "suspend",
          "to": "SUSPENDED",
          "by": [
            "LEADER"
          ],
          "basis": "D1.14"
        },
        {
          "from": "SUSPENDED",
          "act": "resume",
          "to": "IN_PROGRESS",
          "by": [
            "OFFICE"
          ],
          "basis": "D1.15"
        },
        {
          "from": "IN_PROGRESS",
          "act": "report",
          "to": "REPORTED",
          "by": [
            "UHEAD",
            "UDEP"
          ],
          "basis": "D1.16"
        },
        {
          "from": "REPORTED",
          "act": "take_up",
          "to": "UNDER_REVIEW",
          "by": [
            "SUP"
          ],
          "basis": "D1.17"
        },
        {
          "from": "UNDER_REVIEW",
          "act": "return_for_redo",
          "to": "IN_PROGRESS",
          "by": [
            "OFFICE"
          ],
          "basis": "D1.18"
        },
        {
          "from": "UNDER_REVIEW",
          "act": "close",
          "to": "CLOSED",
          "by": [
            "LEADER"
          ],
          "basis": "D1.19"
        },
        {
          "from": "CLOSED",
          "act": "report_back",
          "to": "REPORTED_BACK",
          "by": [
            "OFFICE"
          ],
          "basis": "D1.20"
        },
        {
          "from": "REPORTED_BACK",
          "act": "demand_more",
          "to": "IN_PROGRESS",
          "by": [
            "OFFICE"
          ],
          "basis": "D1.21, for ORIGIN"
        },
        {
          "from": "REPORTED_BACK",
          "act": "cancel_from_ledger",
          "to": "CANCELLED_FROM_LEDGER",
          "by": [
            "OFFICE"
          ],
          "basis": "D1.22"
        },
        {
          "from": "CANCELLED_FROM_LEDGER",
          "act": "archive",
          "to": "ARCHIVED",
          "by": [
            "ARC"
          ],
          "basis": "D1.23"
        },
        {
          "from": "REGISTERED",
          "act": "terminate",
          "to": "TERMINATED",
          "by": [
            "HEAD"
          ],
          "basis": "D1.24"
        },
        {
          "from": "PROPOSED",
          "act": "terminate",
          "to": "TERMINATED",
          "by": [
            "HEAD"
          ],
          "basis": "D1.24"
        },
        {
          "from": "UNDER_APPROVAL",
          "act": "terminate",
          "to": "TERMINATED",
          "by": [
            "HEAD"
          ],
          "basis": "D1.24"
        },
        {
          "from": "ESTABLISHED",
          "act": "terminate",
          "to": "TERMINATED",
          "by": [
            "HEAD"
          ],
          "basis": "D1.24"
        },
        {
          "from": "METHOD_CONFIRMED",
          "act": "terminate",
          "to": "TERMINATED",
          "by": [
            "HEAD"
          ],
          "basis": "D1.24"
        },
        {
          "from": "ASSIGNED",
          "act": "terminate",
          "to": "TERMINATED",
          "by": [
            "HEAD"
          ],
          "basis": "D1.24"
        },
        {
          "from": "IN_PROGRESS",
          "act": "terminate",
          "to": "TERMINATED",
          "by": [
            "HEAD"
          ],
          "basis": "D1.24"
        },
        {
          "from": "REPORTED",
          "act": "terminate",
          "to": "TERMINATED",
          "by": [
            "HEAD"
          ],
          "basis": "D1.24"
        },
        {
          "from": "UNDER_REVIEW",
          "act": "terminate",
          "to": "TERMINATED",
          "by": [
            "HEAD"
          ],
          "basis": "D1.24"
        },
        {
          "from": "SUSPENDED",
          "act": "terminate",
          "to": "TERMINATED",
          "by": [
            "HEAD"
          ],
          "basis": "D1.24"
        },
        {
          "from": "CLOSED",
          "act": "reopen",
          "to": "IN_PROGRESS",
          "by": [
            "LEADER"
          ],
          "basis": "D1.25"
        },
        {
          "from": "CANCELLED_FROM_LEDGER",
          "act": "reopen",
          "to": "IN_PROGRESS",
          "by": [
            "LEADER"
          ],
          "basis": "D1.25"
        }
      ]
    },
    "slip": {
      "states": [
        {
          "code": "DRAFT",
          "zh": "待签发",
          "en": "Awaiting sign-off"
        },
        {
          "code": "DISCARDED",
          "zh": "已作废草稿",
          "en": "Discarded draft"
        },
        {
          "code": "ISSUED",
          "zh": "已签发",
          "en": "Issued"
        },
        {
          "code": "WITHDRAWN",
          "zh": "已撤回",
          "en": "Withdrawn"
        }
      ],
      "acts": [
        {
          "code": "draft",
          "zh": "起草",
          "en": "Draft"
        },
        {
          "code": "revise",
          "zh": "修改",
          "en": "Revise"
        },
        {
          "code": "discard",
          "zh": "作废草稿",
          "en": "Discard the draft"
        },
        {
          "code": "issue",
          "zh": "签发",
          "en": "Sign off and issue"
        },
        {
          "code": "withdraw",
          "zh": "撤回",
          "en": "Withdraw"
        }
      ],
      "steps": [
        {
          "from": null,
          "act": "draft",
          "to": "DRAFT",
          "by": [
            "SUP",
            "OFFICE"
          ],
          "basis": "D6; R18"
        },
        {
          "from": "DRAFT",
          "act": "revise",
          "to": "DRAFT",
          "by": [
            "SUP",
            "OFFICE"
          ],
          "basis": "D6"
        },
        {
          "from": "DRAFT",
          "act": "discard",
          "to": "DISCARDED",
          "by": [
            "SUP",
            "OFFICE"
          ],
          "basis": "D6"
        },
        {
          "from": "DRAFT",
          "act": "issue",
          "to": "ISSUED",
          "by": [
            "OFFICE"
          ],
          "basis": "D6; R6, R19: who drafted it does not sign it"
        },
        {
          "from": "ISSUED",
          "act": "withdraw",
          "to": "WITHDRAWN",
          "by": [
            "OFFICE",
            "LEADER"
          ],
          "basis": "D6: the number stays used; a task notice by LEADER"
        }
      ]
    },
    "visit": {
      "states": [
        {
          "code": "DRAFT",
          "zh": "待审批",
          "en": "Awaiting approval"
        },
        {
          "code": "PLAN_APPROVED",
          "zh": "方案已批准",
          "en": "Plan approved"
        },
        {
          "code": "TEAM_LOCKED",
          "zh": "人员已锁定",
          "en": "Team locked"
        },
        {
          "code": "DEPARTED",
          "zh": "已出发",
          "en": "Departed"
        },
        {
          "code": "ON_SITE",
          "zh": "现场中",
          "en": "On site"
        },
        {
          "code": "CONVERTED",
          "zh": "已转明查",
          "en": "Converted to an open visit"
        },
        {
          "code": "LEFT",
          "zh": "已离场",
          "en": "Left the site"
        },
        {
          "code": "RECORD_SIGNED",
          "zh": "记录已签署",
          "en": "Record signed"
        },
        {
          "code": "RELEASED",
          "zh": "已公开",
          "en": "Released"
        },
        {
          "code": "REPORTED",
          "zh": "已报告",
          "en": "Reported"
        },
        {
          "code": "FILED",
          "zh": "已归档",
          "en": "Filed"
        },
        {
          "code": "ABORTED",
          "zh": "已中止",
          "en": "Aborted"
        },
        {
          "code": "COMPROMISED",
          "zh": "已走漏",
          "en": "Compromised"
        }
      ],
      "acts": [
        {
          "code": "plan",
          "zh": "拟订方案",
          "en": "Plan"
        },
        {
          "code": "approve",
          "zh": "批准方案",
          "en": "Approve the plan"
        },
        {
          "code": "lock_team",
          "zh": "锁定人员",
          "en": "Lock the team"
        },
        {
          "code": "depart",
          "zh": "出发",
          "en": "Depart"
        },
        {
          "code": "arrive",
          "zh": "到达现场",
          "en": "Arrive"
        },
        {
          "code": "convert",
          "zh": "转为明查",
          "en": "Convert to an open visit"
        },
        {
          "code": "leave",
          "zh": "离开现场",
          "en": "Leave"
        },
        {
          "code": "sign",
          "zh": "签署记录",
          "en": "Sign the record"
        },
        {
          "code": "release",
          "zh": "解除保密",
          "en": "Release"
        },
        {
          "code": "report",
          "zh": "报告",
          "en": "Report"
        },
        {
          "code": "file",
          "zh": "归档",
          "en": "File"
        },
        {
          "code": "abort",
          "zh": "中止",
          "en": "Abort"
        },
        {
          "code": "compromise",
          "zh": "登记走漏",
          "en": "Record a leak"
        }
      ],
      "steps": [
        {
          "from": null,
          "act": "plan",
          "to": "DRAFT",
          "by": [
            "SUP",
            "OFFICE"
          ],
          "basis": "733 art. 15"
        },
        {
          "from": "DRAFT",
          "act": "approve",
          "to": "PLAN_APPROVED",
          "by": [
            "LEADER",
            "HEAD"
          ],
          "basis": "733 art. 8, 12, 15"
        },
        {
          "from": "PLAN_APPROVED",
          "act": "lock_team",
          "to": "TEAM_LOCKED",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 8, 9, 17"
        },
        {
          "from": "TEAM_LOCKED",
          "act": "depart",
          "to": "DEPARTED",
          "by": [
            "TL"
          ],
          "basis": "四不两直"
        },
        {
          "from": "DEPARTED",
          "act": "arrive",
          "to": "ON_SITE",
          "by": [
            "TL"
          ],
          "basis": "四不两直; R82"
        },
        {
          "from": "ON_SITE",
          "act": "convert",
          "to": "CONVERTED",
          "by": [
            "TL"
          ],
          "basis": "四不两直, exception"
        },
        {
          "from": "ON_SITE",
          "act": "leave",
          "to": "LEFT",
          "by": [
            "TM",
            "TL"
          ],
          "basis": "R83"
        },
        {
          "from": "CONVERTED",
          "act": "leave",
          "to": "LEFT",
          "by": [
            "TM",
            "TL"
          ],
          "basis": "R83"
        },
        {
          "from": "LEFT",
          "act": "sign",
          "to": "RECORD_SIGNED",
          "by": [
            "TL"
          ],
          "basis": "四不两直, six clauses"
        },
        {
          "from": "RECORD_SIGNED",
          "act": "release",
          "to": "RELEASED",
          "by": [
            "OFFICE"
          ],
          "basis": "R81, R84; 733 art. 16"
        },
        {
          "from": "RELEASED",
          "act": "report",
          "to": "REPORTED",
          "by": [
            "OFFICE",
            "LEADER"
          ],
          "basis": "R80, R85"
        },
        {
          "from": "REPORTED",
          "act": "file",
          "to": "FILED",
          "by": [
            "ARC"
          ],
          "basis": "733 art. 16"
        },
        {
          "from": "DRAFT",
          "act": "abort",
          "to": "ABORTED",
          "by": [
            "TL",
            "OFFICE"
          ],
          "basis": "R81"
        },
        {
          "from": "PLAN_APPROVED",
          "act": "abort",
          "to": "ABORTED",
          "by": [
            "TL",
            "OFFICE"
          ],
          "basis": "R81"
        },
        {
          "from": "TEAM_LOCKED",
          "act": "abort",
          "to": "ABORTED",
          "by": [
            "TL",
            "OFFICE"
          ],
          "basis": "R81"
        },
        {
          "from": "DEPARTED",
          "act": "abort",
          "to": "ABORTED",
          "by": [
            "TL",
            "OFFICE"
          ],
          "basis": "R81"
        },
        {
          "from": "ON_SITE",
          "act": "abort",
          "to": "ABORTED",
          "by": [
            "TL",
            "OFFICE"
          ],
          "basis": "R81"
        },
        {
          "from": "CONVERTED",
          "act": "abort",
          "to": "ABORTED",
          "by": [
            "TL",
            "OFFICE"
          ],
          "basis": "R81"
        },
        {
          "from": "DRAFT",
          "act": "compromise",
          "to": "COMPROMISED",
          "by": [
            "TL",
            "OFFICE"
          ],
          "basis": "R81; 733 art. 24"
        },
        {
          "from": "PLAN_APPROVED",
          "act": "compromise",
          "to": "COMPROMISED",
          "by": [
            "TL",
            "OFFICE"
          ],
          "basis": "R81; 733 art. 24"
        },
        {
          "from": "TEAM_LOCKED",
          "act": "compromise",
          "to": "COMPROMISED",
          "by": [
            "TL",
            "OFFICE"
          ],
          "basis": "R81; 733 art. 24"
        },
        {
          "from": "DEPARTED",
          "act": "compromise",
          "to": "COMPROMISED",
          "by": [
            "TL",
            "OFFICE"
          ],
          "basis": "R81; 733 art. 24"
        },
        {
          "from": "ON_SITE",
          "act": "compromise",
          "to": "COMPROMISED",
          "by": [
            "TL",
            "OFFICE"
          ],
          "basis": "R81; 733 art. 24"
        },
        {
          "from": "CONVERTED",
          "act": "compromise",
          "to": "COMPROMISED",
          "by": [
            "TL",
            "OFFICE"
          ],
          "basis": "R81; 733 art. 24"
        }
      ]
    },
    "finding": {
      "states": [
        {
          "code": "FOUND",
          "zh": "待认定",
          "en": "Found"
        },
        {
          "code": "CONFIRMED",
          "zh": "已认定",
          "en": "Confirmed"
        },
        {
          "code": "NOT_ESTABLISHED",
          "zh": "不成立",
          "en": "Not established"
        },
        {
          "code": "FIXED_ON_SPOT",
          "zh": "立行立改",
          "en": "Fixed on the spot"
        },
        {
          "code": "NOTIFIED",
          "zh": "已交办整改",
          "en": "Handed over for rectification"
        },
        {
          "code": "PLAN_SUBMITTED",
          "zh": "已报整改方案",
          "en": "Plan submitted"
        },
        {
          "code": "RECTIFYING",
          "zh": "整改中",
          "en": "Being rectified"
        },
        {
          "code": "SUBMITTED",
          "zh": "申请复查",
          "en": "Recheck requested"
        },
        {
          "code": "RECHECKING",
          "zh": "复查中",
          "en": "Being rechecked"
        },
        {
          "code": "CLEARED",
          "zh": "已销号",
          "en": "Cleared"
        },
        {
          "code": "REFERRED",
          "zh": "已移送",
          "en": "Referred"
        }
      ],
      "acts": [
        {
          "code": "record",
          "zh": "记录问题",
          "en": "Record"
        },
        {
          "code": "confirm",
          "zh": "认定",
          "en": "Confirm"
        },
        {
          "code": "dismiss",
          "zh": "认定不成立",
          "en": "Dismiss"
        },
        {
          "code": "fix_on_spot",
          "zh": "立行立改",
          "en": "Fix on the spot"
        },
        {
          "code": "notify",
          "zh": "交办整改",
          "en": "Hand over for rectification"
        },
        {
          "code": "submit_plan",
          "zh": "报送整改方案",
          "en": "Submit the plan"
        },
        {
          "code": "start",
          "zh": "开始整改",
          "en": "Start"
        },
        {
          "code": "submit",
          "zh": "申请复查",
          "en": "Request the recheck"
        },
        {
          "code": "recheck",
          "zh": "复查",
          "en": "Recheck"
        },
        {
          "code": "return_for_redo",
          "zh": "退回重新整改",
          "en": "Return for redo"
        },
        {
          "code": "clear",
          "zh": "销号",
          "en": "Clear"
        },
        {
          "code": "refer",
          "zh": "移送",
          "en": "Refer"
        }
      ],
      "steps": [
        {
          "from": null,
          "act": "record",
          "to": "FOUND",
          "by": [
            "TL",
            "TM"
          ],
          "basis": "D3; R88"
        },
        {
          "from": "FOUND",
          "act": "confirm",
          "to": "CONFIRMED",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 16"
        },
        {
          "from": "FOUND",
          "act": "dismiss",
          "to": "NOT_ESTABLISHED",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 16"
        },
        {
          "from": "FOUND",
          "act": "fix_on_spot",
          "to": "FIXED_ON_SPOT",
          "by": [
            "OFFICE"
          ],
          "basis": "D3, 立行立改"
        },
        {
          "from": "CONFIRMED",
          "act": "notify",
          "to": "NOTIFIED",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 18; R88"
        },
        {
          "from": "NOTIFIED",
          "act": "submit_plan",
          "to": "PLAN_SUBMITTED",
          "by": [
            "UDEP",
            "UHEAD"
          ],
          "basis": "D3"
        },
        {
          "from": "PLAN_SUBMITTED",
          "act": "start",
          "to": "RECTIFYING",
          "by": [
            "UDEP",
            "UHEAD"
          ],
          "basis": "D3"
        },
        {
          "from": "RECTIFYING",
          "act": "submit",
          "to": "SUBMITTED",
          "by": [
            "UHEAD"
          ],
          "basis": "D3; B15"
        },
        {
          "from": "SUBMITTED",
          "act": "recheck",
          "to": "RECHECKING",
          "by": [
            "SUP",
            "TM"
          ],
          "basis": "733 art. 18"
        },
        {
          "from": "RECHECKING",
          "act": "return_for_redo",
          "to": "RECTIFYING",
          "by": [
            "SUP"
          ],
          "basis": "D3"
        },
        {
          "from": "RECHECKING",
          "act": "clear",
          "to": "CLEARED",
          "by": [
            "OFFICE"
          ],
          "basis": "D3, verifier is neither rectifier nor finder"
        },
        {
          "from": "FOUND",
          "act": "refer",
          "to": "REFERRED",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 21, 23, approved by HEAD"
        },
        {
          "from": "CONFIRMED",
          "act": "refer",
          "to": "REFERRED",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 21, 23, approved by HEAD"
        },
        {
          "from": "NOTIFIED",
          "act": "refer",
          "to": "REFERRED",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 21, 23, approved by HEAD"
        },
        {
          "from": "PLAN_SUBMITTED",
          "act": "refer",
          "to": "REFERRED",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 21, 23, approved by HEAD"
        },
        {
          "from": "RECTIFYING",
          "act": "refer",
          "to": "REFERRED",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 21, 23, approved by HEAD"
        },
        {
          "from": "SUBMITTED",
          "act": "refer",
          "to": "REFERRED",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 21, 23, approved by HEAD"
        },
        {
          "from": "RECHECKING",
          "act": "refer",
          "to": "REFERRED",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 21, 23, approved by HEAD"
        }
      ]
    },
    "case": {
      "states": [
        {
          "code": "DRAFT",
          "zh": "草拟中",
          "en": "Draft"
        },
        {
          "code": "PROPOSED",
          "zh": "已提出建议",
          "en": "Proposed"
        },
        {
          "code": "APPROVED",
          "zh": "已批准",
          "en": "Approved"
        },
        {
          "code": "REFUSED",
          "zh": "未批准",
          "en": "Refused"
        },
        {
          "code": "EXECUTED",
          "zh": "已通报",
          "en": "Published"
        },
        {
          "code": "HANDED_OVER",
          "zh": "已移交有权机关",
          "en": "Handed over"
        },
        {
          "code": "UNDER_INVESTIGATION",
          "zh": "有权机关办理中",
          "en": "Under investigation"
        },
        {
          "code": "DECIDED",
          "zh": "已作出处理决定",
          "en": "Decided"
        },
        {
          "code": "FED_BACK",
          "zh": "结果已反馈",
          "en": "Fed back"
        },
        {
          "code": "CLOSED",
          "zh": "已结案",
          "en": "Closed"
        },
        {
          "code": "REFERRED",
          "zh": "已移送监察或司法机关",
          "en": "Referred"
        },
        {
          "code": "REVOKED",
          "zh": "已撤销",
          "en": "Revoked"
        }
      ],
      "acts": [
        {
          "code": "draft",
          "zh": "起草",
          "en": "Draft"
        },
        {
          "code": "propose",
          "zh": "提出建议",
          "en": "Propose"
        },
        {
          "code": "approve",
          "zh": "批准",
          "en": "Approve"
        },
        {
          "code": "refuse",
          "zh": "不予批准",
          "en": "Refuse"
        },
        {
          "code": "publish",
          "zh": "通报",
          "en": "Publish"
        },
        {
          "code": "hand_over",
          "zh": "移交有权机关",
          "en": "Hand over"
        },
        {
          "code": "open_investigation",
          "zh": "登记立案调查",
          "en": "Enter the investigation"
        },
        {
          "code": "enter_decision",
          "zh": "登记处理决定",
          "en": "Enter the decision"
        },
        {
          "code": "feed_back",
          "zh": "反馈结果",
          "en": "Feed back"
        },
        {
          "code": "close",
          "zh": "结案",
          "en": "Close"
        },
        {
          "code": "refer",
          "zh": "移送",
          "en": "Refer"
        },
        {
          "code": "revoke",
          "zh": "撤销",
          "en": "Revoke"
        }
      ],
      "steps": [
        {
          "from": null,
          "act": "draft",
          "to": "DRAFT",
          "by": [
            "SUP",
            "OFFICE"
          ],
          "basis": "D5, preparation of a proposal"
        },
        {
          "from": "DRAFT",
          "act": "propose",
          "to": "PROPOSED",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 21"
        },
        {
          "from": "PROPOSED",
          "act": "approve",
          "to": "APPROVED",
          "by": [
            "HEAD"
          ],
          "basis": "733 art. 21"
        },
        {
          "from": "PROPOSED",
          "act": "refuse",
          "to": "REFUSED",
          "by": [
            "HEAD"
          ],
          "basis": "733 art. 21"
        },
        {
          "from": "APPROVED",
          "act": "publish",
          "to": "EXECUTED",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 21, praise and criticism"
        },
        {
          "from": "APPROVED",
          "act": "hand_over",
          "to": "HANDED_OVER",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 21, accountability"
        },
        {
          "from": "HANDED_OVER",
          "act": "open_investigation",
          "to": "UNDER_INVESTIGATION",
          "by": [
            "JW",
            "OFFICE"
          ],
          "basis": "D5, the competent organ"
        },
        {
          "from": "UNDER_INVESTIGATION",
          "act": "enter_decision",
          "to": "DECIDED",
          "by": [
            "JW",
            "OFFICE"
          ],
          "basis": "D5, the competent organ"
        },
        {
          "from": "DECIDED",
          "act": "feed_back",
          "to": "FED_BACK",
          "by": [
            "OFFICE"
          ],
          "basis": "D5"
        },
        {
          "from": "FED_BACK",
          "act": "close",
          "to": "CLOSED",
          "by": [
            "OFFICE"
          ],
          "basis": "D5"
        },
        {
          "from": "DRAFT",
          "act": "refer",
          "to": "REFERRED",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 23, HEAD is informed"
        },
        {
          "from": "PROPOSED",
          "act": "refer",
          "to": "REFERRED",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 23, HEAD is informed"
        },
        {
          "from": "APPROVED",
          "act": "refer",
          "to": "REFERRED",
          "by": [
            "OFFICE"
          ],
          "basis": "733 art. 23, HEAD is informed"
        },
        {
          "from": "EXECUTED",
          "act": "revoke",
          "to": "REVOKED",
          "by": [
            "JW",
            "OFFICE"
          ],
          "basis": "D5, by the organ that decided"
        },
        {
          "from": "DECIDED",
          "act": "revoke",
          "to": "REVOKED",
          "by": [
            "JW",
            "OFFICE"
          ],
          "basis": "D5, by the organ that decided"
        }
      ]
    },
    "circulation": {
      "states": [
        {
          "code": "PREPARED",
          "zh": "待送阅",
          "en": "Prepared"
        },
        {
          "code": "ON_DESK",
          "zh": "在领导处",
          "en": "On a desk"
        },
        {
          "code": "READ",
          "zh": "已阅",
          "en": "Read"
        },
        {
          "code": "INSTRUCTED",
          "zh": "已批示",
          "en": "Instructed"
        },
        {
          "code": "RETURNED",
          "zh": "已退回",
          "en": "Returned"
        }
      ],
      "acts": [
        {
          "code": "open",
          "zh": "登记送阅",
          "en": "Open"
        },
        {
          "code": "deliver",
          "zh": "送到",
          "en": "Deliver"
        },
        {
          "code": "read",
          "zh": "已阅",
          "en": "Read"
        },
        {
          "code": "instruct",
          "zh": "批示",
          "en": "Instruct"
        },
        {
          "code": "reroute",
          "zh": "转送",
          "en": "Re-route"
        },
        {
          "code": "return",
          "zh": "收回",
          "en": "Take back"
        }
      ],
      "steps": [
        {
          "from": null,
          "act": "open",
          "to": "PREPARED",
          "by": [
            "REG",
            "OFFICE"
          ],
          "basis": "D7; R40"
        },
        {
          "from": "PREPARED",
          "act": "deliver",
          "to": "ON_DESK",
          "by": [
            "REG",
            "OFFICE"
          ],
          "basis": "D7; R40–R41"
        },
        {
          "from": "READ",
          "act": "deliver",
          "to": "ON_DESK",
          "by": [
            "REG",
            "OFFICE"
          ],
          "basis": "D7; R40–R41"
        },
        {
          "from": "INSTRUCTED",
          "act": "deliver",
          "to": "ON_DESK",
          "by": [
            "REG",
            "OFFICE"
          ],
          "basis": "D7; R40–R41"
        },
        {
          "from": "ON_DESK",
          "act": "read",
          "to": "READ",
          "by": [
            "LEADER",
            "HEAD",
            "ORIGIN",
            "REG",
            "OFFICE"
          ],
          "basis": "D7"
        },
        {
          "from": "ON_DESK",
          "act": "instruct",
          "to": "INSTRUCTED",
          "by": [
            "LEADER",
            "HEAD",
            "ORIGIN",
            "REG",
            "OFFICE"
          ],
          "basis": "D7; 批示"
        },
        {
          "from": "ON_DESK",
          "act": "reroute",
          "to": "ON_DESK",
          "by": [
            "REG",
            "OFFICE"
          ],
          "basis": "R42; BWb 电传或其它途径"
        },
        {
          "from": "ON_DESK",
          "act": "return",
          "to": "RETURNED",
          "by": [
            "REG",
            "OFFICE"
          ],
          "basis": "D7"
        },
        {
          "from": "READ",
          "act": "return",
          "to": "RETURNED",
          "by": [
            "REG",
            "OFFICE"
          ],
          "basis": "D7"
        },
        {
          "from": "INSTRUCTED",
          "act": "return",
          "to": "RETURNED",
          "by": [
            "REG",
            "OFFICE"
          ],
          "basis": "D7"
        },
        {
          "from": "PREPARED",
          "act": "return",
          "to": "RETURNED",
          "by": [
            "REG",
            "OFFICE"
          ],
          "basis": "D7"
        }
      ]
    },
    "rule_pack": {
      "states": [
        {
          "code": "DRAFT",
          "zh": "草稿",
          "en": "Draft"
        },
        {
          "code": "SUBMITTED",
          "zh": "已报批",
          "en": "Laid before a leader"
        },
        {
          "code": "ENACTED",
          "zh": "已批准施行",
          "en": "Enacted"
        },
        {
          "code": "WITHDRAWN",
          "zh": "已撤回",
          "en": "Withdrawn"
        }
      ],
      "acts": [
        {
          "code": "draft",
          "zh": "起草",
          "en": "Draft"
        },
        {
          "code": "revise",
          "zh": "修改",
          "en": "Revise"
        },
        {
          "code": "submit",
          "zh": "报批",
          "en": "Submit"
        },
        {
          "code": "return",
          "zh": "退回修改",
          "en": "Return"
        },
        {
          "code": "enact",
          "zh": "批准施行",
          "en": "Enact"
        },
        {
          "code": "withdraw",
          "zh": "撤回",
          "en": "Withdraw"
        }
      ],
      "steps": [
        {
          "from": null,
          "act": "draft",
          "to": "DRAFT",
          "by": [
            "OFFICE"
          ],
          "basis": "D9, the office writes the rules"
        },
        {
          "from": "DRAFT",
          "act": "revise",
          "to": "DRAFT",
          "by": [
            "OFFICE"
          ],
          "basis": "D9"
        },
        {
          "from": "DRAFT",
          "act": "submit",
          "to": "SUBMITTED",
          "by": [
            "OFFICE"
          ],
          "basis": "D9, a leader approves"
        },
        {
          "from": "SUBMITTED",
          "act": "return",
          "to": "DRAFT",
          "by": [
            "LEADER",
            "HEAD"
          ],
          "basis": "D9"
        },
        {
          "from": "SUBMITTED",
          "act": "enact",
          "to": "ENACTED",
          "by": [
            "LEADER",
            "HEAD"
          ],
          "basis": "D9, not by its drafter"
        },
        {
          "from": "DRAFT",
          "act": "withdraw",
          "to": "WITHDRAWN",
          "by": [
            "OFFICE"
          ],
          "basis": "D9"
        },
        {
          "from": "SUBMITTED",
          "act": "withdraw",
          "to": "WITHDRAWN",
          "by": [
            "OFFICE"
          ],
          "basis": "D9"
        }
      ]
    },
    "programme": {
      "states": [
        {
          "code": "DRAFT",
          "zh": "草稿",
          "en": "Draft"
        },
        {
          "code": "SUBMITTED",
          "zh": "已报批",
          "en": "Laid before a leader"
        },
        {
          "code": "APPROVED",
          "zh": "已批准",
          "en": "Approved"
        },
        {
          "code": "WITHDRAWN",
          "zh": "已撤回",
          "en": "Withdrawn"
        }
      ],
      "acts": [
        {
          "code": "draft",
          "zh": "拟订",
          "en": "Draft"
        },
        {
          "code": "revise",
          "zh": "修改",
          "en": "Revise"
        },
        {
          "code": "submit",
          "zh": "报批",
          "en": "Submit"
        },
        {
          "code": "return",
          "zh": "退回修改",
          "en": "Return"
        },
        {
          "code": "approve",
          "zh": "批准",
          "en": "Approve"
        },
        {
          "code": "withdraw",
          "zh": "撤回",
          "en": "Withdraw"
        }
      ],
      "steps": [
        {
          "from": null,
          "act": "draft",
          "to": "DRAFT",
          "by": [
            "SUP",
            "OFFICE"
          ],
          "basis": "R106; B15 rule 6"
        },
        {
          "from": "DRAFT",
          "act": "revise",
          "to": "DRAFT",
          "by": [
            "SUP",
            "OFFICE"
          ],
          "basis": "R106"
        },
        {
          "from": "DRAFT",
          "act": "submit",
          "to": "SUBMITTED",
          "by": [
            "OFFICE"
          ],
          "basis": "R106, a leader approves"
        },
        {
          "from": "SUBMITTED",
          "act": "return",
          "to": "DRAFT",
          "by": [
            "LEADER",
            "HEAD"
          ],
          "basis": "R106"
        },
        {
          "from": "SUBMITTED",
          "act": "approve",
          "to": "APPROVED",
          "by": [
            "LEADER",
            "HEAD"
          ],
          "basis": "R106, not by who wrote at it; 733 art. 15"
        },
        {
          "from": "DRAFT",
          "act": "withdraw",
          "to": "WITHDRAWN",
          "by": [
            "OFFICE"
          ],
          "basis": "R106"
        },
        {
          "from": "SUBMITTED",
          "act": "withdraw",
          "to": "WITHDRAWN",
          "by": [
            "OFFICE"
          ],
          "basis": "R106"
        }
      ]
    },
    "intake": {
      "states": [
        {
          "code": "WAITING",
          "zh": "待登记",
          "en": "To be registered"
        },
        {
          "code": "REGISTERED",
          "zh": "已登记",
          "en": "Registered"
        },
        {
          "code": "RETURNED",
          "zh": "已退回来件单位",
          "en": "Returned"
        },
        {
          "code": "DECLINED",
          "zh": "不予登记",
          "en": "Declined"
        }
      ],
      "acts": [
        {
          "code": "receive",
          "zh": "收件",
          "en": "Receive"
        },
        {
          "code": "register",
          "zh": "登记",
          "en": "Register"
        },
        {
          "code": "return",
          "zh": "退回",
          "en": "Return"
        },
        {
          "code": "decline",
          "zh": "不予登记",
          "en": "Decline"
        }
      ],
      "steps": [
        {
          "from": null,
          "act": "receive",
          "to": "WAITING",
          "by": [
            "REG",
            "OFFICE"
          ],
          "basis": "R2"
        },
        {
          "from": "WAITING",
          "act": "register",
          "to": "REGISTERED",
          "by": [
            "REG",
            "OFFICE"
          ],
          "basis": "R1, R2; D1.1"
        },
        {
          "from": "WAITING",
          "act": "return",
          "to": "RETURNED",
          "by": [
            "REG",
            "OFFICE"
          ],
          "basis": "R2, with the reason"
        },
        {
          "from": "WAITING",
          "act": "decline",
          "to": "DECLINED",
          "by": [
            "OFFICE"
          ],
          "basis": "R2, with the reason"
        }
      ]
    },
    "receipt": {
      "states": [
        {
          "code": "LISTED",
          "zh": "未签发",
          "en": "Not issued yet"
        },
        {
          "code": "PENDING",
          "zh": "待签收",
          "en": "Not signed for"
        },
        {
          "code": "RECEIVED",
          "zh": "已签收",
          "en": "Signed for"
        },
        {
          "code": "REFUSED",
          "zh": "申请退回",
          "en": "Declined, awaiting decision"
        },
        {
          "code": "RELEASED",
          "zh": "同意退回",
          "en": "Released"
        },
        {
          "code": "ORDERED",
          "zh": "须签收",
          "en": "To be signed for"
        },
        {
          "code": "WITHDRAWN",
          "zh": "已撤回",
          "en": "Withdrawn"
        }
      ],
      "acts": [
        {
          "code": "list",
          "zh": "列入",
          "en": "List"
        },
        {
          "code": "send",
          "zh": "送达",
          "en": "Send"
        },
        {
          "code": "sign",
          "zh": "签收",
          "en": "Sign for receipt"
        },
        {
          "code": "refuse",
          "zh": "申请退回",
          "en": "Decline"
        },
        {
          "code": "uphold",
          "zh": "同意退回",
          "en": "Release the unit"
        },
        {
          "code": "reject",
          "zh": "不同意退回",
          "en": "Reject the refusal"
        },
        {
          "code": "take_back",
          "zh": "撤回",
          "en": "Withdraw"
        }
      ],
      "steps": [
        {
          "from": null,
          "act": "list",
          "to": "LISTED",
          "by": [
            "SUP",
            "OFFICE"
          ],
          "basis": "D6"
        },
        {
          "from": "LISTED",
          "act": "send",
          "to": "PENDING",
          "by": [
            "OFFICE"
          ],
          "basis": "D1.10"
        },
        {
          "from": "PENDING",
          "act": "sign",
          "to": "RECEIVED",
          "by": [
            "LIAISON",
            "UDEP"
          ],
          "basis": "D1.11; R20"
        },
        {
          "from": "PENDING",
          "act": "refuse",
          "to": "REFUSED",
          "by": [
            "LIAISON",
            "UDEP"
          ],
          "basis": "D1.11: 非本单位职责"
        },
        {
          "from": "REFUSED",
          "act": "uphold",
          "to": "RELEASED",
          "by": [
            "LEADER"
          ],
          "basis": "D1.11, decided by LEADER"
        },
        {
          "from": "REFUSED",
          "act": "reject",
          "to": "ORDERED",
          "by": [
            "LEADER"
          ],
          "basis": "D1.11, decided by LEADER"
        },
        {
          "from": "ORDERED",
          "act": "sign",
          "to": "RECEIVED",
          "by": [
            "LIAISON",
            "UDEP"
          ],
          "basis": "D1.11; R20"
        },
        {
          "from": "PENDING",
          "act": "take_back",
          "to": "WITHDRAWN",
          "by": [
            "OFFICE",
            "LEADER"
          ],
          "basis": "D6"
        },
        {
          "from": "REFUSED",
          "act": "take_back",
          "to": "WITHDRAWN",
          "by": [
            "OFFICE",
            "LEADER"
          ],
          "basis": "D6"
        },
        {
          "from": "ORDERED",
          "act": "take_back",
          "to": "WITHDRAWN",
          "by": [
            "OFFICE",
            "LEADER"
          ],
          "basis": "D6"
        }
      ]
    }
  },
  "lists": {
    "role": [
      {
        "code": "REG",
        "zh": "督查登记员",
        "en": "Registrar"
      },
      {
        "code": "SUP",
        "zh": "督查员",
        "en": "Supervisor"
      },
      {
        "code": "OFFICE",
        "zh": "督查室负责人",
        "en": "Head of the supervision office"
      },
      {
        "code": "LEADER",
        "zh": "分管领导",
        "en": "Leader in charge"
      },
      {
        "code": "HEAD",
        "zh": "行政首长",
        "en": "Head of government"
      },
      {
        "code": "ORIGIN",
        "zh": "批示领导",
        "en": "Instructing leader"
      },
      {
        "code": "LIAISON",
        "zh": "督查联络员",
        "en": "Unit liaison"
      },
      {
        "code": "UHEAD",
        "zh": "单位主要负责人",
        "en": "Unit's principal leader"
      },
      {
        "code": "UDEP",
        "zh": "单位分管负责人",
        "en": "Unit's leader in charge"
      },
      {
        "code": "UH",
        "zh": "单位承办人",
        "en": "Unit handler"
      },
      {
        "code": "TL",
        "zh": "督查组组长",
        "en": "Team leader"
      },
      {
        "code": "TM",
        "zh": "督查组成员",
        "en": "Team member"
      },
      {
        "code": "OBS",
        "zh": "受邀专家/群众代表",
        "en": "Invited observer"
      },
      {
        "code": "JW",
        "zh": "纪检监察",
        "en": "Discipline and supervision organ"
      },
      {
        "code": "KH",
        "zh": "绩效考核",
        "en": "Assessment office"
      },
      {
        "code": "ARC",
        "zh": "档案员",
        "en": "Archivist"
      },
      {
        "code": "SEC",
        "zh": "保密员",
        "en": "Secrecy officer"
      },
      {
        "code": "ADM",
        "zh": "系统管理员",
        "en": "Administrator"
      },
      {
        "code": "AUD",
        "zh": "安全审计员",
        "en": "Auditor"
      }
    ],
    "source_kind": [
      {
        "code": "HIGHER_DEPLOYMENT",
        "zh": "上级决策部署",
        "en": "Deployment from above"
      },
      {
        "code": "HIGHER_ASSIGNMENT",
        "zh": "上级交办/督查",
        "en": "Assigned or supervised from above"
      },
      {
        "code": "WORK_REPORT",
        "zh": "政府工作报告",
        "en": "Government work report"
      },
      {
        "code": "ECONOMIC_CONFERENCE",
        "zh": "经济工作会议",
        "en": "Economic work conference"
      },
      {
        "code": "PLENARY_MEETING",
        "zh": "全体会议",
        "en": "Plenary meeting"
      },
      {
        "code": "EXECUTIVE_MEETING",
        "zh": "常务会议",
        "en": "Executive meeting"
      },
      {
        "code": "OFFICE_MEETING",
        "zh": "办公会议",
        "en": "Office meeting"
      },
      {
        "code": "SPECIAL_MEETING",
        "zh": "专题会议",
        "en": "Special meeting"
      },
      {
        "code": "ISSUED_DOCUMENT",
        "zh": "印发文件",
        "en": "Issued document"
      },
      {
        "code": "LEADER_INSTRUCTION",
        "zh": "领导批示",
        "en": "Leader's instruction"
      },
      {
        "code": "LEADER_ASSIGNMENT",
        "zh": "领导交办/转办",
        "en": "Assigned or forwarded by a leader"
      },
      {
        "code": "KEY_PROJECT",
        "zh": "重点工程",
        "en": "Key project"
      },
      {
        "code": "KEY_WORK",
        "zh": "重点工作/指标",
        "en": "Key work or target"
      },
      {
        "code": "NPC_DECISION",
        "zh": "人大决定",
        "en": "Decision of the People's Congress"
      },
      {
        "code": "NPC_CPPCC_PROPOSAL",
        "zh": "议提案",
        "en": "Deputies' or members' proposal"
      },
      {
        "code": "MEDIA_REPORT",
        "zh": "媒体反映",
        "en": "Media report"
      },
      {
        "code": "ONLINE_OPINION",
        "zh": "网络舆情/网民留言",
        "en": "Online opinion"
      },
      {
        "code": "LEADER_MAILBOX",
        "zh": "领导信箱",
        "en": "Leader's mailbox"
      },
      {
        "code": "PETITION",
        "zh": "来信来访来电",
        "en": "Letter, visit or call"
      },
      {
        "code": "COMPLAINT",
        "zh": "企业/群众投诉",
        "en": "Complaint"
      },
      {
        "code": "TARGET_ASSESSMENT",
        "zh": "目标考核",
        "en": "Assessment of targets"
      },
      {
        "code": "CROSS_DIVISION",
        "zh": "跨科室事项",
        "en": "Cross-division matter"
      },
      {
        "code": "CAMPAIGN",
        "zh": "专项活动",
        "en": "Campaign"
      },
      {
        "code": "WORK_STYLE",
        "zh": "工作纪律作风",
        "en": "Work discipline and style"
      },
      {
        "code": "FOUND_ON_SITE",
        "zh": "现场发现",
        "en": "Found on site"
      },
      {
        "code": "OTHER",
        "zh": "其他",
        "en": "Other"
      }
    ],
    "item_category": [
      {
        "code": "DECISION",
        "zh": "决策督查",
        "en": "Supervision of decisions"
      },
      {
        "code": "SPECIAL",
        "zh": "专项督查",
        "en": "Special supervision"
      },
      {
        "code": "COORDINATION",
        "zh": "协调督查",
        "en": "Coordination"
      },
      {
        "code": "RESEARCH",
        "zh": "督查调研",
        "en": "Research"
      }
    ],
    "urgency": [
      {
        "code": "ORDINARY",
        "zh": "平件",
        "en": "Ordinary"
      },
      {
        "code": "URGENT",
        "zh": "加急",
        "en": "Urgent"
      },
      {
        "code": "EXTRA_URGENT",
        "zh": "特急",
        "en": "Extra urgent"
      }
    ],
    "supervision_kind": [
      {
        "code": "COMPREHENSIVE",
        "zh": "综合督查",
        "en": "Comprehensive supervision"
      },
      {
        "code": "SPECIAL",
        "zh": "专项督查",
        "en": "Special supervision"
      },
      {
        "code": "INCIDENT",
        "zh": "事件调查",
        "en": "Investigation of an incident"
      },
      {
        "code": "DAILY",
        "zh": "日常督办",
        "en": "Daily supervision"
      },
      {
        "code": "CLUE",
        "zh": "线索核查",
        "en": "Verification of a clue"
      }
    ],
    "content_kind": [
      {
        "code": "1",
        "zh": "党中央、国务院重大决策部署落实情况",
        "en": "Central decisions"
      },
      {
        "code": "2",
        "zh": "上级和本级人民政府重要工作部署落实情况",
        "en": "Deployments of higher and own government"
      },
      {
        "code": "3",
        "zh": "督查对象法定职责履行情况",
        "en": "Performance of legal duties"
      },
      {
        "code": "4",
        "zh": "本级人民政府所属部门和下级人民政府的行政效能",
        "en": "Administrative efficiency"
      }
    ],
    "basis_kind": [
      {
        "code": "DECISION",
        "zh": "本级政府决定",
        "en": "Decision of the government"
      },
      {
        "code": "HEAD_ORDER",
        "zh": "行政首长指令",
        "en": "Order of the head of government"
      },
      {
        "code": "PROPOSAL",
        "zh": "督查机构建议（须行政首长批准）",
        "en": "Own proposal, for the head of government to approve"
      }
    ],
    "mode": [
      {
        "code": "FORWARD",
        "zh": "转办",
        "en": "Forwarded to one unit"
      },
      {
        "code": "JOINT",
        "zh": "会办",
        "en": "Handled jointly"
      },
      {
        "code": "SELF",
        "zh": "自办",
        "en": "Handled by the office itself"
      }
    ],
    "importance": [
      {
        "code": "ORDINARY",
        "zh": "一般",
        "en": "Ordinary"
      },
      {
        "code": "IMPORTANT",
        "zh": "重要",
        "en": "Important"
      }
    ],
    "intensity": [
      {
        "code": "KEY",
        "zh": "重点督查",
        "en": "Key supervision"
      },
      {
        "code": "TRACKING",
        "zh": "跟踪督查",
        "en": "Tracking supervision"
      },
      {
        "code": "PERIODIC",
        "zh": "定期督查",
        "en": "Periodic supervision"
      }
    ],
    "leader_level": [
      {
        "code": "COUNTY",
        "zh": "县（市、区）级",
        "en": "County"
      },
      {
        "code": "CITY",
        "zh": "市（州）级",
        "en": "City or prefecture"
      },
      {
        "code": "PROVINCE",
        "zh": "省级",
        "en": "Province"
      },
      {
        "code": "STATE",
        "zh": "国家级",
        "en": "State"
      },
      {
        "code": "OTHER",
        "zh": "其他",
        "en": "Other"
      }
    ],
    "channel": [
      {
        "code": "SELF_CHECK",
        "zh": "要求自查、说明情况",
        "en": "Self-check or explanation"
      },
      {
        "code": "HEARING",
        "zh": "听取汇报",
        "en": "Hearing a report"
      },
      {
        "code": "INSPECTION",
        "zh": "检查、访谈、暗访",
        "en": "Inspection, interviews, covert visits"
      },
      {
        "code": "SYMPOSIUM",
        "zh": "座谈、听证、统计、评估",
        "en": "Symposium, hearing, statistics, evaluation"
      },
      {
        "code": "RECORDS",
        "zh": "调阅、复制资料",
        "en": "Reading and copying records"
      },
      {
        "code": "CLUES",
        "zh": "收集线索",
        "en": "Collecting clues"
      },
      {
        "code": "TALK",
        "zh": "约谈",
        "en": "Summoned talk"
      },
      {
        "code": "ONLINE",
        "zh": "“互联网+督查”",
        "en": "Online supervision"
      }
    ],
    "attachment_kind": [
      {
        "code": "INSTRUCTION",
        "zh": "批示件",
        "en": "Annotated instruction"
      },
      {
        "code": "SOURCE",
        "zh": "来件",
        "en": "Incoming document"
      },
      {
        "code": "PLAN",
        "zh": "督查方案",
        "en": "Supervision plan"
      },
      {
        "code": "OTHER",
        "zh": "其他材料",
        "en": "Other material"
      }
    ],
    "slip_series": [
      {
        "code": "TASK_NOTICE",
        "zh": "任务通知单",
        "en": "Task notice"
      },
      {
        "code": "TRACKING",
        "zh": "跟踪督查单",
        "en": "Tracking slip"
      },
      {
        "code": "COORDINATION",
        "zh": "协调督办单",
        "en": "Coordination slip"
      },
      {
        "code": "CANCELLATION",
        "zh": "任务销号单",
        "en": "Cancellation slip"
      },
      {
        "code": "NOTICE",
        "zh": "督查通知",
        "en": "Supervision notice"
      }
    ],
    "slip_channel": [
      {
        "code": "WRITTEN",
        "zh": "书面",
        "en": "In writing"
      },
      {
        "code": "MEETING",
        "zh": "会议交办",
        "en": "At a meeting"
      },
      {
        "code": "TELEPHONE",
        "zh": "电话通知",
        "en": "By telephone"
      }
    ],
    "slip_delivery": [
      {
        "code": "ONLINE",
        "zh": "网上送达",
        "en": "Online"
      },
      {
        "code": "COURIER",
        "zh": "专人直送",
        "en": "By courier"
      },
      {
        "code": "CONFIDENTIAL",
        "zh": "机要渠道",
        "en": "Confidential channel"
      },
      {
        "code": "MAIL",
        "zh": "邮寄",
        "en": "By mail"
      }
    ],
    "slip_part": [
      {
        "code": "LEAD",
        "zh": "主办",
        "en": "Lead"
      },
      {
        "code": "ASSIST",
        "zh": "协办",
        "en": "Assisting"
      },
      {
        "code": "SELF",
        "zh": "自办",
        "en": "The office itself"
      },
      {
        "code": "COORDINATE",
        "zh": "分解任务",
        "en": "Part of the task"
      },
      {
        "code": "INFORM",
        "zh": "送达",
        "en": "Addressed"
      }
    ],
    "disagreement_state": [
      {
        "code": "OPEN",
        "zh": "协商中",
        "en": "Being consulted on"
      },
      {
        "code": "SENT_UP",
        "zh": "已报请领导",
        "en": "Sent up"
      },
      {
        "code": "SETTLED",
        "zh": "已有结论",
        "en": "Settled"
      }
    ],
    "consultation_kind": [
      {
        "code": "CONSULTATION",
        "zh": "主要负责同志协商",
        "en": "Principal leaders"
      },
      {
        "code": "MEETING",
        "zh": "主办单位召集会议",
        "en": "Meeting of the lead unit"
      }
    ],
    "contact_kind": [
      {
        "code": "LEADER",
        "zh": "分管负责同志",
        "en": "Leader in charge"
      },
      {
        "code": "LIAISON",
        "zh": "联络员",
        "en": "Liaison"
      }
    ],
    "site_kind": [
      {
        "code": "CONSTRUCTION",
        "zh": "建设工地",
        "en": "Construction site"
      },
      {
        "code": "ROAD",
        "zh": "道路",
        "en": "Road"
      },
      {
        "code": "SCHOOL",
        "zh": "学校",
        "en": "School"
      },
      {
        "code": "HOSPITAL",
        "zh": "医院",
        "en": "Hospital"
      },
      {
        "code": "SERVICE_HALL",
        "zh": "服务大厅",
        "en": "Service hall"
      },
      {
        "code": "VILLAGE",
        "zh": "村/社区",
        "en": "Village or community"
      },
      {
        "code": "OTHER",
        "zh": "其他",
        "en": "Other"
      }
    ],
    "meeting_kind": [
      {
        "code": "PLENARY",
        "zh": "全体会议",
        "en": "Plenary meeting"
      },
      {
        "code": "EXECUTIVE",
        "zh": "常务会议",
        "en": "Executive meeting"
      },
      {
        "code": "OFFICE",
        "zh": "办公会议",
        "en": "Office meeting"
      },
      {
        "code": "SPECIAL",
        "zh": "专题会议",
        "en": "Special meeting"
      },
      {
        "code": "ECONOMIC",
        "zh": "经济工作会议",
        "en": "Economic work conference"
      },
      {
        "code": "STANDING_COMMITTEE",
        "zh": "党委常委会会议",
        "en": "Party standing committee"
      },
      {
        "code": "JOINT",
        "zh": "联席会议",
        "en": "Joint meeting"
      },
      {
        "code": "ON_SITE",
        "zh": "现场办公会",
        "en": "On-site meeting"
      },
      {
        "code": "OTHER",
        "zh": "其他会议",
        "en": "Other meeting"
      }
    ],
    "standing": [
      {
        "code": "DONE",
        "zh": "已完成",
        "en": "Done"
      },
      {
        "code": "DONE_LATE",
        "zh": "已完成（晚于计划）",
        "en": "Done, later than planned"
      },
      {
        "code": "ON_PLAN",
        "zh": "按计划",
        "en": "On plan"
      },
      {
        "code": "BEHIND",
        "zh": "进度滞后",
        "en": "Behind"
      },
      {
        "code": "LATE",
        "zh": "已逾期",
        "en": "Late"
      }
    ],
    "visit_method": [
      {
        "code": "OVERT",
        "zh": "明查",
        "en": "Open visit"
      },
      {
        "code": "COVERT",
        "zh": "暗访",
        "en": "Unannounced visit"
      },
      {
        "code": "ON_SITE",
        "zh": "实地查看",
        "en": "On-site view"
      },
      {
        "code": "WALK_THROUGH",
        "zh": "现场走访",
        "en": "Walk-through"
      },
      {
        "code": "SYMPOSIUM",
        "zh": "座谈",
        "en": "Discussion"
      }
    ],
    "visit_nature": [
      {
        "code": "SUPERVISION",
        "zh": "政府督查",
        "en": "Government supervision"
      },
      {
        "code": "JOINT",
        "zh": "联合检查",
        "en": "Joint inspection"
      }
    ],
    "programme_kind": [
      {
        "code": "YEAR",
        "zh": "年度督查计划",
        "en": "Programme of the year"
      },
      {
        "code": "STAGE",
        "zh": "阶段任务清单",
        "en": "Task list of a stage"
      }
    ],
    "clause": [
      {
        "code": "no_notice",
        "zh": "不发通知",
        "en": "No notice was given"
      },
      {
        "code": "no_greeting",
        "zh": "不打招呼",
        "en": "Nobody was greeted beforehand"
      },
      {
        "code": "no_briefing",
        "zh": "不听汇报",
        "en": "No briefing was heard"
      },
      {
        "code": "no_escort",
        "zh": "不用陪同接待",
        "en": "No escort or reception"
      },
      {
        "code": "straight_to_grassroots",
        "zh": "直奔基层",
        "en": "Straight to the grass roots"
      },
      {
        "code": "straight_to_site",
        "zh": "直插现场",
        "en": "Straight to the site"
      }
    ],
    "finding_category": [
      {
        "code": "SAFETY",
        "zh": "安全生产",
        "en": "Work safety"
      },
      {
        "code": "QUALITY",
        "zh": "工程质量",
        "en": "Quality of works"
      },
      {
        "code": "PROGRESS",
        "zh": "进度滞后",
        "en": "Behind schedule"
      },
      {
        "code": "FUNDS",
        "zh": "资金使用",
        "en": "Use of funds"
      },
      {
        "code": "PROCEDURE",
        "zh": "手续不全",
        "en": "Missing procedures"
      },
      {
        "code": "DUTY",
        "zh": "履职作风",
        "en": "Duty and style"
      },
      {
        "code": "ENVIRONMENT",
        "zh": "环境保护",
        "en": "Environment"
      },
      {
        "code": "LIVELIHOOD",
        "zh": "群众权益",
        "en": "People's livelihood"
      },
      {
        "code": "FALSIFICATION",
        "zh": "弄虚作假",
        "en": "Falsification"
      },
      {
        "code": "OTHER",
        "zh": "其他",
        "en": "Other"
      }
    ],
    "severity": [
      {
        "code": "MINOR",
        "zh": "一般",
        "en": "Minor"
      },
      {
        "code": "SERIOUS",
        "zh": "较重",
        "en": "Serious"
      },
      {
        "code": "MAJOR",
        "zh": "重大",
        "en": "Major"
      }
    ],
    "desk_class": [
      {
        "code": "NORMAL",
        "zh": "一般公文",
        "en": "Ordinary document"
      },
      {
        "code": "URGENT",
        "zh": "紧急公文",
        "en": "Urgent document"
      },
      {
        "code": "EMERGENCY",
        "zh": "重大灾情、突发事件",
        "en": "Disaster or emergency"
      },
      {
        "code": "CONFIDENTIAL",
        "zh": "机要件",
        "en": "Confidential mail"
      },
      {
        "code": "CONFIDENTIAL_IMPORTANT",
        "zh": "重要机要件",
        "en": "Important confidential mail"
      },
      {
        "code": "CONFIDENTIAL_URGENT",
        "zh": "紧急机要件",
        "en": "Urgent confidential mail"
      }
    ],
    "way": [
      {
        "code": "DESK",
        "zh": "送到办公桌",
        "en": "To the desk"
      },
      {
        "code": "FAX",
        "zh": "电传",
        "en": "By fax"
      },
      {
        "code": "COURIER",
        "zh": "派人直送",
        "en": "By courier"
      },
      {
        "code": "CONFIDENTIAL_CHANNEL",
        "zh": "机要渠道",
        "en": "By the confidential channel"
      },
      {
        "code": "OTHER",
        "zh": "其它途径",
        "en": "Another way"
      }
    ]
  }
} as const
