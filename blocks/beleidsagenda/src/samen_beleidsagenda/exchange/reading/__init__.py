"""Reading the files of other systems: pure, without database. Each reader gives a plan (:mod:`samen_beleidsagenda.schemas.import_plan`)."""
