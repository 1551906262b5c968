"""A PostgreSQL server of its own in a folder, for the length of a with statement.

Debian's package postgresql, of which only the programs are used; it listens on
a socket in its folder alone.
"""

import glob
import os
import pwd
import shutil
import subprocess
import tempfile


def programs():
    """The folder of initdb and postgres, the newest; None when there is none."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    return os.path.dirname(found[-1]) if found else None


def available():
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        return False
    return os.geteuid() == 0 and programs() is not None


class Postgres:
    """folder: what a client calls host; user postgres, any password, port 5432."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="exvet-pg-")
        self.started = False
        os.chmod(self.folder, 0o755)
        user = pwd.getpwnam("postgres")
        self.data = os.path.join(self.folder, "data")
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        try:
            self._run("initdb", "-D", self.data, "-A", "trust", "-U", "postgres", "--no-sync",
                      "-E", "UTF8", "--locale=C")
            self._run("pg_ctl", "-D", self.data, "-w", "-l", os.path.join(self.folder, "log"), "-o",
                      f"-c listen_addresses= -c fsync=off -c port=5432 -k {self.folder}", "start")
            self.started = True
        except Exception:
            self.__exit__()
            raise
        return self

    def _run(self, program, *args):
        done = subprocess.run([os.path.join(programs(), program), *args], cwd=self.folder, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
                              **self.identity)
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {(done.stderr or b'').decode()[-800:]}")

    def sql(self, database, text=None, file=None):
        """What psql prints, unadorned."""
        args = [os.path.join(programs(), "psql"), "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h",
                self.folder, "-U", "postgres", database]
        with open(file, "rb") if file else open(os.devnull, "rb") as f:
            done = subprocess.run([*args, "-c", text] if text else args, stdin=f, capture_output=True,
                                  check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode()[-800:])
        return done.stdout.decode().strip()

    def __exit__(self, *unused):
        if self.started:
            self._run("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)
