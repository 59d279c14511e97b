"""Writes ``contracts/vectors/*.json``: known answers of every construction, for implementations in any language.

Bytes are hexadecimal, all inputs are fixed (``inputs``). Under ``cases`` each value follows from the inputs beside it, so
running this again writes the same. Under ``stored`` lie objects that are made with randomness (HPKE, AES-GCM, ECDSA): whoever
reads them must be able to open or verify them. Those already on disk are kept as long as they do, so that a run changes nothing.

Each module in ``files`` makes the file of its name.
"""
