"""The corpus: records in a database that people can read with any SQL tool. SQLite by default, PostgreSQL for many users at once."""
