"""A Chromium on the little pay page: what a customer does there."""


def fill(fields, number: str, *, expiry: str = "12/34", cvc: str = "123") -> None:
    fields.get_by_label("Card number").fill(number)
    fields.get_by_label("Expiration date").fill(expiry)
    fields.get_by_label("Security code").fill(cvc)


def press(page) -> None:
    page.get_by_role("button", name="Pay").click()


def status(page, words: str) -> str:
    page.locator("#status", has_text=words).wait_for()
    return page.locator("#status").inner_text()


def bank(page):
    return page.frame_locator('iframe[title="3D Secure authentication"]')
