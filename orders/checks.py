"""What must always be true of orders and their money. Each check names the rows that break it."""

from collections.abc import Iterator

from orders.deriving import books_of, fulfillment_status, payment_status
from orders.models import Order
from shop.core.integrity import check, rows


@check(
    "N05-line-quantities",
    "no line sends, cancels or takes back more than there is; a cancelled order holds no goods",
)
def line_quantities() -> Iterator[str]:
    broken = rows(
        """SELECT l.id, o.number FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
           WHERE l.shipped + l.cancelled > l.quantity OR l.delivered > l.shipped OR l.returned > l.shipped
              OR (o.status = 'cancelled' AND l.cancelled <> l.quantity)"""
    )
    yield from (f"line {pk} of order {number} does not add up" for pk, number in broken)


@check("N05-goods-held", "an open order holds exactly the goods that it still has to send")
def goods_held() -> Iterator[str]:
    broken = rows(
        """WITH wanted AS (
             SELECT 'order:' || o.id AS holder, taken.variant_id,
                    sum(CASE WHEN o.status IN ('placed', 'confirmed')
                        THEN (l.quantity - l.cancelled - l.shipped) * taken.pieces ELSE 0 END) AS n
             FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
             JOIN LATERAL (
               SELECT (part->>'variant')::bigint AS variant_id, (part->>'quantity')::int AS pieces
               FROM jsonb_array_elements(l.parts) part
               UNION ALL SELECT l.variant_id, 1 WHERE l.parts = '[]' AND l.is_stocked AND l.variant_id IS NOT NULL) taken
               ON true
             GROUP BY 1, 2),
           held AS (
             SELECT r.holder, s.variant_id, sum(r.quantity + r.awaiting) AS n FROM catalog_reservation r
             JOIN catalog_stockitem s ON s.id = r.stock_item_id WHERE r.holder LIKE 'order:%%' GROUP BY 1, 2)
           SELECT coalesce(wanted.holder, held.holder), coalesce(wanted.variant_id, held.variant_id),
                  coalesce(wanted.n, 0), coalesce(held.n, 0)
           FROM wanted FULL JOIN held USING (holder, variant_id)
           WHERE coalesce(wanted.n, 0) <> coalesce(held.n, 0)"""
    )
    for holder, variant, wanted, held in broken:
        yield f"{holder} needs {wanted} of variant {variant} and holds {held}"


@check(
    "N06-totals",
    "an order's total is the sum of its lines, its charges, its delivery and, where it is added, its tax; a line is its "
    "price × quantity less its adjustments",
)
def totals() -> Iterator[str]:
    broken = rows(
        """SELECT o.number FROM orders_order o
           LEFT JOIN (SELECT order_id, sum(total_minor) AS goods,
                      bool_or(total_minor <> unit_minor * quantity - discount_minor OR total_minor < 0) AS odd,
                      sum(discount_minor) AS off,
                      count(DISTINCT currency) AS currencies, min(currency) AS currency, sum(tax_minor) AS tax
                      FROM orders_orderline GROUP BY 1) l ON l.order_id = o.id
           LEFT JOIN (SELECT order_id, sum(tax_minor) AS tax FROM orders_taxline GROUP BY 1) t ON t.order_id = o.id
           LEFT JOIN (SELECT order_id, sum(total_minor) AS charged FROM orders_ordercharge GROUP BY 1) c
             ON c.order_id = o.id
           LEFT JOIN (SELECT order_id, coalesce(sum(amount_minor) FILTER (WHERE line_id IS NULL), 0) AS delivery
                      FROM orders_adjustment GROUP BY 1) a ON a.order_id = o.id
           WHERE l.off <> o.discount_minor OR coalesce(a.delivery, 0) <> o.shipping_discount_minor
              OR EXISTS (SELECT 1 FROM orders_orderline x LEFT JOIN orders_adjustment y ON y.line_id = x.id
                         WHERE x.order_id = o.id GROUP BY x.id
                         HAVING coalesce(sum(y.amount_minor), 0) <> x.discount_minor)
              OR l.goods IS DISTINCT FROM o.goods_minor OR l.odd OR l.currencies <> 1 OR l.currency <> o.currency
              OR coalesce(t.tax, 0) <> o.tax_minor
              OR coalesce(c.charged, 0) <> o.charges_minor
              OR o.total_minor <> o.goods_minor + o.charges_minor + o.shipping_minor
                 + CASE WHEN o.prices_include_tax THEN 0 ELSE o.tax_minor END"""
    )
    yield from (f"order {number} does not add up" for (number,) in broken)


@check("N07-journal", "an order's copies equal the sums of its journal")
def journal() -> Iterator[str]:
    broken = rows(
        """SELECT o.number FROM orders_order o
           LEFT JOIN (SELECT order_id, sum(owed_minor) AS owed, sum(paid_minor) AS paid,
                      bool_or(currency <> (SELECT currency FROM orders_order x WHERE x.id = order_id)) AS mixed
                      FROM orders_journalentry GROUP BY 1) j ON j.order_id = o.id
           WHERE coalesce(j.owed, 0) <> o.owed_minor OR coalesce(j.paid, 0) <> o.paid_minor OR j.mixed OR j.owed IS NULL"""
    )
    yield from (f"order {number}: the copies differ from the journal" for (number,) in broken)


@check("N07-statuses", "payment and fulfillment status are what journal, attempts and lines say")
def statuses() -> Iterator[str]:
    found = Order.objects.prefetch_related("journal", "attempts", "lines")
    for order in found.iterator(chunk_size=500):
        money = payment_status(
            books_of(order.journal.all()),
            attempts=[attempt.status for attempt in order.attempts.all()],
            total_minor=order.total_minor,
        )
        goods = fulfillment_status(order.lines.all())
        if money != order.payment_status:
            yield f"order {order.number} says {order.payment_status}, its journal says {money}"
        if goods != order.fulfillment_status:
            yield f"order {order.number} says {order.fulfillment_status}, its lines say {goods}"


@check(
    "N08-refunds", "no payment gives back more than it brought; no refund is without an answer for an hour"
)
def refunds() -> Iterator[str]:
    over = rows(
        """SELECT a.id FROM orders_paymentattempt a
           JOIN orders_refund r ON r.attempt_id = a.id AND r.status IN ('requested', 'submitted', 'pending', 'succeeded')
           LEFT JOIN orders_journalentry j ON j.reference = 'capture:' || a.uuid
           GROUP BY a.id, j.paid_minor HAVING sum(r.amount_minor) > coalesce(j.paid_minor, 0)"""
    )
    yield from (f"payment {pk} gives back more than it brought" for (pk,) in over)
    silent = rows(
        """SELECT id FROM orders_refund WHERE status IN ('requested', 'submitted')
           AND created_at < now() - interval '1 hour'"""
    )
    yield from (f"refund {pk} has no answer" for (pk,) in silent)


@check("N09-captures", "every captured payment is in the journal once, and in no other order's")
def captures() -> Iterator[str]:
    broken = rows(
        """SELECT a.id FROM orders_paymentattempt a
           LEFT JOIN orders_journalentry j ON j.reference = 'capture:' || a.uuid
           WHERE (a.status = 'captured') <> (j.id IS NOT NULL) OR (j.id IS NOT NULL AND j.order_id <> a.order_id)"""
    )
    yield from (f"payment {pk} and the journal disagree" for (pk,) in broken)


@check("N09-transfers", "every booked bank transfer is the money of one captured payment of its order")
def transfers() -> Iterator[str]:
    broken = rows(
        """SELECT t.id FROM orders_transfer t
           LEFT JOIN orders_paymentattempt a ON a.id = t.attempt_id
           LEFT JOIN orders_journalentry j ON j.reference = 'capture:' || a.uuid
           WHERE t.status = 'booked' AND (a.status <> 'captured' OR a.order_id <> t.order_id
                 OR j.paid_minor IS DISTINCT FROM t.amount_minor OR j.currency <> t.currency)"""
    )
    yield from (f"transfer {pk} and its payment disagree" for (pk,) in broken)


@check("N09-invoices", "what a company owes of an order is what is due of it")
def invoices() -> Iterator[str]:
    broken = rows(
        """SELECT o.number FROM orders_order o
           JOIN (SELECT reference, sum(amount_minor) AS open FROM accounts_companyentry GROUP BY 1) e
             ON e.reference = 'order:' || o.number
           WHERE e.open <> greatest(0, o.owed_minor - o.paid_minor)"""
    )
    yield from (f"order {number} and its company's account disagree" for (number,) in broken)


@check("N10-secured", "no order is confirmed without money, a promise, or a total of 0")
def secured() -> Iterator[str]:
    broken = rows(
        """SELECT o.number FROM orders_order o WHERE o.status IN ('confirmed', 'completed')
           AND NOT EXISTS (SELECT 1 FROM orders_paymentattempt a WHERE a.order_id = o.id AND a.currency = o.currency
                           AND a.purse = '' AND a.status IN ('captured', 'authorized', 'promised'))
           AND coalesce((SELECT sum(a.amount_minor) FROM orders_paymentattempt a WHERE a.order_id = o.id
                         AND a.purse <> '' AND a.status = 'captured'), 0) < greatest(o.total_minor, 1)
           AND NOT EXISTS (SELECT 1 FROM orders_journalentry j WHERE j.order_id = o.id AND j.kind = 'zero'
                           AND o.total_minor = 0)"""
    )
    yield from (f"order {number} is confirmed and nothing secures its payment" for (number,) in broken)


@check("N12-one-order", "a checkout became at most one order, and every completed one names its order")
def one_order_per_checkout() -> Iterator[str]:
    broken = rows(
        """SELECT c.id FROM checkout_checkout c LEFT JOIN orders_order o ON o.checkout_id = c.id
           WHERE c.status = 'completed' GROUP BY c.id HAVING count(o.id) <> 1"""
    )
    yield from (f"checkout {pk} is completed and has no order, or several" for (pk,) in broken)


@check("N14-moves", "an order's moments fit its status")
def moments() -> Iterator[str]:
    broken = rows(
        """SELECT number FROM orders_order WHERE
             (status IN ('confirmed', 'completed')
              AND (confirmed_at IS NULL OR cancelled_at IS NOT NULL OR pay_before IS NOT NULL))
             OR (status = 'placed' AND (confirmed_at IS NOT NULL OR cancelled_at IS NOT NULL))
             OR (status = 'cancelled' AND (cancelled_at IS NULL OR cancelled_because = ''))
             OR ((status = 'completed') <> (completed_at IS NOT NULL))"""
    )
    yield from (f"order {number} has moments that its status does not allow" for (number,) in broken)
    yield from _unrecorded()


@check("N19-snapshots", "order lines carry name, SKU and their own tax, whatever became of the product")
def snapshots() -> Iterator[str]:
    broken = rows(
        """SELECT l.id FROM orders_orderline l
           LEFT JOIN (SELECT line_id, sum(tax_minor) AS tax FROM orders_taxline GROUP BY 1) t ON t.line_id = l.id
           WHERE l.name = '' OR l.sku = '' OR coalesce(t.tax, 0) <> l.tax_minor"""
    )
    yield from (f"order line {pk} misses its name, SKU or tax" for (pk,) in broken)


def _unrecorded() -> Iterator[str]:
    """Each status was reached by an event: placed by order.placed, and so on."""
    broken = rows(
        """SELECT o.number, n.name FROM orders_order o
           JOIN (VALUES ('placed', 'order.placed'), ('confirmed', 'order.confirmed'), ('completed', 'order.completed'))
             AS n(status, name)
             ON n.status IN ('placed', o.status) OR (n.status = 'confirmed' AND o.status = 'completed')
           WHERE NOT EXISTS (SELECT 1 FROM core_event e WHERE e.subject_type = 'orders.order' AND e.subject_id = o.id
                             AND e.name = n.name)"""
    )
    yield from (f"order {number} has no {name} event" for number, name in broken)


@check(
    "N16-tenders",
    "what orders took from gift cards and store credit, and gave back, is what these say themselves",
)
def tenders() -> Iterator[str]:
    broken = rows(
        """WITH said AS (
             SELECT e.reference, 'gift_card:' || e.purse_id AS purse, e.amount_minor FROM checkout_giftcardentry e
             WHERE e.kind IN ('spent', 'returned')
             UNION ALL SELECT e.reference, 'store_credit:' || e.purse_id, e.amount_minor FROM checkout_storecreditentry e
             WHERE e.kind IN ('spent', 'returned')),
           booked AS (
             SELECT j.reference, a.purse, -j.paid_minor AS amount_minor FROM orders_journalentry j
             JOIN orders_paymentattempt a ON j.reference = 'capture:' || a.uuid WHERE a.purse <> ''
             UNION ALL
             SELECT 'refund:' || r.uuid, CASE WHEN r.as_credit THEN '' ELSE a.purse END, r.amount_minor
             FROM orders_refund r JOIN orders_paymentattempt a ON a.id = r.attempt_id
             WHERE r.status = 'succeeded' AND (r.as_credit OR a.purse <> ''))
           SELECT coalesce(said.reference, booked.reference), coalesce(said.purse, booked.purse),
                  coalesce(said.amount_minor, 0), coalesce(booked.amount_minor, 0)
           FROM said FULL JOIN booked ON said.reference = booked.reference
           WHERE said.reference IS NULL OR booked.reference IS NULL OR said.amount_minor <> booked.amount_minor
              OR (booked.purse <> '' AND booked.purse <> said.purse)"""
    )
    for reference, purse, said, booked in broken:
        yield f"{purse} says {said} for {reference}, the order's books say {booked}"


@check(
    "N31-vat-relief",
    "whoever was freed from VAT as a business named a VAT id that the register did not refuse",
)
def relief_has_its_vat_id() -> Iterator[str]:
    broken = rows(
        """SELECT DISTINCT o.number, o.vat_id, c.state FROM orders_order o
           JOIN orders_taxline t ON t.order_id = o.id AND t.reason IN ('intra_community', 'reverse_charge')
           LEFT JOIN checkout_vatcheck c ON c.vat_id = o.vat_id
           WHERE o.vat_id = '' OR (o.is_vat_id_trusted AND c.state = 'invalid')"""
    )
    yield from (
        f"order {number} left out VAT for VAT id {vat_id or 'none'}, which is {state or 'not checked'}"
        for number, vat_id, state in broken
    )
