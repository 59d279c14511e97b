"""What both ends of the wire compute alike: encodings, sealing, shares, tokens, statements, proofs."""
