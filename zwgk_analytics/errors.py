"""What can go wrong, told in one line that a person can act on."""


class ZwgkError(Exception):
    """Any failure this package tells a user about; its text is one line."""


class ReadError(ZwgkError):
    """A document could not be turned into text and grids.

    `code` is a stable word for the kind of failure (`empty`, `truncated`, `encrypted`,
    `unsupported`, `damaged`, `too_large`); the message says what was found and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class UsageError(ZwgkError):
    """A request names something that does not exist; the message lists what does."""


class NoMartsError(ZwgkError):
    """There are no published marts where they were looked for."""


class RenderError(ZwgkError):
    """No renderer could turn a chart into a picture; the message says which were tried."""


class BrokenRulesError(ZwgkError):
    """A strict refresh found broken rules of severity `error`: nothing was published."""
