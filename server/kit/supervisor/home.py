"""Where a cluster lies: inside the data folder if its account can enter it, else elsewhere behind a link."""

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from server.kit.supervisor.account import Account, can_reach

_SOCKET_NAME = ".s.PGSQL.5432.lock"
_LONGEST_SOCKET_PATH = 100  # sun_path holds 107 bytes on Linux and 103 on macOS


class NoHome(RuntimeError):
    """No folder could be found that PostgreSQL's account can enter."""


@dataclass(frozen=True, slots=True)
class Home:
    """`<data>/postgres`, possibly a link: `cluster` is PostgreSQL's, `sockets` is where it listens."""

    link: Path
    root: Path
    cluster: Path
    sockets: Path
    sockets_are_temporary: bool

    @property
    def relocated(self) -> bool:
        return self.link.is_symlink()

    def discard(self) -> None:
        """Remove the cluster and everything around it."""
        shutil.rmtree(self.root, ignore_errors=True)
        if self.relocated:
            self.link.unlink()
        self.close()

    def close(self) -> None:
        """Remove what is only of use while PostgreSQL runs."""
        if self.sockets_are_temporary:
            shutil.rmtree(self.sockets, ignore_errors=True)


def cluster_of(data_dir: Path) -> Path:
    """Where the cluster of this data folder is, or would be."""
    return (data_dir / "postgres").resolve() / "cluster"


def make_home(data_dir: Path, account: Account | None, *, lasting: bool) -> Home:
    """Find or make the folders; `lasting` decides whether a relocated home survives a restart of the machine.

    A data folder under a closed home folder (`/root`, or a private temporary folder) cannot be entered by an
    unprivileged account. The cluster then lies in `/var/lib/zhicha`, and `<data>/postgres` links to it:
    deleting the data folder makes the next start a first start.
    """
    link = data_dir / "postgres"
    if not link.exists() and not link.is_symlink():
        if account is None or can_reach(account, data_dir):
            link.mkdir(mode=0o711)
        else:
            link.symlink_to(_elsewhere(account, data_dir, lasting=lasting))
    root = link.resolve()
    if not root.is_dir():
        raise NoHome(
            f"{link} 指向的目录 {root} 不存在。请恢复该目录，或删除此链接以重新开始。"
            f" / {link} points to {root}, which does not exist. Restore it or delete the link."
        )
    if account is not None and not can_reach(account, root):
        raise NoHome(
            f"账户 {account.name} 无法进入 {root}。请放开上级目录的进入权限，或把 ZHICHA_DATA_DIR 设到别处。"
            f" / Account {account.name} cannot enter {root}. Open its parent folders or set ZHICHA_DATA_DIR."
        )
    sockets = root / "run"
    temporary = len(os.fsencode(sockets / _SOCKET_NAME)) > _LONGEST_SOCKET_PATH
    if temporary:
        sockets = Path(tempfile.mkdtemp(prefix="zhicha-"))
        if len(os.fsencode(sockets / _SOCKET_NAME)) > _LONGEST_SOCKET_PATH:
            sockets.rmdir()
            sockets = Path(tempfile.mkdtemp(prefix="zhicha-", dir="/tmp"))
    own(sockets, account)
    return Home(link, root, root / "cluster", sockets, temporary)


def own(folder: Path, account: Account | None) -> None:
    """Make `folder` exist, private to the account."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def _elsewhere(account: Account, data_dir: Path, *, lasting: bool) -> Path:
    for base in (Path("/var/lib/zhicha"),) if lasting else (Path(tempfile.gettempdir()), Path("/var/tmp")):  # noqa: S108
        with contextlib.suppress(OSError):
            base.mkdir(mode=0o711, parents=True, exist_ok=True)
            if can_reach(account, base):
                home = Path(tempfile.mkdtemp(prefix="zhicha-" if not lasting else "", dir=base))
                home.chmod(0o711)
                (home / "belongs-to").write_text(f"{data_dir}\n")
                return home
    raise NoHome(
        f"账户 {account.name} 无法进入 {data_dir}，也无法建立 /var/lib/zhicha。请设置 ZHICHA_DATA_DIR。"
        f" / Account {account.name} cannot enter {data_dir}, and no folder could be made in /var/lib/zhicha. "
        "Set ZHICHA_DATA_DIR."
    )
