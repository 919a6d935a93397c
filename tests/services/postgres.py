"""A Postgres server of one's own, for tests, benchmarks and the long proofs."""

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

PATIENCE_S = 30.0
PASSWORD = "correct-horse-battery"
_DEBIAN = Path("/usr/lib/postgresql")
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "autovacuum_naptime": "10s",
}


class PostgresServer:
    """One cluster on one port of this machine; it may be stopped and started again, and keeps what it has."""

    def __init__(self, folder: Path, *, durable: bool) -> None:
        self.port = 0
        self._folder = folder
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._databases = 0
        self._is_template_ready = False

    @property
    def url(self) -> str:
        """The cluster's own database, as its superuser."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """One database of the cluster, as its superuser."""
        return f"postgresql://postgres:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = _SETTINGS if self._durable else _SETTINGS | {"fsync": "off", "full_page_writes": "off"}
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        argv = [*_as_its_user(), str(_program("postgres")), "-D", str(self._folder / "data"), "-p", str(self.port)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*argv, *options], stdout=log, stderr=log, cwd="/")
        _until(self._answers, "Postgres to answer")

    def stop(self, *, abruptly: bool = False) -> None:
        """Stop: by default as an operator would, ending every connection; abruptly as a crash would."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGQUIT if abruptly else signal.SIGINT)
        self._process.wait(PATIENCE_S)
        self._process = None

    def restart(self, *, abruptly: bool = False) -> None:
        """Stop, and start on the same port."""
        self.stop(abruptly=abruptly)
        self.start()

    def new_database(self, *, template: str = "template1") -> str:
        """The URL of a new database, a copy of the template."""
        self._databases += 1
        name = f"telecine_{self._databases}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url_of(name)

    async def migrated_database(self) -> str:
        """The URL of a new database with every table, all of them empty: a copy, which is faster than migrating."""
        if not self._is_template_ready:
            self.execute("CREATE DATABASE telecine_template")
            await migrate_postgres(PostgresConfig(self.url_of("telecine_template")))
            self._is_template_ready = True
        return self.new_database(template="telecine_template")

    def drop(self, url: str) -> None:
        """Drop a database, whoever is still connected."""
        self.execute(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def execute(self, sql: str, *, database: str = "postgres") -> str:
        """Run one statement with psql; its rows as text."""
        argv = [str(_program("psql")), "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql, self.url_of(database)]
        return subprocess.run(argv, check=True, capture_output=True, text=True, timeout=600).stdout.strip()

    def create(self) -> None:
        """Make the cluster's files and choose its port."""
        password = self._folder / "password"
        password.write_text(PASSWORD)
        _give_away(self._folder, password)
        options = ["--auth=scram-sha-256", f"--pwfile={password}", "--username=postgres", "--encoding=UTF8"]
        # A language's own order of letters, so that a query that leans on the order of bytes is found out.
        language = ["--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8", "--no-sync"]
        argv = [*_as_its_user(), str(_program("initdb")), "-D", str(self._folder / "data"), *options, *language]
        subprocess.run(argv, check=True, capture_output=True, cwd="/")
        self.port = free_port()

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise RuntimeError(f"Postgres did not start: {(self._folder / 'log').read_text()[-2000:]}")
        argv = [str(_program("pg_isready")), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(argv, check=False).returncode == 0


@contextmanager
def running_postgres(*, durable: bool = True) -> Generator[PostgresServer]:
    """A fresh cluster that runs until the block ends; not durable is faster, and fine for what is thrown away.

    It also ends with the thread that entered the block, so a killed test leaves no server behind.
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
    """On the PATH, or where Debian keeps it: the newest version."""
    postgres = shutil.which("postgres")
    if postgres is not None:
        return Path(postgres).resolve().with_name(name)
    versions = sorted(_DEBIAN.glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    if not versions:
        missing("PostgreSQL", "Install it: apt-get install postgresql.")
    return versions[-1].with_name(name)


def _as_its_user() -> list[str]:
    """Postgres refuses to run as root; and the kernel is to stop it when we are gone."""
    dying = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() != 0:
        return dying
    user = _user()
    return [*dying, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _give_away(*paths: Path) -> None:
    if os.geteuid() == 0:
        for path in paths:
            os.chown(path, _user().pw_uid, _user().pw_gid)


def _until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {PATIENCE_S} s for {what}.")
        time.sleep(0.02)
