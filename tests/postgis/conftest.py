"""A PostgreSQL with PostGIS of the tests' own: a new cluster in a temporary folder, reached
by a Unix socket only, gone at the end."""

import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

BINARIES = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))


class Server:
    def __init__(self, folder):
        self.folder = folder
        self.data = folder / "data"
        # PostgreSQL refuses to run as root: in a container the package's user does it.
        self.prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.prefix:
            shutil.chown(folder, "postgres")
            folder.chmod(0o755)

    def run(self, program, *arguments, **options):
        command = [*self.prefix, str(BINARIES[-1] / program), *map(str, arguments)]
        return subprocess.run(command, check=True, capture_output=True, text=True,
                              cwd=self.folder, **options)

    def start(self):
        self.run("initdb", "-D", self.data, "-U", "muster", "--auth=trust", "--encoding=UTF8",
                 "--no-sync")
        self.run("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "-o",
                 f"-k {self.folder} -c listen_addresses='' -c fsync=off", "start")

    def stop(self):
        self.run("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")

    @property
    def connection(self):
        return f"host={self.folder} user=muster dbname=postgres"

    def sql(self, script):
        return self.run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-At", "-d", self.connection,
                        input=script).stdout


@pytest.fixture(scope="session")
def server():
    if not BINARIES:
        pytest.skip("no PostgreSQL server in /usr/lib/postgresql")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-pg-"))
    server = Server(folder)
    try:
        server.start()
        server.sql("CREATE EXTENSION postgis;")
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
