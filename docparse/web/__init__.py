"""The corpus in a browser and over HTTP: a web site and a JSON API over `docparse.query` and `docparse.review`."""
