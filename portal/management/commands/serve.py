"""Run the portal: the web server, and beside it the worker that imports sheets and makes papers.

Both are children of this command and stop with it. Larger offices run the two under systemd (docs/operating.md).
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.demonstration import ACCOUNTS, demo_password

READY_WITHIN, STOPPED_WITHIN = 40, 15
PARENT_DEATH_SIGNAL = 1


class Command(BaseCommand):
    help = "Run the web server and the worker until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument(
            "--workers", type=int, default=2, help="processes of the web server, of 8 threads each"
        )

    def handle(self, *, host: str, port: int, workers: int, **options: Any) -> None:
        refuse_taken_port(host, port)
        # In the demonstration nothing is collected, and WhiteNoise would warn of a missing folder.
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        server = web_server(host, port, workers)
        call_command("nightly")
        worker = start("manage.py", "db_worker", "--queue-name=*", "--no-startup-delay", "--verbosity=0")
        children = {"The web server": server, "The worker": worker}
        # SIGTERM ends this command as Ctrl-C does, and so stops the children.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            wait_until(lambda: answers(host, port), children)
            self.tell_ready(f"http://{host}:{port}/")
            wait_until(lambda: False, children, within=None)
        except KeyboardInterrupt:
            self.stdout.write("Stopping.")
        finally:
            stop(children)

    def tell_ready(self, address: str) -> None:
        if settings.DEMO:
            self.stdout.write("Sign in as one of these, each with its password:")
            for account in ACCOUNTS:
                password = demo_password(account.username)
                self.stdout.write(
                    f"  {account.username:<12} {password:<20} {account.role}: {account.purpose}"
                )
        self.stdout.write(self.style.SUCCESS(f"Ready: {address}  (Ctrl-C stops it)"))
        self.stdout.flush()


def refuse_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refused:
            raise CommandError(f"Port {port} is taken; choose another: PORT=8001 make run") from refused


def web_server(host: str, port: int, workers: int) -> subprocess.Popen:
    return start(
        "-m", "gunicorn", "portal.wsgi:application", f"--bind={host}:{port}", "--worker-class=gthread",
        f"--workers={workers}", "--threads=8", "--timeout=120", "--log-level=warning", "--no-control-socket",
        "--preload",
    )  # fmt: skip


def start(*command: str) -> subprocess.Popen:
    # In a session of its own: Ctrl-C reaches this command alone, which then stops the children in good order.
    return subprocess.Popen(
        [sys.executable, *command], cwd=settings.HOME, start_new_session=True, preexec_fn=die_with_parent
    )


def die_with_parent() -> None:
    """Ask Linux to stop the child should this command be killed, so that no server is left on the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


def answers(host: str, port: int) -> bool:
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/health/")
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def wait_until(done: Callable[[], bool], children: dict, within: int | None = READY_WITHIN) -> None:
    began = time.monotonic()
    while not done():
        for name, child in children.items():
            if child.poll() is not None:
                raise CommandError(f"{name} ended by itself (code {child.returncode}).")
        if within and time.monotonic() - began > within:
            raise CommandError(f"The web server did not answer within {within} seconds.")
        time.sleep(0.2)


def stop(children: dict) -> None:
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    for child in children.values():
        try:
            child.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            child.kill()
