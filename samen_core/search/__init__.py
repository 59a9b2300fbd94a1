"""Search over everything that blocks show: one index, on FTS5 or PostgreSQL, with the same words on both.

Blocks give the text through the hook ``samen_search_sources``; the register (``core__subject``) says what may be found and by whom.
"""

from samen_core.search.documents import Found, Result, SearchDocument, SearchIndex, SearchSource
from samen_core.search.index import PostgresIndex, SqliteIndex, make_index
from samen_core.search.models import IndexedText
from samen_core.search.services import MAX_RESULTS, having_words, index_now, index_subject, reindex, search
from samen_core.search.words import Part, Query, parse_query

__all__ = [
    "MAX_RESULTS",
    "Found",
    "IndexedText",
    "Part",
    "PostgresIndex",
    "Query",
    "Result",
    "SearchDocument",
    "SearchIndex",
    "SearchSource",
    "SqliteIndex",
    "having_words",
    "index_now",
    "index_subject",
    "make_index",
    "parse_query",
    "reindex",
    "search",
]
