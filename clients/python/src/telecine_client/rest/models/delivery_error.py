from enum import StrEnum
from typing import Self


class DeliveryError(StrEnum):
    """A newer server may send other values; each is then a member without a name of its own."""

    ADDRESS_NOT_ALLOWED = "address_not_allowed"
    CONNECTION_FAILED = "connection_failed"
    ENDPOINT_DISABLED = "endpoint_disabled"
    INVALID_ANSWER = "invalid_answer"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    TLS_FAILED = "tls_failed"
    UNRESOLVABLE = "unresolvable"
    UNSIGNED = "unsigned"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = "UNKNOWN"
        member._value_ = value
        return member
