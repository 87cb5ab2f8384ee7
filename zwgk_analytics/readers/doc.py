"""Word files of before 2007 (DOC, WPS) and RTF → `Document`, by way of DOCX."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers import docx
from zwgk_analytics.readers.document import Document

_OFFICES: Final = ("soffice", "libreoffice")
_SECONDS: Final = 50  # less than what a refresh gives a small document
_RTF: Final = b"{\\rtf"


def read(data: bytes) -> Document:
    """One `Document` (media "doc" or "rtf"), placed as that of a DOCX file.

    A DOC or WPS file is converted by doc2docx; LibreOffice, where it is installed, takes what that
    cannot, and RTF.

    Raises:
        ReadError: `encrypted`; `damaged` where no converter could read it; `unsupported` for RTF
            without LibreOffice; and what the DOCX reader raises.
    """
    is_rtf = data.lstrip()[:5] == _RTF
    with TemporaryDirectory() as name:
        folder = Path(name)
        converted = None if is_rtf else _converted(data, folder)
        if converted is None:
            converted = _by_office(data, folder, "rtf" if is_rtf else "doc")
    return replace(docx.read(converted), media="rtf" if is_rtf else "doc")


def _converted(data: bytes, folder: Path) -> bytes | None:
    """The DOCX file that doc2docx makes; None where it cannot."""
    import doc2docx  # takes 0.2 s
    from doc2docx.errors import EncryptedDocumentError

    source, target = folder / "source.doc", folder / "target.docx"
    source.write_bytes(data)
    try:
        doc2docx.convert(source, target)
    except EncryptedDocumentError as error:
        raise ReadError("encrypted", "the file asks for a password; save it without one") from error
    except Exception:  # noqa: BLE001 — of any kind, on a file that it does not know; see below
        return None
    return target.read_bytes()


def _by_office(data: bytes, folder: Path, kind: str) -> bytes:
    office = next(filter(None, map(shutil.which, _OFFICES)), None)
    if office is None:
        code = "unsupported" if kind == "rtf" else "damaged"
        raise ReadError(
            code, f"this {kind} file needs LibreOffice to be read; install it, or save it as .docx"
        )
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
            "damaged", "neither doc2docx nor LibreOffice can open the file; save it as .docx"
        )
    return target.read_bytes()
