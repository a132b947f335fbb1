"""Start processes in order, keep them running, stop them in the opposite order.

Deliberately without threads or an event loop: the kernel ties a child's death signal to the thread that
forked it, and a supervisor should have as little in it that can fail as possible.
"""

import contextlib
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Self

from server.kit.supervisor.postgres import EmbeddedPostgres
from server.kit.supervisor.process import Child

Say = Callable[[str, str], None]

_TICK = 0.1
_FIRST_DELAY, _LONGEST_DELAY = 0.2, 30.0
_STEADY_SECONDS = 60.0
_HOPELESS_STARTS = 4


class StartFailed(RuntimeError):
    """A part of the product could not be started; the message says which."""


class Stopped(Exception):
    """Somebody asked us to stop before everything had started."""


@dataclass(slots=True)
class _Part:
    child: Child
    failures: int = 0
    started_at: float = 0.0
    again_at: float | None = None
    back: bool = True

    def start(self) -> None:
        self.child.start()
        self.started_at, self.again_at = time.monotonic(), None


class Supervisor:
    """A context in which processes run; leaving it stops them, in the order of their start, PostgreSQL last.

    SIGTERM, SIGINT and SIGHUP ask for an orderly stop; a second one kills at once.
    """

    def __init__(self, say: Say) -> None:
        self._say = say
        self._parts: list[_Part] = []
        self._postgres: EmbeddedPostgres | None = None
        self._postgres_part = _Part(Child(name="postgres", command=[]))
        self._stopping = False
        self._handlers: dict[signal.Signals, object] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            self._handlers[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop_everything()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal.signal gave us

    def start_postgres(self, postgres: EmbeddedPostgres) -> str:
        """Start the database and keep it running from now on; the answer is its address."""
        self._postgres = postgres
        dsn = postgres.start(self._go_on)
        self._postgres_part.started_at = time.monotonic()
        return dsn

    def run_once(self, child: Child) -> None:
        """Run a command to its end.

        Raises:
            StartFailed: it ended with an error.
            Stopped: we were asked to stop meanwhile.
        """
        child.start()
        try:
            while (code := child.exit_code()) is None:
                self._go_on()
                time.sleep(_TICK / 5)
        finally:
            child.stop()
        if code != 0:
            raise StartFailed(f"{child.name} 失败（{code}） / {child.name} failed ({code})")

    def start(self, child: Child) -> None:
        """Start a command and keep it running from now on."""
        part = _Part(child)
        self._parts.append(part)
        part.start()

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait for the start to succeed, while already restarting what fails.

        Raises:
            StartFailed: a part ends again and again, or the time is over.
            Stopped: we were asked to stop meanwhile.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            self._go_on()
            self._tend()
            for part in self._parts:
                if part.failures >= _HOPELESS_STARTS:
                    raise StartFailed(f"{part.child.name} 无法启动 / {part.child.name} does not start")
            if time.monotonic() > deadline:
                raise StartFailed("启动超时 / The start took too long")
            time.sleep(_TICK / 2)

    def watch(self) -> None:
        """Keep everything running until we are asked to stop."""
        while not self._stopping:
            self._tend()
            time.sleep(_TICK)

    def _tend(self) -> None:
        now = time.monotonic()
        self._tend_postgres(now)
        for part in self._parts:
            if part.again_at is not None:
                if now >= part.again_at:
                    part.start()
            elif (code := part.child.exit_code()) is not None:
                self._plan_again(part, part.child.name, code, now)

    def _tend_postgres(self, now: float) -> None:
        postgres, part = self._postgres, self._postgres_part
        if postgres is None:
            return
        if part.again_at is not None:
            if now >= part.again_at:
                part.again_at, part.started_at, part.back = None, now, False
                postgres.launch()
        elif (code := postgres.exit_code()) is not None:
            self._plan_again(part, "postgres", code, now)
        elif not part.back and postgres.ready():
            part.back = True
            self._say("数据库已恢复", "database is back")

    def _plan_again(self, part: _Part, name: str, code: int, now: float) -> None:
        if now - part.started_at > _STEADY_SECONDS:
            part.failures = 0
        delay = min(_FIRST_DELAY * 2**part.failures, _LONGEST_DELAY)
        part.failures += 1
        part.again_at = now + delay
        how = signal.Signals(-code).name if code < 0 else str(code)
        self._say(
            f"{name} 意外结束（{how}），{delay:.1f} 秒后重启",
            f"{name} ended ({how}), restart in {delay:.1f} s",
        )

    def _go_on(self) -> None:
        if self._stopping:
            raise Stopped

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._stopping:
            for part in self._parts:
                part.child.kill()
        self._stopping = True

    def _stop_everything(self) -> None:
        self._stopping = True
        for part in self._parts:
            self._told(part.child.name, part.child.stop)
        if self._postgres is not None:
            self._told("postgres", self._postgres.stop)
        self._parts.clear()
        self._postgres = None

    def _told(self, name: str, stop: Callable[[], bool]) -> None:
        with contextlib.suppress(ProcessLookupError):
            if stop():
                self._say(f"{name} 已停止", f"{name} stopped")
            else:
                self._say(f"{name} 未按时停止，已强制结束", f"{name} did not stop in time and was killed")
