"""What can go wrong with signing in, with devices and with steps that are not one's own."""

from __future__ import annotations

from server.kit.errors import DomainError


class WrongCredentials(DomainError):
    """The account name or the password is wrong."""

    code, status = "wrong_credentials", 401
    zh = "账号或密码不正确。"


class TooManyAttempts(DomainError):
    """Too many failed attempts for this account from here; wait and try again."""

    code, status = "too_many_attempts", 429
    zh = "该账号在此处登录失败次数过多，请稍后再试。"


class WrongOldPassword(DomainError):
    """The present password is not right; nothing was changed."""

    code, status = "wrong_old_password", 422
    zh = "现用密码不正确，密码未更改。"


class PasswordUnfit(DomainError):
    """Choose a password of at least ten characters that is neither the present one nor the account name."""

    code, status = "password_unfit", 422
    zh = "请使用至少十个字符的新密码，且不得与现用密码或账号相同。"


class NotJson(DomainError):
    """Send the sign-in as application/json."""

    code, status = "not_json", 415
    zh = "登录请求须以 application/json 格式发送。"


class CsrfFailed(DomainError):
    """This page is out of date; reload it and try again."""

    code, status = "csrf_failed", 403
    zh = "页面已过期，请刷新后重试。"


class DeviceRevoked(DomainError):
    """This device was revoked; ask the administrator. What it holds stays on it."""

    code, status = "device_revoked", 403
    zh = "该设备已被停用，请联系管理员；设备上的内容仍保留。"


class SecondPersonNeeded(DomainError):
    """This takes a second person: neither its owner nor whoever asked for it may confirm it."""

    code, status = "second_person_needed", 403
    zh = "此事须由第二人确认，设备所有人或提出申请的人不能自行确认。"


class PasskeysUnavailable(DomainError):
    """Passkeys need the product's public address to be a name over HTTPS; the administrator can set it."""

    code, status = "passkeys_unavailable", 409
    zh = "使用通行密钥，须由管理员将系统的访问地址设为 HTTPS 域名。"


class PasskeyRefused(DomainError):
    """This passkey could not be checked and was not taken; try again."""

    code, status = "passkey_refused", 422
    zh = "通行密钥未通过校验，未予登记，请重试。"


class NotYourStep(DomainError):
    """Your function here does not include this step."""

    code, status = "not_your_step", 403
    zh = "您在此事项中的职责不包括这一步。"


class PersonOfAnotherUnit(DomainError):
    """Choose somebody who belongs to this unit."""

    code, status = "person_of_another_unit", 422
    zh = "请选择本单位在岗人员。"


class PasswordChangeDue(DomainError):
    """This is a first password: choose your own while signing in."""

    code, status = "password_change_due", 403
    zh = "这是初始密码，请在登录时设置您自己的密码。"


class FirstPasswordUnfit(DomainError):
    """Give a first password of at least ten characters that is not the account name."""

    code, status = "first_password_unfit", 422
    zh = "初始密码须至少十个字符，且不得与账号相同。"


class LoginTaken(DomainError):
    """This account name is taken; choose another one."""

    code, status = "login_taken", 409
    zh = "该账号名已被使用，请另选一个。"


class UnitNameTaken(DomainError):
    """A unit of this name exists below the same unit already."""

    code, status = "unit_name_taken", 409
    zh = "该上级单位下已有同名单位。"


class NotForOneself(DomainError):
    """Nobody changes his own account or roles here; another administrator has to."""

    code, status = "not_for_oneself", 403
    zh = "不能办理自己的账号或角色，请由另一位系统管理员办理。"


class OfficersApart(DomainError):
    """Administrator, secrecy officer and auditor are different people, and hold no other role."""

    code, status = "officers_apart", 422
    zh = "系统管理员、保密员、安全审计员须由不同的人担任，且不得兼任其他角色。"


class RoleAlready(DomainError):
    """This is so already, or somebody has asked for it; look at the account as it now is."""

    code, status = "role_already", 409
    zh = "已是如此，或已有人提出申请，请查看该账号的最新状态。"


class LastOfficer(DomainError):
    """This is the last administrator, secrecy officer or auditor; name another one first."""

    code, status = "last_officer", 409
    zh = "此人是本单位唯一的系统管理员、保密员或安全审计员，请先确定接任的人。"


class OrganisationExists(DomainError):
    """An organisation of this name is served here already; nothing was changed."""

    code, status = "organisation_exists", 409
    zh = "此处已有同名机构，未作任何更改。"


class OfficersNotThree(DomainError):
    """Name three different people, each with an account name of their own, as the three officers."""

    code, status = "officers_not_three", 422
    zh = "三员须为三个不同的人，姓名和账号均不得相同。"


class NameUnreadable(DomainError):
    """This name holds signs that nobody can see; type it again."""

    code, status = "name_unreadable", 422
    zh = "名称中含有看不见的字符，请重新输入。"


class NothingChanged(DomainError):
    """Nothing would change by this; look at what is written there now."""

    code, status = "nothing_changed", 422
    zh = "与现有内容相同，没有可更改的内容。"


class ChangeWaits(DomainError):
    """A change of this waits for the secrecy officer already; it has to be decided first."""

    code, status = "change_waits", 409
    zh = "已有一项更改等待保密员确认，请待其办结后再提出。"


class UnitBelowItself(DomainError):
    """A unit cannot lie below itself, and the root unit lies below none; choose another unit."""

    code, status = "unit_below_itself", 422
    zh = "单位不能置于自身或其下级之下，根单位没有上级，请另选上级单位。"


class NoOfficer(DomainError):
    """This is for the three officers alone; close any other account and open it again."""

    code, status = "no_officer", 409
    zh = "此办法只用于系统管理员、保密员、安全审计员；其他账号请由系统管理员停用后重新启用。"
