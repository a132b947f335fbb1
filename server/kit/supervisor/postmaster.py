"""What `postmaster.pid` says, and whether it is true."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Postmaster:
    """The process named in a cluster's pid file. `written_ns` tells one writing of the file from the next."""

    pid: int
    ready: bool
    written_ns: int


def read(cluster: Path) -> Postmaster | None:
    """The content of the pid file, or `None` while there is none or it is being written."""
    path = cluster / "postmaster.pid"
    try:
        written_ns = path.stat().st_mtime_ns
        lines = path.read_text().splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    # The eighth line is the status; pg_ctl reads it the same way.
    return Postmaster(pid, len(lines) > 7 and lines[7].strip() == "ready", written_ns)


def is_postgres(pid: int, cluster: Path) -> bool:
    """Whether this process is the postmaster of this cluster, not a stranger that got its old number."""
    command = _command_line(pid)
    return "postgres" in command and str(cluster) in command


def memory_is_attached(cluster: Path) -> bool:
    """Whether any process still uses the shared memory that the pid file names (Linux; elsewhere `False`).

    A postmaster killed with SIGKILL leaves server processes that take a moment to notice; starting beside them
    would damage the cluster.
    """
    try:
        segment = (cluster / "postmaster.pid").read_text().splitlines()[6].split()[1]
        segments = Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
    except (OSError, IndexError):
        return False
    # Columns: key, shmid, perms, size, cpid, lpid, nattch, …
    return any(columns[1] == segment and columns[6] != "0" for columns in map(str.split, segments))


def _command_line(pid: int) -> str:
    told = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self/cmdline").exists():
        try:
            return told.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    asked = subprocess.run(  # noqa: S603 (macOS has no /proc)
        ["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return asked.stdout
