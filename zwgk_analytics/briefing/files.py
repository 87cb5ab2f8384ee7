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
    kind = check_target(path, template)
    options = {} if template is None else {"template": template}
    try:
        writer: Callable[..., bytes] = import_module(f"zwgk_analytics.briefing.as_{kind}").write
    except ModuleNotFoundError as error:
        raise ZwgkError(
            f"{path.name}: writing .{kind} needs {error.name}: pip install 'zwgk-analytics[brief]'"
        ) from error
    path.write_bytes(writer(briefing, **options))
    return path


def check_target(path: Path, template: Path | None = None) -> str:
    """The format that a file's suffix says.

    Raises:
        UsageError: a briefing is not written so, or the template does not fit it.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        known = ", ".join(f".{known}" for known in FORMATS)
        raise UsageError(f"{path.name}: a briefing is written as {known}; name it {path.stem}.docx")
    if template is not None:
        _check_template(template, kind)
    return kind


def _check_template(template: Path, kind: str) -> None:
    if kind not in WITH_TEMPLATE:
        raise UsageError(f"{template.name}: only .docx and .pptx take a template, not .{kind}")
    if template.suffix.lower() != f".{kind}":
        raise UsageError(f"{template.name}: the template of a .{kind} is a .{kind}; save it as one")
    if not template.is_file():
        raise UsageError(f"{template}: there is no such template")
