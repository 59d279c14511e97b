"""Tables for the public and for other insurers: counted from a snapshot, with noise that hides whether one person is in it.

``python -m analysis public``. Whatever insurers ask of their own members keeps to the rules of blocks; these tables leave the house
for good, beside others that nobody here knows of, so they pay from a budget. `analysis.public.noise` alone needs OpenDP, which is
an extra: ``pip install warifu-analysis[public]``.
"""
