"""The one address under which robots should know a page, and that page in the shop's other languages.

- A product's page names its plain address: chosen variants, stars and whatever else stands in the address are left out.
- A list names itself with its page number. Once it is filtered by one value it names the whole list; filtered by more,
  or sorted, it asks to be left out, and then it names no address: the two together would contradict each other.
- A search result asks to be left out.

Each page that names an address also names its translations (`{% alternates %}` of shop/core/templatetags/design.py).
"""

from django.http import HttpRequest

from catalog.finding.listing import Listing
from shop.core.http import absolute


def of_list(request: HttpRequest, listing: Listing) -> str:
    """Empty where the list asks to be left out."""
    if not listing.is_for_robots:
        return ""
    is_whole = not listing.active and listing.page > 1
    return absolute(request.path + (f"?page={listing.page}" if is_whole else ""))
