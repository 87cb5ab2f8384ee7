"""Plain text → `Document`: a paragraph for each line that has text."""

from typing import Final

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.document import Document, Paragraph
from zwgk_analytics.readers.encoding import decode

_MAX_BYTES: Final = 16 * 2**20
_STRANGE: Final = 0.02  # share of control characters and of those that do not decode


def read(data: bytes) -> Document:
    """The lines of a text file, placed "line n" as an editor counts them; `media` is "text".

    Tables stay lines: whether they are marked by pipes or tabs, or flattened, is told later.

    Raises:
        ReadError: `unsupported` for bytes that are no text, `too_large` beyond 16 MB.
    """
    if len(data) > _MAX_BYTES:
        raise ReadError("too_large", f"a text of more than {_MAX_BYTES >> 20} MB; split the file")
    text = decode(data)
    strange = sum(char == "\ufffd" or (char < " " and not char.isspace()) for char in text)
    if strange > _STRANGE * len(text):
        raise ReadError(
            "unsupported", "the file is neither text nor of a kind that is read; save it as one"
        )
    lines = enumerate(text.splitlines(), 1)
    return Document(
        "text", tuple(Paragraph(line.strip(), f"line {n}") for n, line in lines if line.strip())
    )
