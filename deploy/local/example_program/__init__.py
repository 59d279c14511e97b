"""A program of others: it signs members in at the gateway, and knows of them a subject that means nothing elsewhere."""
