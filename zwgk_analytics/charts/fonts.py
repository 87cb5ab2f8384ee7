"""The Chinese font that charts bring along: for browsers, for typesetters, and inside a file."""

import base64
import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

_FACE = '@font-face{{font-family:"Noto Sans SC";src:url(data:font/otf;base64,{data})}}'
_CONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">{system}</include>
  <dir>{folder}</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias binding="same">
    <family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer>
  </alias>
</fontconfig>
"""


def sans() -> Path:
    """The file of Noto Sans SC that a package brings."""
    from pylopdf_fonts_zh_cn import sans_path

    return sans_path()


@contextmanager
def known_to_browsers() -> Iterator[None]:
    """A browser that starts meanwhile knows the package's fonts beside those of the system.

    On Windows and macOS browsers ask the system, which has Chinese fonts.
    """
    before = os.environ.get("FONTCONFIG_FILE")
    system = before or "/etc/fonts/fonts.conf"
    config = _CONFIG.format(system=escape(system), folder=escape(str(sans().parent)))
    with tempfile.TemporaryDirectory(prefix="zwgk-fonts-") as folder:
        file = Path(folder) / "fonts.conf"
        file.write_text(config, encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(file)
        try:
            yield
        finally:
            os.environ.pop("FONTCONFIG_FILE")
            if before is not None:
                os.environ["FONTCONFIG_FILE"] = before


@lru_cache(maxsize=32)
def face(characters: str) -> str:
    """CSS that brings the glyphs of these characters, some ten kilobytes for a chart."""
    from fontTools import subset  # slow to import

    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True)
    font = subset.load_font(str(sans()), options)
    chosen = subset.Subsetter(options)
    chosen.populate(text=characters)
    chosen.subset(font)
    file = io.BytesIO()
    subset.save_font(font, file, options)
    return _FACE.format(data=base64.b64encode(file.getvalue()).decode())
