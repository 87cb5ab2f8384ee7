"""The store: facts of every document read so far, kept as Parquet between refreshes."""
