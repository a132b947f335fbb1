"""Run one command that ends when its parent ends, however the parent dies.

Started by `process.Child` as a script of its own rather than as a `preexec_fn`, because code between fork and
exec may deadlock in a program with threads. Uses the standard library only, so that it starts in a few
milliseconds.

- Linux, started from the main thread: drop privileges, ask the kernel for a signal at the parent's death,
  exec.
- Elsewhere (`--watch`): stay in between; the parent holds the other end of standard input, and its end of
  file means that the parent is gone. (Linux ties the kernel's signal to the parent's *thread*, hence also for
  threads.)
"""

import argparse
import ctypes
import os
import signal
import subprocess
import sys
import threading

_PR_SET_PDEATHSIG = 1


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--signal", type=int, required=True)
    parser.add_argument("--uid", type=int)
    parser.add_argument("--gid", type=int)
    parser.add_argument("--watch", action="store_true")
    parser.add_argument("command", nargs="+")
    given = parser.parse_args()
    if given.uid is not None:
        os.setgroups([])
        os.setgid(given.gid)
        os.setuid(given.uid)
    if given.watch:
        sys.exit(_watch(given.command, given.signal))
    # After setuid, which clears it.
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, given.signal)
    if os.getppid() != given.parent:
        sys.exit(1)
    os.execvp(given.command[0], given.command)  # noqa: S606 (no shell is wanted)


def _watch(command: list[str], at_death: int) -> int:
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 (the supervisor's own command)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: child.send_signal(received))

    def wait_for_parent() -> None:
        while os.read(0, 1):
            pass
        child.send_signal(at_death)

    threading.Thread(target=wait_for_parent, daemon=True).start()
    code = child.wait()
    if code < 0:  # die the same death, so that the parent sees the true cause
        signal.signal(-code, signal.SIG_DFL) if -code not in (signal.SIGKILL, signal.SIGSTOP) else None
        os.kill(os.getpid(), -code)
    return code


if __name__ == "__main__":
    main()
