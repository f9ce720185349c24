"""All periodic work, as one readable list. Every task here is safe to run twice and at the same time."""

SCHEDULE = {
    f"sweep the {queue} queue": {
        "task": "shop.core.tasks.drain",
        "schedule": 15.0,
        "kwargs": {"queue": queue},
        "options": {"queue": queue},
    }
    for queue in ("critical", "default", "mail", "media")
} | {
    "forget old tries and sessions": {"task": "shop.core.tasks.tidy", "schedule": 24 * 3600.0},
    "drop files of photos and documents that are gone": {
        "task": "catalog.tasks.sweep_photo_files",
        "schedule": 24 * 3600.0,
        "options": {"queue": "media"},
    },
    "forget what visitors looked at": {
        "task": "catalog.tasks.forget_old_looks",
        "schedule": 24 * 3600.0,
    },
    "work out what goes with what": {"task": "catalog.tasks.recommend", "schedule": 24 * 3600.0},
    "build the feeds for merchants' accounts": {
        "task": "catalog.tasks.build_feeds",
        "schedule": 6 * 3600.0,
    },
    "write down what people searched for": {"task": "catalog.tasks.write_down_searches", "schedule": 120.0},
    "forget old searches": {"task": "catalog.tasks.forget_old_searches", "schedule": 24 * 3600.0},
    "count what was sold": {"task": "catalog.tasks.refresh_sold", "schedule": 3600.0},
    "forget addresses of questions that nobody answered": {
        "task": "catalog.tasks.forget_askers",
        "schedule": 24 * 3600.0,
    },
    "publish and retire what is due": {"task": "catalog.tasks.carry_out_schedule", "schedule": 60.0},
    "stop preorders whose day has passed": {
        "task": "catalog.tasks.stop_overdue_preorders",
        "schedule": 300.0,
    },
    "start and end sales": {"task": "catalog.tasks.turn_price_lists", "schedule": 60.0},
    "give back what checkouts no longer hold": {
        "task": "checkout.tasks.sweep_checkouts",
        "schedule": 60.0,
    },
    "ask again about VAT ids": {"task": "checkout.tasks.check_due_vat_ids", "schedule": 60.0},
    "tell who waits for what is back": {
        "task": "cart.tasks.tell_all_waiting",
        "schedule": 900.0,
        "options": {"queue": "mail"},
    },
    "write of what became cheaper on wishlists": {
        "task": "cart.tasks.tell_wishlist_news",
        "schedule": 6 * 3600.0,
        "options": {"queue": "mail"},
    },
    "forget addresses of those who waited": {"task": "cart.tasks.forget_waiting", "schedule": 24 * 3600.0},
    "sweep guests' old carts": {"task": "cart.tasks.sweep_carts", "schedule": 24 * 3600.0},
    "look at payments and refunds that are due": {
        "task": "orders.tasks.settle_payments",
        "schedule": 60.0,
        "options": {"queue": "critical"},
    },
    "read back what the payment provider wanted to tell": {
        "task": "orders.tasks.read_back_events",
        "schedule": 900.0,
        "options": {"queue": "critical"},
    },
    "give up orders that nobody pays": {
        "task": "orders.tasks.expire_unpaid",
        "schedule": 60.0,
        "options": {"queue": "critical"},
    },
    "send gift cards on their day": {
        "task": "orders.tasks.send_gift_cards",
        "schedule": 300.0,
        "options": {"queue": "mail"},
    },
    "take authorised money before it lapses": {
        "task": "orders.tasks.take_lapsing",
        "schedule": 3600.0,
        "options": {"queue": "critical"},
    },
    "remind those who have not paid": {
        "task": "orders.tasks.remind_unpaid",
        "schedule": 60.0,
        "options": {"queue": "mail"},
    },
    "ask carriers about parcels under way": {"task": "fulfillment.tasks.poll_tracking", "schedule": 60.0},
}
