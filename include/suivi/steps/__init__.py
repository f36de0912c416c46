"""The steps of a night, one module each; `pipeline` puts them in order, `context` is what they share.

A step takes the run, does its work in short transactions and returns `Done`: a sentence and counts. Repeating a
step changes nothing that its first try finished.
"""
