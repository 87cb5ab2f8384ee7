"""OFD (GB/T 33190) → `Document`: glyphs and drawn lines of its pages, as those of a PDF."""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import Final

from lxml import etree

from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers.bundle import DAMAGE
from zwgk_analytics.readers.document import Document
from zwgk_analytics.readers.ofd_page import add_objects, box_of
from zwgk_analytics.readers.pdf_flow import blocks
from zwgk_analytics.readers.pdf_page import Page

MAX_BYTES: Final = 64 * 2**20  # of XML, unzipped
MAX_PAGES: Final = 2000

_A4: Final = (0.0, 0.0, 595.0, 842.0)
_DAMAGE: Final = (*DAMAGE, etree.LxmlError)


def read(data: bytes) -> Document:
    """The text and tables of an OFD file, placed as those of a PDF; `media` is "ofd".

    What a template page prints stands on each page that uses it. `meta` is the document
    information (title, author, creationdate …).

    Raises:
        ReadError: `damaged`, `encrypted`, `too_large`, or `no_text` for pages that are pictures.
    """
    try:
        package = _Package(data)
        pages = list(package.pages())
    except _DAMAGE as error:
        reason = str(error) or type(error).__name__
        raise ReadError(
            "damaged", f"not a whole OFD file ({reason}); download it again, or print it to PDF"
        ) from error
    if not any(page.chars for page in pages):
        raise ReadError(
            "no_text",
            "the pages of the OFD file are pictures; print it to PDF, which is recognised",
        )
    return Document("ofd", tuple(blocks(pages)), package.meta)


class _Package:
    """The XML parts of an OFD file, unzipped up to `MAX_BYTES` in all."""

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._names = {name.lstrip("/").lower(): name for name in self._zip.namelist()}
        self._left = MAX_BYTES
        self._root = self._parse("OFD.xml")
        self.meta: dict[str, str] = {}
        for element in self._root.iterfind("{*}DocBody/{*}DocInfo/*"):
            if isinstance(element.tag, str) and element.text and element.text.strip():
                self.meta.setdefault(etree.QName(element).localname.lower(), element.text.strip())

    def pages(self) -> Iterator[Page]:
        """The pages of all its documents, numbered through."""
        number = 0
        for location in self._root.iterfind("{*}DocBody/{*}DocRoot"):
            path = (location.text or "").strip()
            document = self._parse(path)
            templates = {
                element.get("ID", ""): _resolved(path, element.get("BaseLoc"))
                for element in document.iterfind("{*}CommonData/{*}TemplatePage")
            }
            area = box_of(document.find("{*}CommonData/{*}PageArea/{*}PhysicalBox"), _A4)
            for element in document.iterfind("{*}Pages/{*}Page"):
                number += 1
                if number > MAX_PAGES:
                    raise ReadError("too_large", f"at most {MAX_PAGES} pages are read; split it")
                content = self._parse(_resolved(path, element.get("BaseLoc")))
                yield self._page(content, number, area, templates)

    def _page(
        self,
        content: etree._Element,
        number: int,
        area: tuple[float, float, float, float],
        templates: dict[str, str],
    ) -> Page:
        left, top, width, height = box_of(content.find("{*}Area/{*}PhysicalBox"), area)
        page = Page(number, width, height)
        for used in content.iterfind("{*}Template"):
            template = templates.get(used.get("TemplateID", ""))
            if template:
                add_objects(page, self._parse(template), left, top)
        add_objects(page, content, left, top)
        return page

    def _parse(self, part: str) -> etree._Element:
        name = self._names.get(posixpath.normpath(part).lstrip("/").lower())
        if name is None:
            raise ReadError(
                "damaged", f"not a whole OFD file ({part} is missing); download it again"
            )
        data = self._unzip(name)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(data, parser)
        if b"<!DOCTYPE" in data or root.getroottree().docinfo.internalDTD is not None:
            raise ReadError("damaged", f"{part} declares a DTD, which an OFD file never has")
        return root

    def _unzip(self, name: str) -> bytes:
        if self._zip.getinfo(name).flag_bits & 1:
            raise ReadError("encrypted", "the file is encrypted; save it without a password")
        with self._zip.open(name) as stream:
            data = stream.read(self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise ReadError("too_large", f"more than {MAX_BYTES >> 20} MB of text; split the file")
        return data


def _resolved(base: str, location: str | None) -> str:
    """A location as the part `base` names it: from its own folder, or from the root."""
    path = (location or "").replace("\\", "/")
    return path if path.startswith("/") else posixpath.join(posixpath.dirname(base), path)
