"""Looks for keys, passwords and private keys in what the repository holds. Small on purpose: it knows the shapes that this
shop's own secrets have, and the common ones, and everything that is known to be made up is named here.
"""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Each with the value as its last group.
SHAPES = {
    "a private key": re.compile(r"(-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----)"),
    "a Stripe key": re.compile(r"\b(?:sk|rk)_(?:live|test)_([A-Za-z0-9]{16,})"),
    "a webhook secret": re.compile(r"\bwhsec_([A-Za-z0-9+/]{20,})"),
    "an AWS key": re.compile(r"\b((?:AKIA|ASIA)[A-Z0-9]{16})\b"),
    "a GitHub token": re.compile(r"\b(gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{40,})"),
    "a Google key": re.compile(r"\b(AIza[A-Za-z0-9_-]{35})\b"),
    "a Slack token": re.compile(r"\b(xox[abprs]-[A-Za-z0-9-]{10,})"),
    "a password in an address": re.compile(
        r"\b[a-z][a-z0-9+]*://[^\s:/@\"'{}$<>]+:([^\s@/\"'{}$<>]{3,})@[\w.-]+"
    ),
    "a secret that is assigned": re.compile(
        r"(?i)\b\w*(?:secret|password|passwd|api_?key|token)\w*[\"']?\s*[=:]\s*[\"']([A-Za-z0-9+/_=-]{20,})[\"']"
    ),
}
# Values that everybody may know: words, and what the simulators and examples use.
MADE_UP = re.compile(r"[a-z]+(?:[-_./][a-z]+)+|secret|till|password|(.)\1{9,}|(?:development-only-)?0+", re.I)
SKIPPED = {
    ".webp",
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".ico",
    ".woff2",
    ".pdf",
    ".mo",
    ".sqlite3",
    ".svg",
    ".bdf",
}
NOT_OURS = {
    ".git",
    ".venv",
    ".data",
    "node_modules",
    "__pycache__",
    ".hypothesis",
    ".mypy_cache",
    ".ruff_cache",
}


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def scan(root: Path) -> list[Finding]:
    """Of every file that is, or could be, committed."""
    return [
        found
        for path in files(root)
        for found in scan_text(path.read_text(errors="ignore"), str(path.relative_to(root)))
    ]


def scan_text(text: str, name: str) -> Iterator[Finding]:
    for number, line in enumerate(text.splitlines(), start=1):
        for what, shape in SHAPES.items():
            match = shape.search(line)
            if match and not MADE_UP.fullmatch(match[match.lastindex or 0]):
                yield Finding(name, number, what)


def files(root: Path) -> list[Path]:
    """By git, which knows what is ignored; without it, everything that is no cache."""
    asked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode == 0:
        found = [root / name for name in asked.stdout.split("\0") if name]
    else:
        found = [path for path in root.rglob("*") if not NOT_OURS & set(path.relative_to(root).parts)]
    return sorted(path for path in found if path.is_file() and path.suffix.lower() not in SKIPPED)
