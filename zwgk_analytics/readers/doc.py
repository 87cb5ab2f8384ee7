"""Word files of before 2007 (DOC, WPS) and RTF → `Document`, mostly by way of DOCX."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers import docx, plain_text
from zwgk_analytics.readers.document import Document

_OFFICES: Final = ("soffice", "libreoffice")
_SECONDS: Final = 50  # less than what a refresh gives a small document
_RTF: Final = b"{\\rtf"


def read(data: bytes) -> Document:
    """One `Document` (media "doc" or "rtf"), placed as that of a DOCX file.

    A DOC or WPS file is converted by doc2docx; LibreOffice, where it is installed, takes what that
    cannot, and RTF. Without it, RTF is read as lines, the cells of its tables between pipes.

    Raises:
        ReadError: `encrypted`; `damaged` where no converter could read it; and what the DOCX reader
            raises.
    """
    kind = "rtf" if data.lstrip()[: len(_RTF)] == _RTF else "doc"
    if kind == "rtf" and _office() is None:
        return _lines(data)
    with TemporaryDirectory() as name:
        folder = Path(name)
        converted = _by_office(data, folder, kind) if kind == "rtf" else _converted(data, folder)
    return replace(docx.read(converted), media=kind)


def _lines(data: bytes) -> Document:
    from striprtf.striprtf import rtf_to_text

    try:
        text = rtf_to_text(  # type: ignore[no-untyped-call]
            data.decode("latin-1"), encoding="gb18030", errors="replace"
        )
    except Exception as error:  # it fails in many ways on what it does not know
        message = f"the RTF cannot be read ({error}); save it as .docx"
        raise ReadError("damaged", message) from error
    return replace(plain_text.read(text.encode()), media="rtf")


def _office() -> str | None:
    return next(filter(None, map(shutil.which, _OFFICES)), None)


def _converted(data: bytes, folder: Path) -> bytes:
    """The DOCX file that doc2docx makes, else the one that LibreOffice makes."""
    import doc2docx  # takes 0.2 s
    from doc2docx.errors import EncryptedDocumentError

    source, target = folder / "source.doc", folder / "converted.docx"
    source.write_bytes(data)
    try:
        doc2docx.convert(source, target)
    except EncryptedDocumentError as error:
        raise ReadError("encrypted", "the file asks for a password; save it without one") from error
    except MemoryError:
        raise
    except Exception as error:  # it fails in many ways on what it does not know
        return _by_office(data, folder, "doc", f" ({error})")
    return target.read_bytes()


def _by_office(data: bytes, folder: Path, kind: str, reason: str = "") -> bytes:
    """The DOCX file that LibreOffice makes; `reason` tells why it was asked."""
    office = _office()
    if office is None:
        message = f"this {kind} file needs LibreOffice{reason}; install it, or save it as .docx"
        raise ReadError("damaged", message)
    source, target = folder / f"source.{kind}", folder / "source.docx"
    source.write_bytes(data)
    command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "docx", "--outdir", str(folder), str(source)]
    try:
        subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise ReadError(
            "damaged", f"LibreOffice did not open the file in {_SECONDS} s; save it as .docx"
        ) from error
    if not target.exists():
        raise ReadError(
            "damaged", f"LibreOffice cannot open the {kind} file{reason}; save it as .docx"
        )
    return target.read_bytes()
