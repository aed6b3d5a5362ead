"""The analyst's package: data, codebook, method and checksums, to take away from the platform.

Situation: analysts work in R, Python, Excel, SPSS or Stata, and what they take away can be copied
for ever. Choice: a *table* is plain rows with columns that say what they mean, made without knowing
any file format; a *writer* turns tables into files of one format, without knowing what they are
about; *disclosure* decides what a table may hold before it is made. A further format is one more
writer, a further column is one more series, and neither meets the other.
"""
