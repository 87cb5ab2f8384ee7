"""A briefing as a file: the suffix says which writer lays it out."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from zwgk_analytics.briefing.model import Briefing
from zwgk_analytics.errors import UsageError, ZwgkError

FORMATS = ("html", "docx", "pptx", "pdf", "md")
WITH_TEMPLATE = ("docx", "pptx")


def save(briefing: Briefing, path: Path, template: Path | None = None) -> Path:
    """Writes the briefing to `path`, and returns it; see `Briefing.save`."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        known = ", ".join(f".{known}" for known in FORMATS)
        raise UsageError(f"{path.name}: a briefing is written as {known}; name it {path.stem}.docx")
    options = {} if template is None else {"template": _template(template, kind)}
    try:
        writer: Callable[..., bytes] = import_module(f"zwgk_analytics.briefing.as_{kind}").write
        content = writer(briefing, **options)
    except ImportError as error:
        raise ZwgkError(
            f"{path.name}: writing .{kind} needs {error.name}: pip install 'zwgk-analytics[brief]'"
        ) from error
    path.write_bytes(content)
    return path


def _template(template: Path, kind: str) -> Path:
    if kind not in WITH_TEMPLATE:
        raise UsageError(f"{template.name}: only .docx and .pptx take a template, not .{kind}")
    if template.suffix.lower() != f".{kind}":
        raise UsageError(f"{template.name}: the template of a .{kind} is a .{kind}; save it as one")
    if not template.is_file():
        raise UsageError(f"{template}: there is no such template")
    return template
