"""Files that cannot be read: each is refused with the reason, none crashes."""

import io

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.readers.pdf_files import hand_written, stream, text
from zwgk_analytics.errors import ReadError
from zwgk_analytics.readers import pdf
from zwgk_analytics.readers.document import Document

_LINES = "100 700 200 40 re S 200 700 m 200 740 l S 100 720 m 300 720 l S "
_SOUND = hand_written(_LINES + text(110, 726, "ab") + text(210, 726, "12"), text(90, 700, "end"))
# User password "secret", 40-bit RC4: the values of /O and /U are those of the standard handler.
_ENCRYPT = (
    b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<" + b"28" * 32 + b">/U<" + b"4E" * 32 + b">>>"
    b"/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]"
)


def _code(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        pdf.read(data)
    return caught.value.code


def test_a_password_is_asked_for():
    assert _code(_SOUND.replace(b"/Root 1 0 R", b"/Root 1 0 R" + _ENCRYPT)) == "encrypted"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_file_cut_off_is_truncated(share):
    assert _code(_SOUND[: int(len(_SOUND) * share)]) == "truncated"


def test_an_update_cut_off_is_truncated():
    assert _code(_SOUND + b"12 0 obj\n<</Length 99>>stream\nBT") == "truncated"


def test_a_linearized_file_shorter_than_declared_is_truncated():
    declared = b"%PDF-1.7\n99 0 obj\n<</Linearized 1/L 99999>>\nendobj\n"
    assert _code(_SOUND.replace(b"%PDF-1.7\n", declared)) == "truncated"


def test_bytes_that_are_no_pdf_are_damaged():
    assert _code(b"%PDF-1.7\nnothing here\n%%EOF") == "damaged"


def test_a_scan_is_told_apart():
    image = stream(
        "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray",
        "\x7f",
    )
    picture = "q 500 0 0 700 40 60 cm /X Do Q "
    for stamp in ("", text(290, 30, "- 4 -")):
        with pytest.raises(ReadError, match="scan") as caught:
            pdf.read(hand_written(picture + stamp, extra=[image]))
        assert caught.value.code == "no_text"


def test_text_in_a_font_that_nobody_has_is_not_lost_in_silence():
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/Nowhere/Encoding/Identity-H"
        b"/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/Nowhere/DW 1000"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>]>>"
    )
    words = "".join(f"BT /G 12 Tf {20 * i} 700 Td <000{i}> Tj ET " for i in range(1, 9))
    data = hand_written(words + text(90, 600, "12"), extra=[font])
    data = data.replace(b"/XObject<</X 4 0 R>>", b"/Font<</F 3 0 R/G 4 0 R>>")
    with pytest.raises(ReadError, match="font") as caught:
        pdf.read(data.replace(b"/Font<</F 3 0 R>>/Font", b"/Font"))
    assert caught.value.code == "no_text"


def test_too_many_pages_are_refused():
    document = pdfium.PdfDocument.new()
    for _ in range(2001):
        document.new_page(100, 100).close()
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    assert _code(buffer.getvalue()) == "too_large"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(_SOUND) - 1), st.integers(1, 255)), max_size=6))
def test_flipped_bits_never_crash(flips):
    data = bytearray(_SOUND)
    for position, mask in flips:
        data[position] ^= mask
    try:
        assert isinstance(pdf.read(bytes(data)), Document)
    except ReadError as error:
        assert "\n" not in str(error)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, len(_SOUND)), st.integers(0, len(_SOUND)))
def test_lost_stretches_never_crash(start, end):
    try:
        assert isinstance(pdf.read(_SOUND[:start] + _SOUND[end:]), Document)
    except ReadError as error:
        assert error.code in {"truncated", "damaged", "no_text", "encrypted"}
