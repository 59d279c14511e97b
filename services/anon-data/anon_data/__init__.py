"""anon-data: health records by opaque token. It never learns whose they are."""
