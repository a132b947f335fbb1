"""PostgreSQL from the wheel, without an installation: one cluster in a data folder, with a local socket."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from server.kit.supervisor import postmaster
from server.kit.supervisor.account import Account, account_for_postgres
from server.kit.supervisor.binaries import postgres_programs
from server.kit.supervisor.home import Home, cluster_of, make_home, own
from server.kit.supervisor.lock import FolderLock, Taken
from server.kit.supervisor.process import Child

DATABASE = "zhicha"
_START_SECONDS = 120.0  # recovery after a power cut replays the log
_LARGEST_LOG = 10 * 1024 * 1024
_FORGETFUL = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
# A superuser who can open the socket needs no password: the socket's folder is closed to everyone else.
_INITDB = (
    *("--username=postgres", "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"),
    # The builtin provider sorts and folds the same on every system; libc's C.UTF-8 is missing on macOS.
    *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
)


class PostgresDidNotStart(RuntimeError):
    """PostgreSQL ended during its start; the message carries the last lines of its log."""


class PostgresInUse(RuntimeError):
    """Another process runs a PostgreSQL on the same data folder."""


class EmbeddedPostgres:
    """One PostgreSQL in `data_dir`, started and stopped by this process, ending with it in any case.

    Args:
        data_dir: the folder that holds (or will hold) the cluster; made if missing. durable: `False` gives up
        safety at power loss for speed, and throws away a relocated cluster on `stop`:
            for tests.
        user: the account to use when we are root; empty picks a usual one.
        listener: told `"created"` when the first start made a new cluster.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        durable: bool = True,
        user: str = "",
        listener: Callable[[str], None] = lambda _event: None,
    ) -> None:
        self._data_dir = data_dir.absolute()
        self._durable, self._user, self._listener = durable, user, listener
        self._lock = FolderLock(self._data_dir / "postgres.lock")
        self._home: Home | None = None
        self._account: Account | None = None
        self._child: Child | None = None
        self._before: postmaster.Postmaster | None = None

    @property
    def dsn(self) -> str:
        """The address of the product's database; any database's with its name put in place of `zhicha`."""
        if self._home is None:
            raise RuntimeError("PostgreSQL has not been started")
        return f"postgresql://postgres@/{DATABASE}?host={quote(str(self._home.sockets), safe='')}"

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    def start(self, go_on: Callable[[], None] = lambda: None) -> str:
        """Start PostgreSQL and wait until it answers; the first start makes the cluster and its database.

        `go_on` is called while waiting, and may raise to give up.

        Raises:
            PostgresInUse: another process holds the folder.
            PostgresDidNotStart: it ended, or was not ready in two minutes.
            NoAccount, NoHome, NoPostgres: there is no way to run it here.
        """
        self._data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        try:
            self._lock.take()
        except Taken as taken:
            raise PostgresInUse(
                f"{self._data_dir} 中的数据库已由进程 {taken.note.get('pid', '?')} 运行。"
                f" / The database in {self._data_dir} is already run by process {taken.note.get('pid', '?')}."
            ) from None
        try:
            self._account = account_for_postgres(self._user, cluster_of(self._data_dir))
            self._home = make_home(self._data_dir, self._account, lasting=self._durable)
            programs = postgres_programs(self._account)
            if not (self._home.cluster / "PG_VERSION").exists():
                self._create_cluster(programs, self._home)
            self._child = self._postgres(programs, self._home)
            self.launch()
            self._wait_until_ready(go_on)
        except BaseException:
            self.stop()
            raise
        return self.dsn

    def launch(self) -> None:
        """Start the process again after it died; `ready` tells when it answers."""
        child, home = self._started()
        self._end_orphan(home)
        _turn_log(child.output)
        self._before = postmaster.read(home.cluster)
        child.start()

    def ready(self) -> bool:
        """Whether the process launched last accepts connections."""
        child, home = self._started()
        told = postmaster.read(home.cluster)
        before = self._before.written_ns if self._before else None
        return child.running() and told is not None and told.ready and told.written_ns != before

    def exit_code(self) -> int | None:
        return self._child.exit_code() if self._child else None

    def _wait_until_ready(self, go_on: Callable[[], None]) -> None:
        """A process that ends because its predecessor's remains linger is started again."""
        child, _home = self._started()
        deadline = time.monotonic() + _START_SECONDS
        while not self.ready():
            go_on()
            if time.monotonic() > deadline:
                raise PostgresDidNotStart(self._story("PostgreSQL 未能按时就绪", "PostgreSQL was not ready in time"))
            if child.exit_code() is not None:
                if "shared memory block" not in self._log_tail():
                    raise PostgresDidNotStart(self._story("PostgreSQL 无法启动", "PostgreSQL did not start"))
                time.sleep(0.2)
                self.launch()
            time.sleep(0.02)

    def stop(self) -> bool:
        """Stop it (fast shutdown: open transactions roll back); `False` when it had to be killed."""
        polite = self._child.stop() if self._child else True
        self._child = None
        if self._home:
            self._home.discard() if not self._durable and self._home.relocated else self._home.close()
            self._home = None
        self._lock.release()
        return polite

    def _started(self) -> tuple[Child, Home]:
        if self._child is None or self._home is None:
            raise RuntimeError("PostgreSQL has not been started")
        return self._child, self._home

    def _postgres(self, programs: Path, home: Home) -> Child:
        options = [
            *("listen_addresses=", f"unix_socket_directories={home.sockets}", "unix_socket_permissions=0700"),
            *(
                "timezone=UTC",
                "log_timezone=UTC",
                "log_checkpoints=off",
                # After a crash every file is synced before recovery begins; the kernel does that in one call.
                *(("recovery_init_sync_method=syncfs",) if sys.platform == "linux" else ()),
                *(() if self._durable else _FORGETFUL),
            ),
        ]
        return Child(
            name="postgres",
            command=[programs / "postgres", "-D", home.cluster, *(w for o in options for w in ("-c", o))],
            env=_plain_environment(),
            account=self._account,
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
            grace=30.0,
            output=self._data_dir / "postgres.log",
        )

    def _create_cluster(self, programs: Path, home: Home) -> None:
        """Make the cluster and its database aside, then move it into place: half a cluster is never seen."""
        aside = home.root / "cluster.new"
        shutil.rmtree(aside, ignore_errors=True)
        own(aside, self._account)
        sync = () if self._durable else ("--no-sync",)
        self._run([str(programs / "initdb"), "-D", str(aside), *_INITDB, *sync])
        self._run(
            [str(programs / "postgres"), "--single", "-D", str(aside), "template1"],
            f"CREATE DATABASE {DATABASE};\n",
        )
        aside.rename(home.cluster)
        self._listener("created")

    def _run(self, command: list[str], said: str = "") -> None:
        done = subprocess.run(  # noqa: S603 (the wheel's own programs)
            command,
            input=said,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            env=_plain_environment(),
            cwd="/",
            user=self._account.uid if self._account else None,
            group=self._account.gid if self._account else None,
            extra_groups=[] if self._account else None,
        )
        if done.returncode or "ERROR:" in done.stdout or "FATAL:" in done.stdout:
            raise PostgresDidNotStart(f"无法建立数据库 / Could not create the database:\n{done.stdout.strip()[-2000:]}")

    def _end_orphan(self, home: Home) -> None:
        """We hold the lock, so a postmaster still running here has lost its supervisor: end it first."""
        old = postmaster.read(home.cluster)
        if old is None:
            return
        if postmaster.is_postgres(old.pid, home.cluster):
            for number, patience in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(old.pid, number)
                if _within(patience, lambda: not postmaster.is_postgres(old.pid, home.cluster)):
                    break
        if _alive(old.pid) and _within(10.0, lambda: not postmaster.memory_is_attached(home.cluster)):
            # The number now belongs to a stranger or to a zombie (after a reboot, or in a new container), and
            # PostgreSQL would refuse to start. A dead number it recognises itself, with a check that only it
            # can make.
            (home.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _log_tail(self) -> str:
        log = self._data_dir / "postgres.log"
        with contextlib.suppress(OSError):
            return "\n".join(log.read_text(errors="replace").splitlines()[-8:])
        return ""

    def _story(self, zh: str, en: str) -> str:
        return f"{zh} / {en} ({self._data_dir / 'postgres.log'}):\n{self._log_tail()}"


def _plain_environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _turn_log(log: Path | None) -> None:
    if log is None:
        return
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
    log.touch(mode=0o600)  # it may quote statements


def _within(seconds: float, condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
