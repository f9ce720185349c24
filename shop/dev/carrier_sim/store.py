"""What the simulator remembers, in one SQLite file (or in memory): parcels, their events, tokens, planned faults."""

import json
import sqlite3
import threading
import time
from dataclasses import dataclass

SCHEMA = """
CREATE TABLE IF NOT EXISTS parcels (
    number TEXT PRIMARY KEY, carrier TEXT NOT NULL, shipment TEXT NOT NULL, reference TEXT NOT NULL,
    service TEXT NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL, grams INTEGER NOT NULL,
    cost_minor INTEGER NOT NULL, currency TEXT NOT NULL, made_at REAL NOT NULL, stage TEXT NOT NULL DEFAULT 'created'
);
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY, number TEXT NOT NULL REFERENCES parcels, stage TEXT NOT NULL, at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, scope TEXT NOT NULL, expires_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY, operation TEXT NOT NULL, kind TEXT NOT NULL, after INTEGER NOT NULL,
    status INTEGER NOT NULL, seconds REAL NOT NULL, times INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS requests (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, operation TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
    status INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS webhooks (who TEXT PRIMARY KEY, url TEXT NOT NULL, secret TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Parcel:
    """One label and what happens to it. Addresses are {name, company, lines, city, region, postcode, country}."""

    number: str
    carrier: str
    shipment: str
    reference: str
    service: str
    sender: dict
    recipient: dict
    grams: int
    cost_minor: int
    currency: str
    made_at: float
    stage: str = "created"


@dataclass(frozen=True)
class Event:
    stage: str
    at: float


class Store:
    """One connection behind one lock: the simulator serves a handful of people, not a warehouse."""

    def __init__(self, path: str = ":memory:"):
        self.lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.executescript(SCHEMA)

    def run(self, sql: str, *values) -> list[sqlite3.Row]:
        with self.lock:
            return self._db.execute(sql, values).fetchall()

    def add(self, parcel: Parcel) -> None:
        row = parcel.__dict__ | {
            "sender": json.dumps(parcel.sender),
            "recipient": json.dumps(parcel.recipient),
        }
        self.run(f"INSERT INTO parcels ({','.join(row)}) VALUES ({','.join('?' * len(row))})", *row.values())  # nosec B608

    def parcel(self, number: str, *, carrier: str = "") -> Parcel | None:
        rows = self.run("SELECT * FROM parcels WHERE number = ? AND carrier LIKE ?", number, carrier or "%")
        return _parcel(rows[0]) if rows else None

    def parcels(self, *, carrier: str = "", reference: str = "") -> list[Parcel]:
        """Newest first."""
        rows = self.run(
            "SELECT * FROM parcels WHERE carrier LIKE ? AND reference LIKE ? ORDER BY made_at DESC, number",
            carrier or "%",
            reference or "%",
        )
        return [_parcel(row) for row in rows]

    def events(self, number: str) -> list[Event]:
        """Oldest first."""
        rows = self.run("SELECT stage, at FROM events WHERE number = ? ORDER BY at, id", number)
        return [Event(row["stage"], row["at"]) for row in rows]

    def happen(self, number: str, stage: str, *, at: float | None = None) -> Event:
        """The parcel reaches a stage."""
        event = Event(stage, time.time() if at is None else at)
        with self.lock:
            self.run("INSERT INTO events (number, stage, at) VALUES (?, ?, ?)", number, event.stage, event.at)
            self.run("UPDATE parcels SET stage = ? WHERE number = ?", stage, number)
        return event

    def clear(self) -> None:
        for table in ("events", "parcels", "tokens", "faults", "requests", "webhooks"):
            self.run(f"DELETE FROM {table}")  # nosec B608


def _parcel(row: sqlite3.Row) -> Parcel:
    values = dict(row)
    return Parcel(
        **values | {"sender": json.loads(values["sender"]), "recipient": json.loads(values["recipient"])}
    )
