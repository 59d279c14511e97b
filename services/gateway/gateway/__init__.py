"""OpenID provider and relying party, accounts, sessions, one of three shares."""
