"""A PostgreSQL of one's own: a new cluster in a temporary folder, reached by a Unix socket
only, gone at the end."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import urllib.parse

BINARIES = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))


class Server:
    def __init__(self, folder, options="-c fsync=off"):
        self.folder = folder
        self.options = options
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

    def start(self, settings=""):
        self.run("initdb", "-D", self.data, "-U", "muster", "--auth=trust", "--encoding=UTF8",
                 "--no-sync")
        self.options = f"{self.options} {settings}"
        self.launch()

    def launch(self):
        """Again, after stop."""
        self.run("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "-o",
                 f"-k {self.folder} -c listen_addresses='' {self.options}", "start")

    def stop(self, mode="immediate"):
        """immediate: as if it had crashed. fast: in order."""
        self.run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    @property
    def connection(self):
        return f"host={self.folder} user=muster dbname=postgres"

    def uri(self, database="postgres", user="muster", **options):
        """The connection as a URI; options are those of libpq."""
        options = {"host": self.folder, **options}
        query = "&".join(f"{name}={urllib.parse.quote(str(value), safe='')}"
                         for name, value in options.items())
        return f"postgresql://{user}@/{database}?{query}"

    def psql(self, database):
        return [*self.prefix, str(BINARIES[-1] / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-At",
                "-d", self.connection.replace("dbname=postgres", f"dbname={database}")]

    def sql(self, script, database="postgres"):
        return subprocess.run(self.psql(database), check=True, capture_output=True, text=True,
                              cwd=self.folder, input=script).stdout

    def stream(self, pieces, database):
        """Run a script that comes in pieces."""
        process = subprocess.Popen(self.psql(database), stdin=subprocess.PIPE, text=True,
                                   encoding="utf-8", cwd=self.folder, stdout=subprocess.DEVNULL)
        with process.stdin as stream:
            stream.writelines(pieces)
        assert process.wait() == 0


@contextlib.contextmanager
def running(**options):
    """A server that has PostGIS, for as long as the block takes; options are Server's."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-pg-"))
    server = Server(folder, **options)
    try:
        server.start()
        try:
            server.sql("CREATE EXTENSION postgis;")
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
