"""A shipment in the words of checkout/carriers: who sends it, who gets it, what it weighs."""

from catalog.models import StockLocation
from checkout.carriers import Parcel, Party
from fulfillment.models import Shipment
from orders.models import Order, OrderAddress
from shop.core.models import Shop


def parcel_of(shipment: Shipment) -> Parcel:
    return Parcel(grams=shipment.weight_g)


def sender_of(location: StockLocation) -> Party:
    shop = Shop.current()
    return Party(
        name=shop.name,
        company=shop.company or shop.name,
        street_lines=(location.street or shop.street,),
        city=location.city or shop.city,
        postcode=location.postcode or shop.postcode,
        country=location.country or shop.country,
        region=location.region,
        phone=location.phone or shop.phone,
        email=shop.email,
    )


def recipient_of(order: Order) -> Party:
    address = order.addresses.get(kind=OrderAddress.Kind.DELIVERY)
    return Party(
        name=address.name,
        company=address.company,
        street_lines=tuple(line for line in (address.street, address.extra) if line),
        city=address.city,
        postcode=address.postcode,
        country=address.country,
        region=address.region,
        phone=address.phone,
        email=order.email,
    )
