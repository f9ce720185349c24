"""The cache fails open: a server that is away or slow is a miss, never an error and never a wait.

After a failure the server is left alone for a few seconds, so that a dead one costs one short timeout, not one a call.
"""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.encoding import force_str
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

REST_SECONDS = 5.0
TIMEOUT_SECONDS = 0.25

log = logging.getLogger(__name__)
T = TypeVar("T")


class OneClient(RedisCacheClient):
    """Django makes a client for every call, which takes longer than the call; one a pool serves all threads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clients: dict[Any, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]
        if pool not in self._clients:
            self._clients[pool] = self._client(connection_pool=pool)  # type: ignore[attr-defined]
        return self._clients[pool]


class FailOpenRedisCache(RedisCache):
    _rests_until = 0.0

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        params.setdefault("OPTIONS", {})
        params["OPTIONS"] |= {
            "socket_timeout": TIMEOUT_SECONDS,
            "socket_connect_timeout": TIMEOUT_SECONDS,
            "retry": Retry(NoBackoff(), 0),  # a second try would be a second wait
        }
        super().__init__(server, params)
        self._class = OneClient

    def _or(self, fallback: T, call: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        cls = type(self)
        if time.monotonic() < cls._rests_until:
            return fallback
        try:
            return call(*args, **kwargs)
        except (RedisError, OSError) as error:
            cls._rests_until = time.monotonic() + REST_SECONDS
            log.warning("cache unavailable, going on without: %s", error)
            return fallback

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._or(True, super().add, *args, **kwargs)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._or(default, super().get, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._or(None, super().set, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._or(False, super().touch, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._or(False, super().delete, *args, **kwargs)

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        return self._or({}, super().get_many, keys, version)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self._or(False, super().has_key, *args, **kwargs)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return self._or(delta, super().incr, key, delta, version)

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        return self._or([], super().set_many, *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._or(None, super().delete_many, *args, **kwargs)

    def clear(self) -> None:
        self._or(None, super().clear)

    def tally(self, key: str, name: str, *, last: int | None = None, most: int = 20_000) -> None:
        """Add one to `name`, and remember the `last` number seen with it; new names are dropped beyond `most`."""
        self._or(None, self._tally, self.make_and_validate_key(key), name, last, most)

    def take_tallies(self, key: str) -> list[tuple[str, int, int | None]]:
        """[(name, how often, the last number)] since they were taken the last time."""
        return self._or([], self._take_tallies, self.make_and_validate_key(key))

    def _tally(self, key: str, name: str, last: int | None, most: int) -> None:
        client = self._cache.get_client(None, write=True)
        if client.hlen(key) < 2 * most:
            with client.pipeline(transaction=False) as pipe:
                pipe.hincrby(key, f"n{name}", 1)
                if last is not None:
                    pipe.hset(key, f"l{name}", last)
                pipe.execute()

    def _take_tallies(self, key: str) -> list[tuple[str, int, int | None]]:
        client, taken = self._cache.get_client(None, write=True), f"{key}:taken"
        if not client.exists(key):
            return []
        client.rename(key, taken)
        found = {force_str(name): int(number) for name, number in client.hgetall(taken).items()}
        client.delete(taken)
        return [(name[1:], n, found.get(f"l{name[1:]}")) for name, n in found.items() if name[0] == "n"]
