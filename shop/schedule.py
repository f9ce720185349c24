"""All periodic work, as one readable list. Every task here is safe to run twice and at the same time."""

SCHEDULE = {
    f"sweep the {queue} queue": {
        "task": "shop.core.tasks.drain",
        "schedule": 15.0,
        "kwargs": {"queue": queue},
        "options": {"queue": queue},
    }
    for queue in ("critical", "default", "mail", "media")
}
