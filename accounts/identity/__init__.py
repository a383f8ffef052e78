"""Others who vouch for a citizen. Each adapter turns what it was handed into Vouched, or raises NotVouched."""
