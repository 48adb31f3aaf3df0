"""Questions to a corpus: search, concordance, counts, citations, agencies, tasks, repeated passages. They read, and answer in dataclasses."""
