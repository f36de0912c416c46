"""One cell at a time: what a person types becomes a value, formulas are calculated, values are shown."""
