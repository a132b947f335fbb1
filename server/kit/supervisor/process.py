"""One child process in a process group of its own, which never outlives this one."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from server.kit.supervisor.account import Account

_LEASH = Path(__file__).with_name("leash.py")


@dataclass(slots=True, kw_only=True)
class Child:
    """What to run and how to end it.

    `stop_signal` asks politely, `grace` seconds later SIGKILL insists; `death_signal` is what the kernel
    sends when this process dies without being able to stop anything. `env` is the whole environment of the
    child.
    """

    name: str
    command: Sequence[str | Path]
    env: Mapping[str, str] | None = None
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    grace: float = 10.0
    output: Path | None = None
    cwd: Path = Path("/")
    watch: bool = False
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the command; it leads its own process group, so that Ctrl-C reaches only this process."""
        watch = self.watch or not _kernel_signals_parent_death()
        leash = [sys.executable, "-I", "-S", str(_LEASH), "--parent", str(os.getpid())]
        leash += ["--signal", str(int(self.death_signal))]
        if self.account:
            leash += ["--uid", str(self.account.uid), "--gid", str(self.account.gid)]
        leash += ["--watch"] if watch else []
        with contextlib.ExitStack() as opened:
            output = opened.enter_context(self.output.open("ab")) if self.output else None
            self._process = subprocess.Popen(  # noqa: S603 (the supervisor's own command)
                [*leash, "--", *map(str, self.command)],
                stdin=subprocess.PIPE if watch else subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=None if self.env is None else dict(self.env),
                cwd=self.cwd,
                process_group=0,
            )

    def exit_code(self) -> int | None:
        """The exit code (negative: the signal), or `None` while it runs or before the first start.

        Whatever the dead process left in its group is killed before the code is told.
        """
        if self._process is None:
            return None
        code = self._process.poll()
        if code is not None:
            self._kill_group()
        return code

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> bool:
        """Stop it; `False` when it had to be killed. Stopping what does not run is no error."""
        if self._process is None:
            return True
        polite = True
        if self._process.poll() is None:
            self._process.send_signal(self.stop_signal)
            polite = _wait(self._process, self.grace)
        self._kill_group()
        self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
        self._process = None
        return polite

    def kill(self) -> None:
        """End it at once, with everything in its group."""
        if self._process is not None:
            self._kill_group()
            self._process.wait()

    def _kill_group(self) -> None:
        if self._process is not None:
            # macOS answers EPERM for a group of which only a zombie is left
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _kernel_signals_parent_death() -> bool:
    # Linux sends the signal when the *thread* ends that forked the child; only the main thread lasts long
    # enough.
    return sys.platform == "linux" and threading.current_thread() is threading.main_thread()


def _wait(process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while process.poll() is None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
