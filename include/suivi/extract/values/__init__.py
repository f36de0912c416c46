"""Values inside a piece of text: dates, numbers, figures, parties, organisations, places, presence, events, language.

Each module finds one kind of thing and knows nothing of the layout around it. Every offset counts characters of
the text that was passed in, so that a quote is always a literal slice. Words live in the language files of
`extract/grammar/`, names in `reference/`.
"""
