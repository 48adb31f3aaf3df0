"""Tasks as files: iCalendar, a workbook for following up, CSV for imports, JSON lines."""
