"""The other limit: how many small transactions a second this PostgreSQL commits, told by its own pgbench."""

import re
import subprocess
from urllib.parse import urlsplit, urlunsplit

import psycopg

from shop.dev import postgres
from shop.dev.bench.measuring import WentWrong

CLIENTS = 8


def commits_per_second(database_url: str, *, seconds: int) -> float:
    """TPC-B as pgbench has it, in a database of its own, on the server of `database_url`."""
    url = urlunsplit(urlsplit(database_url)._replace(path="/till_pgbench"))
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS till_pgbench")
        server.execute("CREATE DATABASE till_pgbench")
        try:
            _pgbench(url, "-i", "-q", "-s", "10")
            said = _pgbench(url, "-c", str(CLIENTS), "-j", "2", "-T", str(max(1, seconds)))
        finally:
            server.execute("DROP DATABASE till_pgbench WITH (FORCE)")
    found = re.search(r"tps = ([\d.]+)", said)
    if not found:
        raise WentWrong(f"pgbench named no figure: {said[-500:]}")
    return float(found[1])


def _pgbench(url: str, *options: str) -> str:
    command = [str(postgres.binary("pgbench")), *options, url]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
