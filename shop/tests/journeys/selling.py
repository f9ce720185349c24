"""A seller's day: signs in, looks what is to be done, and presses the one button that stands out."""

import re

from playwright.sync_api import Locator, Page, expect

from shop.accounts import roles
from shop.accounts.models import User
from shop.tests.people import PASSWORD


def employ(name: str, *, role: str) -> User:
    """A member of staff with the rights of a role."""
    roles.set_up()
    person = User.objects.create_user(
        f"{name.lower()}@isoline.example", PASSWORD, name=name
    ).vouch_for_email()
    roles.give(person, role=role)
    return person


def sign_in(page: Page, person: User) -> None:
    """By the shop's own door; ends at the overview."""
    page.goto("/admin/")
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#content").get_by_role("heading", name="To do")).to_be_visible()


def open_list(page: Page, name: str) -> None:
    """By the menu."""
    page.get_by_role("link", name=re.compile(rf"\b{name}$")).first.click()


def open_one(page: Page, name: str) -> None:
    """Of the list; ends on its page."""
    page.get_by_role("link", name=name).first.click()
    expect(page.locator("#content-main.work")).to_be_visible()


def primary(page: Page) -> Locator:
    """The one button or link that stands out."""
    return page.locator(".work-button.primary:visible")


def press(page: Page, step: str) -> None:
    """The primary button, which must be this one, and the only one."""
    expect(primary(page)).to_have_text([step])
    primary(page).click()
