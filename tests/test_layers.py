"""Who may import whom: data flows from readers to charts, and imports only leftwards."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "zwgk_analytics"

# layer → the layers it may import; every layer may import itself and `errors`
ALLOWED = {
    "errors": set(),
    "readers": set(),
    "forms": set(),
    "facts": {"readers", "forms"},
    "writers": {"readers", "forms"},
    "store": {"facts"},
    "agencies": set(),
    "marts": {"agencies", "forms", "store"},
    "quality": {"forms", "marts"},
    "spark": {"facts", "store", "marts"},
    "charts": {"marts", "forms"},
    "briefing": {"charts", "quality", "marts", "forms"},
    "progress": set(),
    "gate": {"agencies", "store", "marts", "quality"},
    "once": {"facts", "store", "marts", "quality", "gate"},
    "pipeline": {"store", "marts", "quality", "gate", "progress", "pipeline_spark"},
    "pipeline_spark": {"store", "marts", "quality", "gate", "progress", "spark"},
    "lab": set(),
    "notify": set(),
    "schedule": {"gate", "notify", "pipeline", "progress", "store", "marts"},
    "collect": {"store"},
    "cli_options": set(),
    "cli_agencies": {"agencies", "cli_options", "marts", "store"},
    "cli_diff": {"cli_options", "marts"},
    "cli_findings": {"cli_options", "marts", "quality"},
    "cli_marts": {"cli_options", "marts", "schedule"},
    "cli_requests": {"cli_options", "marts", "store", "writers"},
    "cli_template": {"forms", "store", "writers"},
    "cli": {
        *(
            "cli_agencies",
            "cli_diff",
            "cli_findings",
            "cli_marts",
            "cli_options",
            "cli_requests",
            "cli_template",
            "collect",
            "lab",
            "once",
            "schedule",
            "pipeline",
        ),
        *("facts", "store", "marts", "quality", "charts", "briefing"),
    },
    "": {"facts", "marts", "charts", "briefing", "pipeline"},  # zwgk_analytics/__init__.py
}
# what a layer may take from another one beyond its row
EXCEPTIONS = {
    ("marts", "zwgk_analytics.facts.schema"),
    ("collect", "zwgk_analytics.readers.encoding"),  # a list page decodes as a document does
    ("collect", "zwgk_analytics.readers.link_text"),  # and its links read the same
}


def layer_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module}
            if node.module == "zwgk_analytics":
                found |= {f"zwgk_analytics.{alias.name}" for alias in node.names}
    return {name for name in found if name.startswith("zwgk_analytics.")}


def modules():
    for path in sorted(PACKAGE.rglob("*.py")):
        relative = path.relative_to(PACKAGE.parent).with_suffix("")
        parts = [p for p in relative.parts if p != "__init__"]
        yield ".".join(parts), path


def wrong(module: str, names: set[str]) -> list[str]:
    layer = layer_of(module)
    assert layer in ALLOWED, f"{module}: say in ALLOWED what this layer may import"
    return sorted(
        name
        for name in names
        if layer_of(name) not in {layer, "errors"} | ALLOWED[layer]
        and (layer, name) not in EXCEPTIONS
    )


@pytest.mark.parametrize(("module", "path"), [pytest.param(m, p, id=m) for m, p in modules()])
def test_imports_go_leftwards(module, path):
    assert wrong(module, imports(path)) == []


def test_a_wrong_import_is_seen(tmp_path):
    file = tmp_path / "bad.py"
    inside = ("from zwgk_analytics.marts import api", "from zwgk_analytics import charts")
    file.write_text("\n    ".join(["def f():", *inside]))
    assert wrong("zwgk_analytics.readers.bad", imports(file)) == [
        "zwgk_analytics.charts",
        "zwgk_analytics.marts",
    ]


def test_no_import_is_relative():
    for module, path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.level), module
