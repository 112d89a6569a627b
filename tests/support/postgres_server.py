"""A PostgreSQL of one's own: a new cluster in a temporary folder, reached by a Unix socket
only, gone at the end."""

import os
import pathlib
import shutil
import subprocess

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

    def start(self):
        self.run("initdb", "-D", self.data, "-U", "muster", "--auth=trust", "--encoding=UTF8",
                 "--no-sync")
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

    def sql(self, script):
        return self.run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-At", "-d", self.connection,
                        input=script).stdout
