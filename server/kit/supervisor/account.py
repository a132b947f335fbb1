"""Under which account PostgreSQL runs, and what that account can reach.

PostgreSQL refuses to run as root. Started as root, it runs as an unprivileged account; started as anyone
else, as that one.
"""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

_CANDIDATES = ("zhicha", "postgres", "nobody")


class NoAccount(RuntimeError):
    """No unprivileged account could be found for PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    uid: int
    gid: int


def account_for_postgres(wanted: str, cluster: Path) -> Account | None:
    """The account to change to, or `None` to stay.

    An existing cluster keeps its owner, so that its files never need to be handed over.

    Raises:
        NoAccount: we are root and neither `wanted` nor any of the usual accounts exists.
    """
    if os.geteuid() != 0:
        return None
    if not wanted and cluster.exists() and cluster.stat().st_uid != 0:
        owner = cluster.stat()
        return Account(str(owner.st_uid), owner.st_uid, owner.st_gid)
    for name in (wanted,) if wanted else _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid)
    tried = wanted or ", ".join(_CANDIDATES)
    raise NoAccount(
        f"PostgreSQL 不能以 root 运行，且找不到可用的普通账户（{tried}）。"
        f" / PostgreSQL does not run as root, and there is no usable ordinary account ({tried})."
    )


def can_reach(account: Account, path: Path) -> bool:
    """Whether the account may pass every folder above `path` and enter or run `path` itself."""
    path = path.resolve()
    return all(_may_pass(account, part) for part in (*reversed(path.parents), path))


def _may_pass(account: Account, path: Path) -> bool:
    try:
        found = path.stat()
    except FileNotFoundError:  # not made yet: we make it passable
        return True
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)
