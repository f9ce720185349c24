from shop.core.models.event import Delivery, Event
from shop.core.models.hit import Hit
from shop.core.models.message import Message
from shop.core.models.notice import Notice
from shop.core.models.page import Page
from shop.core.models.shop import Shop

__all__ = ["Delivery", "Event", "Hit", "Message", "Notice", "Page", "Shop"]
