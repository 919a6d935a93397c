"""Messages in Redis: where they wait, and the two scripts that put and take them."""

from typing import cast

from redis import Redis

# A message that still waits is not put there again, so repeated sends never fill Redis.
PUT = """
if redis.call('hsetnx', KEYS[2], ARGV[1], ARGV[2]) == 1 then
  redis.call(ARGV[3], KEYS[1], ARGV[1])
end
"""

# Nothing here needs memory, so a full Redis can still be emptied. What has no place in the line is nobody's to take.
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
    """The line of ids in which a queue's messages wait, and the messages; the names are Dramatiq's."""
    queue = f"dramatiq:{queue_name}"
    return [queue, f"{queue}.msgs"]


class RedisMessages:
    """The messages of all queues."""

    def __init__(self, client: Redis) -> None:
        self._put = client.register_script(PUT)
        self._take = client.register_script(_TAKE)

    def put(self, queue_name: str, message_id: str, message: bytes) -> None:
        """Let a message wait at the end of its line; one that waits already keeps its place."""
        self._put(keys=keys_of(queue_name), args=[message_id, message, "rpush"])

    def put_back(self, queue_name: str, message_id: str, message: bytes) -> None:
        """Let a message that was taken be the next one again."""
        self._put(keys=keys_of(queue_name), args=[message_id, message, "lpush"])

    def take(self, queue_name: str) -> bytes | None:
        """The next message, which is ours alone from now on; None when there is none."""
        return cast("bytes | None", self._take(keys=keys_of(queue_name)))
