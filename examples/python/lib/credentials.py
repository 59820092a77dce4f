def credentials_of(form, token):
    """Exactly one of the three forms of S4:11-17. The third is for browsers, which cannot set headers."""
    return {
        "apikey": {"headers": {"Authorization": f"ApiKey {token}"}},
        "bearer": {"headers": {"Authorization": f"Bearer {token}"}},
        "subprotocol": {"subprotocols": ["bearer", token]},
    }.get(form)
