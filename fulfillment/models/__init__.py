from fulfillment.models.download import DownloadGrant, GrantedFile
from fulfillment.models.fulfillment_order import FulfillmentLine, FulfillmentOrder
from fulfillment.models.return_request import Return, ReturnLine
from fulfillment.models.shipment import Shipment, ShipmentLine, TrackingEvent

__all__ = [
    "DownloadGrant",
    "FulfillmentLine",
    "FulfillmentOrder",
    "GrantedFile",
    "Return",
    "ReturnLine",
    "Shipment",
    "ShipmentLine",
    "TrackingEvent",
]
