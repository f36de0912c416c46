"""Values inside a piece of text: dates, numbers, figures, parties, organisations, places, presence, events, language.

Each module finds one kind of thing and knows nothing of the layout around it. Every offset counts characters of
the text that was passed in, so that a quote is always a literal slice. `scan` goes over a text once for all of them.

The words of a language stand in one YAML beside the modules, names in `reference/`. What a file holds:

language                 function words, by which the language of a text is told
dates, deadlines         months, weekdays, parts of a year, what counts from the meeting, what names no day
numbers                  number words, scales, the decimal mark
places                   words before and after a name that say it is a place, and names that are none
parties, organisations   separators, articles, functions, groups, helpers of an owner or a header's list
figures                  what minutes count by class, what is never a figure, words that carry a unit on
presence, events         verb forms of planned, done and ongoing activities; trainings, missions and their like
"""
