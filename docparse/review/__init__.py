"""What people correct in records: kept apart from what the parser gave, applied to it, exported as gold files."""
