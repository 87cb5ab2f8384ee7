"""The vocabulary: editions, labels and measures as data. Parser, marts and rules derive from it."""

from zwgk_analytics.forms.labels import Vocabulary, fold, vocabulary
from zwgk_analytics.forms.load import edition_for, editions
from zwgk_analytics.forms.model import Edition, Identity, Line, Section, Table

__all__ = [
    "Edition",
    "Identity",
    "Line",
    "Section",
    "Table",
    "Vocabulary",
    "edition_for",
    "editions",
    "fold",
    "vocabulary",
]
