from enum import StrEnum


class DeliveryError(StrEnum):
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

    def __str__(self) -> str:
        return str(self.value)
