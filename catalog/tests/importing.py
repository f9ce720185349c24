"""Imports as tests make them: a file in, worked through to its end."""

import io
from pathlib import Path

from django.core.files.base import ContentFile

from catalog.exporting import export
from catalog.importing import reporting, running
from catalog.importing.uploading import upload
from catalog.models import ImportItem, ImportRun

SAMPLES = Path(__file__).parent / "samples"
Outcome = ImportItem.Outcome


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def table(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def uploaded(content: bytes, **options) -> ImportRun:
    return upload(ContentFile(content, name="products.csv"), **options)


def imported(content: bytes, **options) -> ImportRun:
    run = uploaded(content, **options)
    running.start(run)
    assert running.work(run)
    run.refresh_from_db()
    return run


def tried_out(content: bytes, **options) -> ImportRun:
    run = uploaded(content, **options)
    running.check(run)
    assert running.work(run)
    run.refresh_from_db()
    return run


def counts(run: ImportRun) -> dict[str, int]:
    """Without zeros."""
    return {outcome.value: n for outcome, n in reporting.counts(run).items() if n}


def errors(run: ImportRun) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in reporting.problems(run) if problem.is_error]


def exported(format: str = "till") -> bytes:
    out = io.BytesIO()
    out.writelines(export(format))
    return out.getvalue()
