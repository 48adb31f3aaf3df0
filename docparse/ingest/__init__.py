"""An archive into a corpus: inputs are found, parsed in worker processes, written by one writer, each accounted for in the journal."""
