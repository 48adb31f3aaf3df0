"""Beyond one machine: a run on Ray writes a dataset of Parquet files, which `load` takes into a corpus. The records are those of a local run."""
