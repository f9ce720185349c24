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
    "count what was sold": {"task": "catalog.tasks.refresh_sold", "schedule": 3600.0},
    "give back what checkouts no longer hold": {
        "task": "checkout.tasks.sweep_checkouts",
        "schedule": 60.0,
    },
    "sweep guests' old carts": {"task": "cart.tasks.sweep_carts", "schedule": 24 * 3600.0},
}
