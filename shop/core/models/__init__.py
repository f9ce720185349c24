from shop.core.models.event import Delivery, Event
from shop.core.models.hit import Hit
from shop.core.models.message import Message
from shop.core.models.notice import Notice
from shop.core.models.page import Page
from shop.core.models.shop import Shop
from shop.core.models.translated import Translated, told
from shop.core.models.wording import Wording

__all__ = ["Delivery", "Event", "Hit", "Message", "Notice", "Page", "Shop", "Translated", "Wording", "told"]
