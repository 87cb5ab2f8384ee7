"""The same readers, marts and rules on Spark: for what does not fit on one machine."""
