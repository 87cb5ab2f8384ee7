"""Why an address could not be had."""

from zwgk_analytics.errors import ZwgkError


class RefusedError(ZwgkError):
    """An address that must not be asked: private, not http(s), or closed by robots.txt."""


class VanishedError(ZwgkError):
    """The server says that there is nothing at the address (any more)."""


class FetchError(ZwgkError):
    """The address could not be had: a failure that may pass, or an answer beyond the limits."""


class PassingError(Exception):
    """A failure that the next attempt may not meet; `wait` is what the server asks for."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait
