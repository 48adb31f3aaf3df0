"""How the pipeline in `models/` is made: examples from the generator, from gold and from rules; training; ablation. Not used when parsing."""
