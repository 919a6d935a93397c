"""Messages in Redis: the keys that hold them, and the two scripts that put and take them."""

from typing import cast

from redis import Redis

# A message that is still waiting is not added again, so repeated sends do not fill Redis.
PUT = """
if redis.call('hsetnx', KEYS[2], ARGV[1], ARGV[2]) == 1 then
  redis.call(ARGV[3], KEYS[1], ARGV[1])
end
"""

# No command here allocates memory, so a full Redis can be emptied. Messages without an id in the list are deleted.
_TAKE = """
local id = redis.call('lpop', KEYS[1])
if not id then
  redis.call('del', KEYS[2])
  return false
end
local message = redis.call('hget', KEYS[2], id)
redis.call('hdel', KEYS[2], id)
return message or ''
"""


def keys_of(queue_name: str) -> list[str]:
    """The keys of a queue, named as Dramatiq does: the list of waiting ids, and the hash of their messages."""
    queue = f"dramatiq:{queue_name}"
    return [queue, f"{queue}.msgs"]


class RedisMessages:
    """The messages of all queues."""

    def __init__(self, client: Redis) -> None:
        self._put = client.register_script(PUT)
        self._take = client.register_script(_TAKE)

    def put(self, queue_name: str, message_id: str, message: bytes) -> None:
        """Add a message at the end of its queue; one that is already waiting keeps its place."""
        self._put(keys=keys_of(queue_name), args=[message_id, message, "rpush"])

    def put_back(self, queue_name: str, message_id: str, message: bytes) -> None:
        """Put a message that was taken at the front of its queue."""
        self._put(keys=keys_of(queue_name), args=[message_id, message, "lpush"])

    def take(self, queue_name: str) -> bytes | None:
        """Remove and return the next message; None if the queue is empty."""
        return cast("bytes | None", self._take(keys=keys_of(queue_name)))
