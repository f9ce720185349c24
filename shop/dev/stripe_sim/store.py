"""Where the simulator keeps what it knows: JSON documents in one SQLite database, in a file or in memory.

One connection behind one lock: every request runs alone, in one transaction, so that an endpoint's effects, its events and
their deliveries are there together or not at all. Fields whose name starts with `_` are the simulator's own and never shown.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    created INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS objects_kind ON objects (kind, seq);
CREATE INDEX IF NOT EXISTS objects_intent ON objects (kind, json_extract(body, '$.payment_intent'));
CREATE INDEX IF NOT EXISTS objects_charge ON objects (kind, json_extract(body, '$.charge'));
CREATE INDEX IF NOT EXISTS objects_customer ON objects (kind, json_extract(body, '$.customer'));
CREATE TABLE IF NOT EXISTS idempotency (
    key TEXT PRIMARY KEY, method TEXT NOT NULL, path TEXT NOT NULL, fingerprint TEXT NOT NULL, created INTEGER NOT NULL,
    request_id TEXT NOT NULL, status INTEGER, body TEXT);
CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, endpoint TEXT NOT NULL, due REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'pending', status INTEGER, error TEXT);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due);
CREATE INDEX IF NOT EXISTS deliveries_event ON deliveries (event);
CREATE TABLE IF NOT EXISTS later (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, due REAL NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
TABLES = ("objects", "idempotency", "deliveries", "later", "settings")


class Store:
    """Documents by kind and id, newest first, and the transaction in which they change."""

    def __init__(self, path: str | None = None) -> None:
        self.lock = threading.RLock()
        self.depth = 0
        self.db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        if path:
            self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = NORMAL")
        self.db.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Nested uses join the outer one."""
        with self.lock:
            if self.depth == 0:
                self.db.execute("BEGIN IMMEDIATE")
            self.depth += 1
            try:
                yield
            except BaseException:
                self.depth -= 1
                if self.depth == 0:
                    self.db.execute("ROLLBACK")
                raise
            self.depth -= 1
            if self.depth == 0:
                self.db.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self.lock:
            return self.db.execute(sql, values).fetchall()

    def run(self, sql: str, *values: Any) -> int:
        """One writing statement; how many rows it touched."""
        with self.lock:
            return self.db.execute(sql, values).rowcount

    def add(self, document: dict) -> dict:
        self.run(
            "INSERT INTO objects (id, kind, created, body) VALUES (?, ?, ?, ?)",
            document["id"], document["object"], document.get("created", 0), json.dumps(document),
        )  # fmt: skip
        return document

    def save(self, document: dict) -> dict:
        self.run("UPDATE objects SET body = ? WHERE id = ?", json.dumps(document), document["id"])
        return document

    def remove(self, object_id: str) -> None:
        self.run("DELETE FROM objects WHERE id = ?", object_id)

    def get(self, kind: str, object_id: str) -> dict | None:
        found = self.rows("SELECT body FROM objects WHERE kind = ? AND id = ?", kind, object_id)
        return json.loads(found[0]["body"]) if found else None

    def find(self, kind: str, **where: Any) -> list[dict]:
        """Documents of a kind, newest first; `where` compares top-level fields."""
        conditions = "".join(f" AND json_extract(body, '$.{name}') = ?" for name in where)
        sql = f"SELECT body FROM objects WHERE kind = ?{conditions} ORDER BY seq DESC"  # nosec B608 (the names are ours)
        return [json.loads(row["body"]) for row in self.rows(sql, kind, *where.values())]

    def setting(self, name: str, default: Any = None) -> Any:
        found = self.rows("SELECT value FROM settings WHERE name = ?", name)
        return json.loads(found[0]["value"]) if found else default

    def set(self, name: str, value: Any) -> None:
        self.run("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", name, json.dumps(value))

    def clear(self) -> None:
        """Forget everything, webhook endpoints excepted: they are the account's set-up, not its history."""
        with self.transaction():
            endpoints = self.find("webhook_endpoint")
            for table in TABLES:
                self.run(f"DELETE FROM {table}")  # nosec B608
            for endpoint in endpoints:
                self.add(endpoint)


def public(value: Any) -> Any:
    """The value as the API shows it: without the simulator's own fields."""
    if isinstance(value, dict):
        return {
            name: inner
            if name == "metadata"
            else public(inner)  # metadata is the shop's own, whatever its names
            for name, inner in value.items()
            if not str(name).startswith("_")
        }
    if isinstance(value, list):
        return [public(inner) for inner in value]
    return value
