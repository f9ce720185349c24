"""Numbered pages as real links: the first, the last and those around the present one."""

from collections.abc import Callable


def page_links(page: int, last: int, url: Callable[..., str]) -> list[dict]:
    """[{number, url, current}], a gap has no number; empty when there is only one page."""
    if last < 2:
        return []
    near = {1, last, *range(max(1, page - 1), min(last, page + 1) + 1)}
    links: list[dict] = []
    for number in sorted(near):
        if links and number > links[-1]["number"] + 1:
            links.append(
                {"number": None} if number > links[-1]["number"] + 2 else _link(number - 1, page, url)
            )
        links.append(_link(number, page, url))
    return links


def _link(number: int, page: int, url: Callable[..., str]) -> dict:
    return {"number": number, "url": url(page=number), "current": number == page}
