"""Personal data as ciphertext and one of three shares."""
