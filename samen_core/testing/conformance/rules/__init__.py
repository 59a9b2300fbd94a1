"""Every rule, in the order in which they are checked: by tier, what is quick first."""

from __future__ import annotations

from samen_core.testing.conformance.model import Rule
from samen_core.testing.conformance.rules import (
    browser,
    exported,
    imports,
    keys,
    lists,
    mappers,
    metadata,
    migrations,
    names,
    pages,
    privacy,
    removal,
    subjects,
    texts,
)

RULES: tuple[Rule, ...] = (
    # brons: it installs, starts and harms nobody
    Rule("metadata", "brons", "The distribution and the manifest say what the block is", metadata.check_metadata),
    Rule("declared-imports", "brons", "It imports only what is public and what it declares", imports.check_declared),
    Rule("layers", "brons", "Rules stand below pages and know no web framework", imports.check_layers),
    Rule("own-prefixes", "brons", "Everything that it names starts with its own name", names.check_prefixes),
    Rule("keys-between-owners", "brons", "Keys to tables of others hold nobody and remove nothing", keys.check_keys),
    Rule("migrations-run", "brons", "Its migrations make its tables in an empty database", migrations.check_up),
    Rule("foreign-mappers", "brons", "It leaves the classes and functions of others as they are", mappers.check_mappers, heavy=True),
    Rule("stated-access", "brons", "Every route says who may use it, and refuses the others", pages.check_access),
    Rule("starts-alone", "brons", "It starts with only what it requires", pages.check_alone, heavy=True),
    # zilver: it keeps the city's data and people's rights
    Rule("translations", "zilver", "Every text is there in English", texts.check_translations),
    Rule("personal-data-declared", "zilver", "Every column with personal data is declared", privacy.check_declared),
    Rule("data-round-trip", "zilver", "Own data comes out whole and goes as declared", privacy.check_round_trip, heavy=True),
    Rule("data-exported", "zilver", "Every other column is exported or says why not", exported.check_exported),
    Rule(
        "migrations-both-ways",
        "zilver",
        "Migrations go up without drift and down, on both databases",
        migrations.check_both_ways,
        heavy=True,
    ),
    Rule("subjects-registered", "zilver", "Every citable thing stands in the register", subjects.check_subjects, heavy=True),
    Rule("removal", "zilver", "Without it, after it was there, the platform's pages open", removal.check_removal, heavy=True),
    # goud: it is a pleasure
    Rule("documents", "goud", "It is described for the people of the city", texts.check_documents),
    Rule("managed-mails", "goud", "A city can put every mail in its own words", texts.check_mails),
    Rule("privacy-register", "goud", "The register of processing tells everything in words", privacy.check_register),
    Rule("constant-lists", "goud", "A page costs the same with fifty rows as with five", lists.check_constant, heavy=True),
    Rule("accessible-pages", "goud", "axe finds nothing on any page", browser.check_accessible, heavy=True),
)
