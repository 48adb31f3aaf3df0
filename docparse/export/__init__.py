"""A corpus as files for other programs: JSON lines, Parquet, CSV, a workbook, and the metadata that archives ask for."""
