"""What is behind `checkout/shipping_rates.py`: which zone an address lies in, how goods are packed, what it costs."""
