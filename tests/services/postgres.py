"""A private Postgres server for the tests, the benchmarks and the torture runs."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from adapters.sql.config import PostgresConfig
from adapters.sql.postgres import migrate_postgres
from tests.services.missing import missing
from tests.services.ports import free_port

TIMEOUT_S = 180.0
PASSWORD = "correct-horse-battery"
_FIRST_WITH_STRATEGIES = 150_000
_DEBIAN = Path("/usr/lib/postgresql")
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "autovacuum_naptime": "10s",
}


class PostgresServer:
    """One cluster on one port of this machine; its data survives a restart."""

    def __init__(self, folder: Path, *, durable: bool) -> None:
        self.port = 0
        self._folder = folder
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._databases = 0
        self._is_template_ready = False
        self._copying = ""

    @property
    def url(self) -> str:
        """The URL of the database `postgres`, as superuser."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """Return the URL of one database of the cluster, as superuser."""
        return f"postgresql://postgres:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start the server, and wait until it accepts connections."""
        settings = _SETTINGS if self._durable else _SETTINGS | {"fsync": "off", "full_page_writes": "off"}
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        argv = [*_as_postgres_user(), str(_program("postgres")), "-D", str(self._folder / "data"), "-p", str(self.port)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*argv, *options], stdout=log, stderr=log, cwd="/")
        _until(self._answers, "Postgres to answer")

    def stop(self, *, abruptly: bool = False) -> None:
        """Stop the server: a fast shutdown that ends every connection, or an immediate one, like a crash."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGQUIT if abruptly else signal.SIGINT)
        self._process.wait(TIMEOUT_S)
        self._process = None

    def restart(self, *, abruptly: bool = False) -> None:
        """Stop the server, and start it on the same port."""
        self.stop(abruptly=abruptly)
        self.start()

    def new_database(self, *, template: str = "template1") -> str:
        """Create a database as a copy of the template; return its URL."""
        self._databases += 1
        name = f"telecine_{self._databases}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}{self._copying}")
        return self.url_of(name)

    async def migrated_database(self) -> str:
        """Copy a migrated template, which is faster than migrating, to a new database; return its URL."""
        if not self._is_template_ready:
            self.execute("CREATE DATABASE telecine_template")
            await migrate_postgres(PostgresConfig(self.url_of("telecine_template")))
            # Copying files takes less CPU time than writing their pages to the log. Postgres 14 always copies files.
            has_strategies = int(self.execute("SHOW server_version_num")) >= _FIRST_WITH_STRATEGIES
            self._copying = " STRATEGY file_copy" if has_strategies else ""
            self._is_template_ready = True
        return self.new_database(template="telecine_template")

    def drop(self, url: str) -> None:
        """Drop a database, even if clients are still connected."""
        self.execute(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def execute(self, sql: str, *, database: str = "postgres") -> str:
        """Run one statement with psql; return its rows as text."""
        argv = [str(_program("psql")), "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql, self.url_of(database)]
        return subprocess.run(argv, check=True, capture_output=True, text=True, timeout=600).stdout.strip()

    def create(self) -> None:
        """Create the cluster's files, and choose its port."""
        password = self._folder / "password"
        password.write_text(PASSWORD)
        _change_owner(self._folder, password)
        options = ["--auth=scram-sha-256", f"--pwfile={password}", "--username=postgres", "--encoding=UTF8"]
        # A linguistic collation, so that the tests catch a query that depends on the order of bytes.
        language = ["--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8", "--no-sync"]
        argv = [*_as_postgres_user(), str(_program("initdb")), "-D", str(self._folder / "data"), *options, *language]
        subprocess.run(argv, check=True, capture_output=True, cwd="/")
        self.port = free_port()

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise RuntimeError(f"Postgres did not start: {(self._folder / 'log').read_text()[-2000:]}")
        argv = [str(_program("pg_isready")), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(argv, check=False).returncode == 0


@contextmanager
def running_postgres(*, durable: bool = True) -> Generator[PostgresServer]:
    """Run a new cluster until the block ends; without `durable` it is faster, and may lose data in a crash.

    The server also ends with the thread that entered the block, so a killed test leaves no server behind.
    """
    with tempfile.TemporaryDirectory(prefix="telecine-postgres-") as folder:
        server = PostgresServer(Path(folder), durable=durable)
        server.create()
        try:
            server.start()
            yield server
        finally:
            server.stop()


def _program(name: str) -> Path:
    """Find a program on the PATH, or else the newest version where Debian installs it."""
    postgres = shutil.which("postgres")
    if postgres is not None:
        return Path(postgres).resolve().with_name(name)
    versions = sorted(_DEBIAN.glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    if not versions:
        missing("PostgreSQL", "Install it: apt-get install postgresql.")
    return versions[-1].with_name(name)


def _as_postgres_user() -> list[str]:
    """Run as a user other than root, as Postgres demands; the kernel stops the server when its parent ends."""
    with_parent = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() != 0:
        return with_parent
    user = _user()
    return [*with_parent, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _change_owner(*paths: Path) -> None:
    if os.geteuid() == 0:
        for path in paths:
            os.chown(path, _user().pw_uid, _user().pw_gid)


def _until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {TIMEOUT_S} s for {what}.")
        time.sleep(0.02)
