"""Hands that never touch a mouse: Tab until something has the focus, Enter, space, arrows; and how many keys it took."""

from playwright.sync_api import Locator, Page, expect

FAR = 40  # presses of Tab after which somebody is trapped or lost


class Keys:
    """At the keyboard before a page. Letters that are typed into a field do not count."""

    def __init__(self, page: Page):
        self.page = page
        self.pressed = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1

    def skip_to_content(self) -> None:
        """Past the header, by the page's first link."""
        self.page.wait_for_load_state()  # the scripts are there
        self.press("Tab")
        expect(self.page.get_by_role("link", name="Skip to content")).to_be_focused()
        self.press("Enter")

    def to(self, target: Locator) -> None:
        """Tab until `target` has the focus, wherever it is: on the page or in a frame of it."""
        for _ in range(FAR):
            if self._has_focus(target):
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not lead to {target}")

    def type(self, target: Locator, text: str) -> None:
        self.to(target)
        self.page.keyboard.type(text)

    def activate(self, target: Locator) -> None:
        self.to(target)
        self.press("Enter")

    @staticmethod
    def _has_focus(target: Locator) -> bool:
        return bool(target.count()) and target.evaluate(
            "(e) => e.ownerDocument.activeElement === e && e.ownerDocument.hasFocus()"
        )
