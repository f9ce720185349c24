"""The cache fails open: a server that is away or slow is a miss, never an error and never a wait.

After a failure the server is left alone for a few seconds, so that a dead one costs one short timeout, not one a call.
"""

import logging
import time

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

REST_SECONDS = 5.0
TIMEOUT_SECONDS = 0.25

log = logging.getLogger(__name__)


class FailOpenRedisCache(RedisCache):
    _rests_until = 0.0

    def __init__(self, server, params):
        params.setdefault("OPTIONS", {})
        params["OPTIONS"] |= {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
        super().__init__(server, params)

    def _or(self, fallback, call, *args, **kwargs):
        cls = type(self)
        if time.monotonic() < cls._rests_until:
            return fallback
        try:
            return call(*args, **kwargs)
        except (RedisError, OSError) as error:
            cls._rests_until = time.monotonic() + REST_SECONDS
            log.warning("cache unavailable, going on without: %s", error)
            return fallback

    def add(self, *args, **kwargs):
        return self._or(True, super().add, *args, **kwargs)

    def get(self, key, default=None, version=None):
        return self._or(default, super().get, key, default, version)

    def set(self, *args, **kwargs):
        return self._or(None, super().set, *args, **kwargs)

    def touch(self, *args, **kwargs):
        return self._or(False, super().touch, *args, **kwargs)

    def delete(self, *args, **kwargs):
        return self._or(False, super().delete, *args, **kwargs)

    def get_many(self, *args, **kwargs):
        return self._or({}, super().get_many, *args, **kwargs)

    def has_key(self, *args, **kwargs):
        return self._or(False, super().has_key, *args, **kwargs)

    def incr(self, key, delta=1, version=None):
        return self._or(delta, super().incr, key, delta, version)

    def set_many(self, *args, **kwargs):
        return self._or([], super().set_many, *args, **kwargs)

    def delete_many(self, *args, **kwargs):
        return self._or(None, super().delete_many, *args, **kwargs)

    def clear(self):
        return self._or(False, super().clear)
