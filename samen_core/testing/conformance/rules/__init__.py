"""Every rule, in the order in which they are checked: by tier, what is quick first."""

from __future__ import annotations

from samen_core.testing.conformance.model import Rule
from samen_core.testing.conformance.rules import imports, keys, mappers, metadata, migrations, names, pages

RULES: tuple[Rule, ...] = (
    # brons: it installs, starts and harms nobody
    Rule("metadata", "brons", "The distribution and the manifest say what the block is", metadata.check_metadata),
    Rule("declared-imports", "brons", "It imports only what is public and what it declares", imports.check_declared),
    Rule("layers", "brons", "Rules stand below pages and know no web framework", imports.check_layers),
    Rule("own-prefixes", "brons", "Everything that it names starts with its own name", names.check_prefixes),
    Rule("keys-between-owners", "brons", "Keys to tables of others hold nobody and remove nothing", keys.check_keys),
    Rule("migrations-run", "brons", "Its migrations make its tables in an empty database", migrations.check_up),
    Rule("foreign-mappers", "brons", "It leaves the classes and functions of others as they are", mappers.check_mappers),
    Rule("stated-access", "brons", "Every route says who may use it, and refuses the others", pages.check_access),
    Rule("starts-alone", "brons", "It starts with only what it requires", pages.check_alone),
)
