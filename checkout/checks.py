"""Integrity of checkouts and of the stock that is promised to them."""

from django.conf import settings

from shop.core.integrity import check, rows

SWEEP_SECONDS = 60


@check("N04-expired-promises", "no checkout's promise outlives its end by more than two sweeps")
def expired_promises_end():
    late = rows(
        """SELECT id, holder, quantity FROM catalog_reservation
           WHERE holder LIKE 'checkout:%%' AND expires_at < now() - make_interval(secs => %s)""",
        [2 * SWEEP_SECONDS],
    )
    yield from (
        f"reservation {pk} of {quantity} for {holder} ran out and was not given back"
        for pk, holder, quantity in late
    )


@check(
    "N04-promise-without-end",
    "whatever a checkout holds has an end, not further away than a reservation may last",
)
def promises_end():
    endless = rows(
        """SELECT id, holder FROM catalog_reservation WHERE holder LIKE 'checkout:%%'
           AND (expires_at IS NULL OR expires_at > now() + make_interval(mins => %s))""",
        [settings.SHOP_RESERVATION_MINUTES + 1],
    )
    yield from (f"reservation {pk} for {holder} has no end" for pk, holder in endless)


@check("N04-closed-checkout", "a checkout that is closed holds nothing")
def closed_hold_nothing():
    held = rows(
        """SELECT r.id, c.id, c.status FROM catalog_reservation r
           JOIN checkout_checkout c ON r.holder = 'checkout:' || c.id WHERE c.status <> 'open'"""
    )
    yield from (
        f"reservation {pk} is still held by checkout {checkout}, which is {status}"
        for pk, checkout, status in held
    )


@check("N04-promised-lines", "what an open checkout still holds is exactly its lines")
def promises_equal_lines():
    broken = rows(
        """WITH held AS (
               SELECT r.holder, s.variant_id, sum(r.quantity) AS pieces FROM catalog_reservation r
               JOIN catalog_stockitem s ON s.id = r.stock_item_id
               WHERE r.holder LIKE 'checkout:%%' GROUP BY 1, 2)
           SELECT held.holder, held.variant_id, held.pieces, coalesce(l.pieces, 0) FROM held
           LEFT JOIN (SELECT l.checkout_id, taken.key::bigint AS variant_id, sum(l.quantity * taken.value::int) AS pieces
                      FROM checkout_checkoutline l, jsonb_each_text(l.takes) taken GROUP BY 1, 2) l
               ON held.holder = 'checkout:' || l.checkout_id AND l.variant_id = held.variant_id
           WHERE held.pieces <> coalesce(l.pieces, 0)"""
    )
    yield from (
        f"{holder} holds {pieces} of variant {variant}, its line says {quantity}"
        for holder, variant, pieces, quantity in broken
    )


@check("N12-open-checkouts", "a cart has one open checkout at most")
def one_open_checkout():
    doubled = rows(
        """SELECT cart_id, count(*) FROM checkout_checkout
           WHERE status = 'open' AND cart_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1"""
    )
    yield from (f"cart {cart} has {count} open checkouts" for cart, count in doubled)


@check("N12-completed-checkout", "a completed checkout names its order")
def completed_names_its_order():
    nameless = rows("SELECT id FROM checkout_checkout WHERE status = 'completed' AND order_number = ''")
    yield from (f"checkout {pk} is completed but names no order" for (pk,) in nameless)


@check("N30-vat-unanswered", "a VAT id that has no answer is to be asked again")
def unanswered_are_asked_again():
    forgotten = rows(
        "SELECT id, state FROM checkout_vatcheck WHERE state IN ('pending', 'unanswered') AND due_at IS NULL"
    )
    yield from (f"VAT id check {pk} is {state} and will not be asked again" for pk, state in forgotten)


@check("N22-checkout-owner", "a checkout belongs to nobody else than its cart does")
def same_owner():
    broken = rows(
        """SELECT c.id, c.user_id, k.user_id FROM checkout_checkout c JOIN cart_cart k ON k.id = c.cart_id
           WHERE c.status = 'open' AND c.user_id IS NOT NULL AND k.user_id IS NOT NULL AND c.user_id <> k.user_id"""
    )
    yield from (f"checkout {pk} is user {one}'s, its cart user {other}'s" for pk, one, other in broken)


@check(
    "N16-purses",
    "what is on a gift card or somebody's store credit is the sum of its ledger, never below zero",
)
def purses_add_up():
    for table, entries, name in (
        ("checkout_giftcard", "checkout_giftcardentry", "gift card"),
        ("checkout_storecredit", "checkout_storecreditentry", "store credit"),
    ):
        broken = rows(
            f"""SELECT p.id, p.balance_minor, coalesce(sum(e.amount_minor), 0) FROM {table} p
                LEFT JOIN {entries} e ON e.purse_id = p.id GROUP BY p.id
                HAVING p.balance_minor <> coalesce(sum(e.amount_minor), 0) OR p.balance_minor < 0
                    OR bool_or(e.currency <> p.currency)"""
        )
        yield from (f"{name} {pk} says {balance}, its ledger says {ledger}" for pk, balance, ledger in broken)


@check("N16-codes", "a gift card's code is kept as a hash alone")
def codes_are_hashed():
    broken = rows("SELECT id FROM checkout_giftcard WHERE (code_hash IS NULL) <> (last_four = '')")
    yield from (f"gift card {pk} has half a code" for (pk,) in broken)
