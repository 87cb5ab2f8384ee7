"""The pictures of README and docs, drawn from the published marts: `make readme`."""

from pathlib import Path

import zwgk_analytics as zwgk

FOLDER = Path(__file__).parent / "images"
PICTURES: dict[str, dict[str, object]] = {
    "application_handling": {"agencies": "平潭综合实验区"},
    "application_flow": {"agencies": "淮安市人民政府"},
    "carry_over_waterfall": {"agencies": "平潭综合实验区"},
}


def main() -> None:
    """Writes each picture, named after its chart."""
    FOLDER.mkdir(exist_ok=True)
    with zwgk.open_marts() as marts:
        charts = {n: zwgk.charts.draw(n, marts, **asked) for n, asked in PICTURES.items()}
    zwgk.charts.save_all([(c, FOLDER / f"{n}.png") for n, c in charts.items()], scale=1.3)


if __name__ == "__main__":
    main()
