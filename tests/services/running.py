"""Programs that service tests run beside themselves: started, signalled, killed and stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import redis

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""Seconds until a service that does not get ready counts as broken."""


def missing(reason: str) -> None:
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"REQUIRE_SERVICES=1, but {reason}", pytrace=False)
    pytest.skip(reason)


def wait_until(is_true: Callable[[], object], what: str, seconds: float = PATIENCE, *, every: float = 0.05) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            pytest.fail(f"{what} did not happen within {seconds:g} s", pytrace=False)
        time.sleep(every)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Service:
    """A program in a process group of its own, so that one signal reaches it and all its children."""

    def __init__(self, *command: str, log: Path, env: dict[str, str] | None = None) -> None:
        self.command = command
        self.log_file = log
        self.env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **(env or {})}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, is_ready: Callable[[], object]) -> None:
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        wait_until(lambda: self._died() or is_ready(), f"{self.command[0]} getting ready")
        if self._died():
            pytest.fail(f"{' '.join(self.command)} ended at once:\n{self.log[-4000:]}", pytrace=False)

    @property
    def log(self) -> str:
        return self.log_file.read_text("utf-8", "replace")

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def send(self, number: int) -> None:
        """Send a signal to the program and its children, such as SIGSTOP to freeze them."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """kill -9: no goodbye, nothing finished."""
        self.send(signal.SIGKILL)
        self._wait(10)

    def is_gone(self) -> bool:
        """Whether neither the program nor a child of it is left."""
        try:
            os.killpg(self.pid, 0)
        except ProcessLookupError:
            return True
        return False

    def stop(self) -> None:
        """Stop as a deployment does, then by force what is still there."""
        if self.process is None or self._died():
            return
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._wait(15)
        self.kill()

    def _died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def _wait(self, seconds: float) -> None:
        assert self.process is not None
        self.process.wait(seconds)


class Worker(Service):
    """A Celery worker; `start` returns once it takes messages."""

    def start(self, is_ready: Callable[[], object] | None = None) -> None:
        seen = self.log.count(" ready.") if self.log_file.exists() else 0
        super().start(is_ready or (lambda: self.log.count(" ready.") > seen))


class RedisServer(Service):
    """A Redis of one's own that keeps its data on disk (AOF), so that it may be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        options = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "dir": str(folder),
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        super().__init__("redis-server", *words, log=folder / "redis.log")

    @property
    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=2)

    def start(self, is_ready: Callable[[], object] | None = None) -> None:
        super().start(is_ready or self._answers)

    def _answers(self) -> bool:
        with suppress(redis.RedisError):
            return bool(self.client.ping())
        return False


class WebServer(Service):
    """gunicorn with two processes of two threads, on a free port."""

    def __init__(self, *, log: Path, env: dict[str, str]) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        options = ("--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "2", "--no-control-socket")
        super().__init__(sys.executable, "-m", "gunicorn", "config.wsgi", *options, log=log, env=env)

    def start(self, is_ready: Callable[[], object] | None = None) -> None:
        super().start(is_ready or self._answers)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=10):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
