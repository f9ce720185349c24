"""Settings are documented, and production refuses to start half-configured."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
READ = re.compile(r'(?:env(?:\.\w+)?|required|one_of)\(\s*"([A-Z_]+)"')
WHOLE = {
    "SHOP_ENV": "production",
    "SECRET_KEY": "x" * 60,
    "SHOP_URL": "https://shop.example",
    "DATABASE_URL": "postgres://till@localhost/till",
    "REDIS_URL": "redis://localhost/0",
    "EMAIL_URL": "smtp://localhost:25",
    "SHOP_MAIL_FROM": "shop@shop.example",
}


def start(program="import django; django.setup()", **over):
    environment = {"PATH": os.environ["PATH"], **WHOLE, **over}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=HOUSE,
        env={k: v for k, v in environment.items() if v is not None}
        | {"DJANGO_SETTINGS_MODULE": "shop.settings"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_example_names_every_setting():
    documented = set(re.findall(r"^([A-Z_]+)=", (HOUSE / ".env.example").read_text(), re.M))
    assert set(READ.findall((HOUSE / "shop/settings.py").read_text())) <= documented


def test_starts_with_what_production_requires():
    assert start().returncode == 0


@pytest.mark.parametrize("missing", [name for name in WHOLE if name != "SHOP_ENV"])
def test_names_what_production_lacks(missing):
    answer = start(**{missing: None})
    assert answer.returncode != 0
    assert missing in answer.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        {"SHOP_DEBUG": "1"},
        {"SHOP_FAULTS": "settle.locked:kill"},
        {"SHOP_ENV": "staging"},
        {"SHOP_STRIPE_CAPTURE": "manuel"},
        {"SHOP_LATE_PAYMENT": "keep"},
        {"SHOP_STRIPE_SECRET_KEY": "sk_live_x", "SHOP_STRIPE_PUBLISHABLE_KEY": "pk_live_x"},
        {
            "SHOP_STRIPE_SECRET_KEY": "sk_live_x",
            "SHOP_STRIPE_PUBLISHABLE_KEY": "pk_live_x",
            "SHOP_STRIPE_WEBHOOK_SECRETS": ",",
        },
        {"SHOP_STRIPE_SECRET_KEY": "sk_live_x", "SHOP_STRIPE_WEBHOOK_SECRETS": "whsec_x"},
    ],
)
def test_refuses_what_is_dangerous(wrong):
    assert start(**wrong).returncode != 0


@pytest.mark.parametrize(("languages", "plain"), [("de", "/"), ("de,en", "/"), ("en,de", "/de/")])
def test_the_first_language_has_the_addresses_without_a_prefix(languages, plain):
    program = """import django; django.setup()
from django.urls import reverse
from django.utils.translation import gettext, override
with override("de"):
    print(reverse("catalog:home"), gettext("Cart"))
"""
    answer = start(program, SHOP_LANGUAGES=languages)
    assert answer.stdout.split() == [plain, "Warenkorb"], answer.stderr
