"""A child never outlives its parent, whichever way either of them dies."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from server.kit.supervisor.lock import FolderLock, Taken, holder
from server.kit.supervisor.process import Child

SLEEPER = "import time; time.sleep(120)"
# Notes its process id and that of a child of its own, then sleeps.
FAMILY = (
    "import os, subprocess, sys, time; from pathlib import Path\n"
    f"grandchild = subprocess.Popen([sys.executable, '-c', {SLEEPER!r}])\n"
    "Path(sys.argv[1]).write_text(f'{os.getpid()} {grandchild.pid}\\n')\n"
    "time.sleep(120)"
)
PARENT = (
    "import sys, time; from server.kit.supervisor.process import Child\n"
    "child = Child(name='c', command=[sys.executable, '-c', sys.argv[1], sys.argv[2]], watch=sys.argv[3] == 'watch')\n"
    "child.start(); time.sleep(120)"
)


def alive(pid: int) -> bool:
    """Whether the process runs; a zombie that nobody has collected does not."""
    status = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(told.strip()) and not told.strip().startswith("Z")


def wait_for(condition: object, seconds: float = 15.0) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


def pids_in(note: Path) -> list[int]:
    wait_for(lambda: note.exists() and note.read_text().endswith("\n"))
    return [int(word) for word in note.read_text().split()]


@pytest.mark.parametrize("how", ["kernel", "watch"])
def test_ends_when_its_parent_is_killed(tmp_path: Path, how: str) -> None:
    note = tmp_path / "pids"
    simple = (
        "import os, sys, time; from pathlib import Path\n"
        "Path(sys.argv[1]).write_text(f'{os.getpid()}\\n'); time.sleep(120)"
    )
    with subprocess.Popen([sys.executable, "-c", PARENT, simple, note, how]) as parent:
        (child,) = pids_in(note)
        assert alive(child)
        parent.kill()
        wait_for(lambda: not alive(child))


@pytest.mark.parametrize("watch", [False, True])
def test_its_whole_group_ends_with_it(tmp_path: Path, watch: bool) -> None:
    note = tmp_path / "pids"
    child = Child(name="family", command=[sys.executable, "-c", FAMILY, note], watch=watch)
    child.start()
    pids = pids_in(note)
    os.kill(pids[0], signal.SIGKILL)
    wait_for(lambda: child.exit_code() is not None)
    assert child.exit_code() == -signal.SIGKILL
    wait_for(lambda: not any(map(alive, pids)))


@pytest.mark.parametrize("watch", [False, True])
def test_is_asked_first_and_killed_when_it_does_not_listen(tmp_path: Path, watch: bool) -> None:
    listens = Child(name="listens", command=[sys.executable, "-c", FAMILY, tmp_path / "a"], watch=watch)
    listens.start()
    pids = pids_in(tmp_path / "a")
    assert listens.stop()
    deaf_code = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{FAMILY}"
    deaf = Child(name="deaf", command=[sys.executable, "-c", deaf_code, tmp_path / "b"], grace=0.3, watch=watch)
    deaf.start()
    pids += pids_in(tmp_path / "b")
    assert not deaf.stop()
    wait_for(lambda: not any(map(alive, pids)))


def test_survives_the_end_of_the_thread_that_started_it() -> None:
    """Linux ties the death signal to the thread that forked; a child from another thread must not die with it."""
    child = Child(name="sleeper", command=[sys.executable, "-c", SLEEPER])
    starter = threading.Thread(target=child.start)
    starter.start()
    starter.join()
    time.sleep(0.3)
    assert child.running()
    child.stop()


def test_a_lock_names_its_holder_and_is_free_after_its_death(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    script = (
        "import sys, time; from pathlib import Path; from server.kit.supervisor.lock import FolderLock\n"
        "held = FolderLock(Path(sys.argv[1])); held.take(url='u'); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, path], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        mine = FolderLock(path)
        with pytest.raises(Taken) as refused:
            mine.take()
        assert refused.value.note == {"pid": other.pid, "url": "u"} == holder(path)
        other.kill()
        other.wait()
        mine.take(url="v")
        assert holder(path) == {"pid": os.getpid(), "url": "v"}
        mine.release()
        assert holder(path) is None
