"""ZIP bundles: what is in them, by what name, and what is refused."""

import io
import zipfile

import pytest

from zwgk_analytics import readers
from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers import Document, Paragraph, bundle
from zwgk_analytics.writers import write

DOCX = write(Document("form", (Paragraph("一、总体情况", ""),)), "docx")


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def code(data: bytes) -> str:
    with pytest.raises(ReadError) as error:
        bundle.members(data)
    return error.value.code


def test_documents_of_inner_bundles_too() -> None:
    inner = zipped(("b.txt", b"2"), ("报告.docx", DOCX))
    data = zipped(("2024/", b""), ("2024/a.txt", b"1"), ("内.zip", inner), ("__MACOSX/._a", b"x"))
    assert bundle.members(data) == [
        ("2024/a.txt", b"1"),
        ("内.zip/b.txt", b"2"),
        ("内.zip/报告.docx", DOCX),
    ]


def test_a_document_kept_as_zip_is_no_bundle() -> None:
    assert readers.sniff(DOCX) == "docx"
    assert readers.sniff(zipped(("word.docx", DOCX))) == "zip"
    assert readers.sniff(zipped(("a.txt", b"1")), "a.docx") == "zip"
    with pytest.raises(ReadError) as error:
        readers.read(zipped(("a.txt", b"1")))
    assert error.value.code == "bundle"


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("../../etc/a.txt", "etc/a.txt"),
        ("/root/a.txt", "root/a.txt"),
        ("C:\\reports\\a.txt", "reports/a.txt"),
    ],
)
def test_a_name_is_a_label_only(written: str, label: str) -> None:
    assert bundle.members(zipped((written, b"1"))) == [(label, b"1")]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_a_name_without_the_flag_is_decoded(encoding: str) -> None:
    name = "淮安2024年度报告.txt".encode(encoding)
    placeholder = "x" * len(name)
    data = zipped((placeholder, b"1")).replace(placeholder.encode(), name)
    assert bundle.members(data) == [("淮安2024年度报告.txt", b"1")]


def test_equal_names_are_told_apart() -> None:
    data = zipped(("a.txt", b"1"), ("../a.txt", b"2"))
    assert bundle.members(data) == [("a.txt", b"1"), ("a (2).txt", b"2")]


def test_what_is_refused() -> None:
    once = zipped(("a.txt", b"1"))
    assert code(zipped(("b.zip", zipped(("a.zip", once))))) == "unsupported"
    assert code(zipped(("a.txt", bytes(bundle.MAX_MEMBER + 1)))) == "too_large"
    assert code(zipped(*((f"{i}.txt", b"1") for i in range(bundle.MAX_COUNT + 1)))) == "too_large"
    assert code(once[:-10]) == "damaged"
    # bit 0 of the flags, in the local header and in the directory
    locked = once.replace(b"PK\3\4\x14\0\0", b"PK\3\4\x14\0\1").replace(
        b"PK\1\2\x14\3\x14\0\0", b"PK\1\2\x14\3\x14\0\1"
    )
    assert code(locked) == "encrypted"
