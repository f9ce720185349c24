"""What must always be true of work, parcels and returns. Reads of several apps: this one stands to the right of them."""

from shop.core import integrity
from shop.core.integrity import rows


@integrity.check(
    "N05-shipped",
    "what was shipped is in parcels that left, and counted by its work",
)
def shipped_is_what_left():
    for number, sku, told, sent, counted in rows(
        """SELECT o.number, l.sku, l.shipped,
             COALESCE((SELECT sum(sl.quantity) FROM fulfillment_shipmentline sl
                JOIN fulfillment_shipment s ON s.id = sl.shipment_id
                WHERE sl.order_line_id = l.id AND s.shipped_at IS NOT NULL), 0),
             COALESCE((SELECT sum(fl.shipped) FROM fulfillment_fulfillmentline fl
                WHERE fl.order_line_id = l.id), 0)
           FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id"""
    ):
        if not told == sent == counted:
            yield f"order {number}, {sku}: {told} shipped, {sent} in parcels that left, {counted} by its work"


@integrity.check("N05-delivered", "an order line's delivered pieces are those in the parcels that arrived")
def delivered_is_what_arrived():
    for number, sku, told, arrived in rows(
        """SELECT o.number, l.sku, l.delivered, COALESCE(a.pieces, 0)
           FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
           LEFT JOIN (SELECT sl.order_line_id, sum(sl.quantity) AS pieces FROM fulfillment_shipmentline sl
                JOIN fulfillment_shipment s ON s.id = sl.shipment_id WHERE s.delivered_at IS NOT NULL GROUP BY 1) a
             ON a.order_line_id = l.id
           WHERE l.delivered <> COALESCE(a.pieces, 0)"""
    ):
        yield f"order {number}, {sku}: {told} delivered, {arrived} in parcels that arrived"


@integrity.check(
    "N05-returned",
    "an order line's returned pieces are those that were inspected; no more are asked back than were sent",
)
def returned_is_what_came_back():
    for number, sku, told, came, asked, shipped in rows(
        """SELECT o.number, l.sku, l.returned, COALESCE(r.came, 0), COALESCE(r.asked, 0), l.shipped
           FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
           LEFT JOIN (SELECT rl.order_line_id,
                  sum(rl.received) FILTER (WHERE rr.status IN ('inspected', 'refunded', 'closed')) AS came,
                  sum(rl.quantity) FILTER (WHERE rr.status NOT IN ('refused', 'cancelled')) AS asked
                FROM fulfillment_returnline rl JOIN fulfillment_return rr ON rr.id = rl.return_request_id GROUP BY 1) r
             ON r.order_line_id = l.id
           WHERE l.returned <> COALESCE(r.came, 0) OR COALESCE(r.asked, 0) > l.shipped"""
    ):
        yield f"order {number}, {sku}: {told} returned, {came} inspected, {asked} asked back of {shipped} sent"


@integrity.check("N05-picked", "an order line's picked pieces are those of the work that was picked")
def picked_is_what_was_taken():
    for number, sku, told, taken in rows(
        """SELECT o.number, l.sku, l.picked, COALESCE(w.taken, 0)
           FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
           LEFT JOIN (SELECT fl.order_line_id,
                  sum(CASE WHEN f.status IN ('picked', 'packed', 'shipped') THEN fl.quantity ELSE fl.shipped END) AS taken
                FROM fulfillment_fulfillmentline fl JOIN fulfillment_fulfillmentorder f ON f.id = fl.fulfillment_order_id
                WHERE f.status <> 'cancelled' GROUP BY 1) w ON w.order_line_id = l.id
           WHERE l.picked <> COALESCE(w.taken, 0)"""
    ):
        yield f"order {number}, {sku}: {told} picked, {taken} by its work"


@integrity.check(
    "P01-released",
    "what was confirmed more than ten minutes ago is somebody's work, every piece of it that is not waited for",
)
def confirmed_is_released():
    for number, sku, wanted, planned in rows(
        """SELECT o.number, l.sku, l.quantity - l.cancelled, COALESCE(w.pieces, 0)
           FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
           LEFT JOIN (SELECT fl.order_line_id, sum(fl.quantity) AS pieces FROM fulfillment_fulfillmentline fl
                JOIN fulfillment_fulfillmentorder f ON f.id = fl.fulfillment_order_id
                WHERE f.status <> 'cancelled' GROUP BY 1) w
             ON w.order_line_id = l.id
           WHERE o.status IN ('confirmed', 'completed') AND l.quantity - l.cancelled <> COALESCE(w.pieces, 0)
             AND l.kind NOT IN ('digital', 'gift_card')
             AND NOT EXISTS (SELECT 1 FROM catalog_reservation r WHERE l.ships_by IS NOT NULL AND r.awaiting > 0
                AND r.holder = 'order:' || o.id)
             AND l.kind NOT IN ('digital', 'gift_card')
             AND NOT EXISTS (SELECT 1 FROM core_delivery d JOIN core_event e ON e.id = d.event_id
                WHERE (e.name = 'order.confirmed' AND e.subject_id = o.id
                    OR e.name = 'variant.preorders_served' AND l.ships_by IS NOT NULL)
                  AND d.done_at IS NULL AND d.parked_at IS NULL AND e.created_at > now() - interval '10 minutes')"""
    ):
        yield f"order {number}, {sku}: {wanted} to be sent, {planned} in its work"


@integrity.check("P02-cancelled-work", "nobody picks for a cancelled order")
def cancelled_has_no_work():
    for number, status in rows(
        """SELECT o.number, f.status FROM fulfillment_fulfillmentorder f JOIN orders_order o ON o.id = f.order_id
           WHERE o.status = 'cancelled' AND f.status IN ('picked', 'packed')"""
    ):
        yield f"order {number} is cancelled, its work is {status}"


@integrity.check("P03-work-status", "work is shipped when all of it has left, and not before")
def shipped_work_is_empty():
    for number, status, left in rows(
        """SELECT o.number, f.status, sum(fl.quantity - fl.shipped) FROM fulfillment_fulfillmentorder f
           JOIN orders_order o ON o.id = f.order_id JOIN fulfillment_fulfillmentline fl ON fl.fulfillment_order_id = f.id
           WHERE f.status <> 'cancelled' GROUP BY f.id, o.number, f.status
           HAVING (f.status = 'shipped') <> (sum(fl.quantity - fl.shipped) = 0)"""
    ):
        yield f"order {number}: its work is {status}, {left} pieces are left"


@integrity.check("P04-parcel-contents", "parcels hold no more than their work, and at least something")
def parcels_hold_their_work():
    for number, sku, packed, quantity in rows(
        """SELECT o.number, l.sku, sum(sl.quantity), max(COALESCE(fl.quantity, 0)) FROM fulfillment_shipmentline sl
           JOIN fulfillment_shipment s ON s.id = sl.shipment_id JOIN orders_orderline l ON l.id = sl.order_line_id
           JOIN orders_order o ON o.id = l.order_id
           LEFT JOIN fulfillment_fulfillmentline fl
             ON fl.fulfillment_order_id = s.fulfillment_order_id AND fl.order_line_id = sl.order_line_id
           WHERE s.status <> 'cancelled' GROUP BY s.fulfillment_order_id, o.number, l.id, l.sku
           HAVING sum(sl.quantity) > max(COALESCE(fl.quantity, 0))"""
    ):
        yield f"order {number}, {sku}: {packed} in parcels, {quantity} to be sent from there"
    for (pk,) in rows(
        """SELECT s.id FROM fulfillment_shipment s
           WHERE NOT EXISTS (SELECT 1 FROM fulfillment_shipmentline sl WHERE sl.shipment_id = s.id)"""
    ):
        yield f"shipment {pk} is empty"


@integrity.check("P05-one-parcel-a-number", "a carrier's tracking number is one parcel")
def numbers_are_unique():
    for carrier, number, count in rows(
        """SELECT carrier, tracking_number, count(*) FROM fulfillment_shipment
           WHERE tracking_number <> '' AND carrier NOT IN ('manual', 'pickup') GROUP BY 1, 2 HAVING count(*) > 1"""
    ):
        yield f"{carrier} {number} is the number of {count} shipments"


@integrity.check(
    "P06-somebody-asks", "a parcel under way with a carrier who can tell has its turn to be asked about"
)
def parcels_under_way_are_followed():
    for (pk,) in rows(
        """SELECT id FROM fulfillment_shipment WHERE carrier IN ('ups', 'fedex') AND next_poll_at IS NULL
           AND status IN ('shipped', 'out_for_delivery', 'ready_for_pickup', 'problem')
           AND shipped_at > now() - interval '59 days'"""
    ):
        yield f"nobody asks where shipment {pk} is"


@integrity.check("P07-restocked-once", "what came back as new is on the shelf, once")
def restocked_is_what_is_sellable():
    for number, sellable, restocked in rows(
        """SELECT r.number, COALESCE(sum(rl.received * CASE WHEN l.parts <> '[]'
                 THEN (SELECT sum((part->>'quantity')::int) FROM jsonb_array_elements(l.parts) part)
                 WHEN l.is_stocked AND l.variant_id IS NOT NULL THEN 1 ELSE 0 END)
               FILTER (WHERE rl.condition = 'sellable'), 0),
             (SELECT COALESCE(sum(m.on_hand_delta), 0) FROM catalog_movement m WHERE m.reference = 'return:' || r.id)
           FROM fulfillment_return r JOIN fulfillment_returnline rl ON rl.return_request_id = r.id
           JOIN orders_orderline l ON l.id = rl.order_line_id GROUP BY r.id, r.number"""
    ):
        if sellable != restocked:
            yield f"return {number}: {sellable} came back as new, {restocked} went on the shelf"


@integrity.check("P08-refunded-return", "money went back for a return exactly when it says so")
def refunds_belong_to_settled_returns():
    for number, status, refunds, waived in rows(
        """SELECT r.number, r.status,
             (SELECT count(*) FROM orders_refund f WHERE f.order_id = r.order_id AND f.cause = 'return:' || r.id),
             (SELECT count(*) FROM orders_journalentry j WHERE j.reference = 'return:' || r.id)
           FROM fulfillment_return r"""
    ):
        if (status == "refunded") != bool(refunds + waived):
            yield f"return {number} is {status}, but has {refunds} refunds and {waived} entries"


@integrity.check("P09-own-lines", "parcels, work and returns hold lines of their own order only")
def lines_are_of_the_same_order():
    for kind, row, line in rows(
        """SELECT 'work', f.id, fl.order_line_id FROM fulfillment_fulfillmentline fl
             JOIN fulfillment_fulfillmentorder f ON f.id = fl.fulfillment_order_id
             JOIN orders_orderline l ON l.id = fl.order_line_id WHERE l.order_id <> f.order_id
           UNION ALL SELECT 'shipment', s.id, sl.order_line_id FROM fulfillment_shipmentline sl
             JOIN fulfillment_shipment s ON s.id = sl.shipment_id
             JOIN fulfillment_fulfillmentorder f ON f.id = s.fulfillment_order_id
             JOIN orders_orderline l ON l.id = sl.order_line_id WHERE l.order_id <> f.order_id
           UNION ALL SELECT 'return', r.id, rl.order_line_id FROM fulfillment_returnline rl
             JOIN fulfillment_return r ON r.id = rl.return_request_id
             JOIN orders_orderline l ON l.id = rl.order_line_id WHERE l.order_id <> r.order_id"""
    ):
        yield f"{kind} {row} holds line {line} of another order"


@integrity.check(
    "P10-downloads",
    "every download that was paid for more than ten minutes ago can be fetched, as often as agreed and no oftener",
)
def downloads_are_granted():
    for number, sku in rows(
        """SELECT o.number, l.sku FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
           LEFT JOIN fulfillment_downloadgrant g ON g.order_line_id = l.id
           WHERE l.kind = 'digital' AND l.quantity > l.cancelled AND g.id IS NULL AND o.payment_status = 'paid'
             AND o.status IN ('confirmed', 'completed') AND o.needs_review = ''
             AND NOT EXISTS (SELECT 1 FROM core_delivery d JOIN core_event e ON e.id = d.event_id
                WHERE e.name = 'order.paid' AND e.subject_id = o.id AND d.done_at IS NULL AND d.parked_at IS NULL
                  AND e.created_at > now() - interval '10 minutes')"""
    ):
        yield f"order {number}, {sku}: it is paid, and nothing was granted"
    for pk, used, most in rows(
        """SELECT f.id, f.used, g.most FROM fulfillment_grantedfile f JOIN fulfillment_downloadgrant g ON g.id = f.grant_id
           WHERE f.used > g.most"""
    ):
        yield f"file {pk} of a grant was fetched {used} times of {most}"


@integrity.check("P11-revoked-downloads", "what was bought with an order that is cancelled cannot be fetched")
def refunded_downloads_are_revoked():
    for number, name in rows(
        """SELECT o.number, l.name FROM fulfillment_downloadgrant g JOIN orders_orderline l ON l.id = g.order_line_id
           JOIN orders_order o ON o.id = l.order_id
           WHERE g.revoked_at IS NULL AND o.status = 'cancelled'
             AND NOT EXISTS (SELECT 1 FROM core_delivery d JOIN core_event e ON e.id = d.event_id
                WHERE e.name = 'order.cancelled' AND e.subject_id = o.id AND d.done_at IS NULL AND d.parked_at IS NULL)"""
    ):
        yield f"order {number}: {name} can still be fetched"
