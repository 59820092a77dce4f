from urllib.parse import parse_qsl, quote, urlencode, urlsplit


def with_query(url, /, **parameters):
    """The URL with these parameters in addition to its own; those that are None are omitted."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query.update({name: value for name, value in parameters.items() if value is not None})
    # Encodes every character with a meaning in a URL: those of a signed URL, for example.
    return parts._replace(query=urlencode(query, quote_via=quote, safe="")).geturl()
