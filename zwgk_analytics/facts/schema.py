"""Facts: tidy rows with provenance, one Arrow schema a kind. Every later layer reads these.

`source` is the path of the document under the raw folder; `place` is where in it the value
stands. A missing value is null, never 0.
"""

from typing import Final

import pyarrow as pa

from zwgk_analytics.facts.record_schema import record_schemas

NUMBER: Final = pa.decimal128(20, 6)  # exact: counts, and money with its decimals

DOCUMENTS: Final = pa.schema(
    {
        "source": pa.string(),
        "sha256": pa.string(),
        "media": pa.string(),
        "kind": pa.string(),  # as `facts.extraction.Extraction` names it
        "agency": pa.string(),
        "year": pa.int32(),
        "edition": pa.string(),
        "title": pa.string(),
        "published_on": pa.date32(),
        "url": pa.string(),
    }
)

CELLS: Final = pa.schema(
    {
        "source": pa.string(),
        "form_table": pa.string(),
        "form_row": pa.string(),
        "form_column": pa.string(),
        "value": NUMBER,
        "unit": pa.string(),
        "state": pa.string(),  # reported, blank, dash, unreadable
        "raw": pa.string(),
        "place": pa.string(),
    }
)

CLAIMS: Final = pa.schema(
    {
        "source": pa.string(),
        "measure": pa.string(),
        "part": pa.string(),
        "value": NUMBER,
        "unit": pa.string(),
        "qualifier": pa.string(),
        "text": pa.string(),
        "place": pa.string(),
    }
)

SECTIONS: Final = pa.schema(
    {
        "source": pa.string(),
        "section": pa.string(),  # a key of `forms/prose.yml`, preamble or unnamed
        "position": pa.int32(),  # in the order of the document, from 1
        "heading": pa.string(),
        "text": pa.string(),  # a line each paragraph, the heading left out
        "place": pa.string(),
    }
)

PROSE_FIGURES: Final = pa.schema(
    {
        "source": pa.string(),
        "section": pa.string(),
        "sentence": pa.int32(),  # counted in the document, from 1
        "position": pa.int32(),  # counted in the sentence, from 1
        "kind": pa.string(),  # count, share, plan_year, result_year
        "label": pa.string(),
        "value": NUMBER,
        "decimals": pa.int32(),  # of a share as printed
        "unit": pa.string(),
        "qualifier": pa.string(),
        "whole": pa.int32(),  # position of what a part or a share is of
        "whole_measure": pa.string(),  # of a list that is opened without its total
        "is_complete": pa.bool_(),  # the list that a part stands in leaves nothing out
        "text": pa.string(),
        "place": pa.string(),
    }
)

PROBLEMS: Final = pa.schema(
    {
        "source": pa.string(),
        "code": pa.string(),
        "message": pa.string(),
        "place": pa.string(),
    }
)

ITEMS: Final = pa.schema(
    {
        "source": pa.string(),
        "place": pa.string(),  # "row 17" of the file as a person sees it, header = row 1
        "agency": pa.string(),
        "title": pa.string(),
        "document_number": pa.string(),  # as printed, `无` and blanks → null
        "series": pa.string(),  # 粤府函
        "series_year": pa.int32(),
        "serial": pa.int32(),
        "issued_on": pa.date32(),
        "published_on": pa.date32(),
        "published_time": pa.string(),  # 16:30 as printed, midnight → null
        "category": pa.string(),
        "channel": pa.string(),
        "validity": pa.string(),
        "index_number": pa.string(),
        "url": pa.string(),
        "related_url": pa.string(),  # of the document that is explained, or of what explains it
    }
)

CHANNELS: Final = pa.schema(
    {
        "source": pa.string(),
        "place": pa.string(),
        "channel": pa.string(),  # as logs name it: a code or a path
        "name": pa.string(),
    }
)

SCORES: Final = pa.schema(
    {
        "source": pa.string(),
        "place": pa.string(),
        "scheme": pa.string(),
        "period": pa.string(),  # 2014, 2014Q1, 2014-03
        "agency": pa.string(),
        "indicator": pa.string(),
        "score": NUMBER,
        "rank": pa.int32(),
        "ranked_of": pa.int32(),
        "url": pa.string(),
        "full_marks": NUMBER,  # as the heading states them
        "weight": NUMBER,  # share of the total, 0 to 1, as the heading states it
        "scale": NUMBER,  # what scores are out of: full marks, else 1 or 100 as they lie
    }
)

FIGURES: Final = pa.schema(
    {
        "source": pa.string(),
        "place": pa.string(),
        "agency": pa.string(),
        "year": pa.int32(),
        "measure": pa.string(),  # a key of the forms' measures; null where the label is unknown
        "label": pa.string(),  # as printed
        "value": NUMBER,
        "unit": pa.string(),
        "url": pa.string(),
    }
)

SCHEMAS: Final = {
    "documents": DOCUMENTS,
    "cells": CELLS,
    "claims": CLAIMS,
    "sections": SECTIONS,
    "prose_figures": PROSE_FIGURES,
    "problems": PROBLEMS,
    "items": ITEMS,
    "channels": CHANNELS,
    "scores": SCORES,
    "figures": FIGURES,
    **record_schemas(),
}
