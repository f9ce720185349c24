"""What a customer does at the payment provider: its card fields on our page, its hosted page, and his bank's question."""

from playwright.sync_api import FrameLocator, Page, expect

GOOD, DECLINED, POOR, ASKS_BANK = (
    "4242424242424242",
    "4000000000000002",
    "4000000000009995",
    "4000002760003184",
)


def card_fields(page: Page) -> FrameLocator:
    return page.frame_locator('iframe[title="Secure payment input frame"]')


def type_card(page: Page, number: str = GOOD) -> None:
    """Into the provider's own fields on our page."""
    fields = card_fields(page)
    fields.get_by_label("Card number").fill(number)
    fields.get_by_label("Expiration date").fill("12/34")
    fields.get_by_label("Security code").fill("123")


def press_pay(page: Page, amount: str = "€23.90") -> None:
    page.get_by_role("button", name=f"Pay {amount}").click()


def bank(page: Page) -> FrameLocator:
    """The window in which the bank asks, over our page."""
    return page.frame_locator('iframe[title="3D Secure authentication"]')


def asked_by_bank(page: Page) -> None:
    expect(bank(page).get_by_role("button", name="Complete")).to_be_visible()


def answer_bank(page: Page, word: str = "Complete") -> None:
    """Complete, or Fail."""
    bank(page).get_by_role("button", name=word).click()


def pay_hosted(page: Page, number: str = GOOD) -> None:
    """On the provider's own page, which needs no scripts."""
    expect(page.get_by_role("heading", level=1, name="Pay by card")).to_be_visible()
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Expiration date").fill("12 / 34")
    page.get_by_label("Security code").fill("123")
    page.get_by_role("button", name="Pay").click()


def choose_cash(page: Page) -> None:
    page.get_by_role("radio", name="Cash on delivery").check()


def place_order(page: Page, amount: str = "€23.90") -> None:
    """The button where nothing is paid yet."""
    page.get_by_role("button", name=f"Place order, {amount}").click()
