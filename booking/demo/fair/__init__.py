"""What the demonstration city shows of a fair release, dated from its first start; each part has its own programme.

No other programme of the city is touched: whoever books influenza finds it as it was.
"""
