class Failure(Exception):
    """Why a session did not end as it should: something to tell the user, not a mistake in this program.

    `may_retry`: whether another attempt makes sense. `was_open`: whether the connection was there before.
    """

    def __init__(self, kind, message, may_retry=False, was_open=False):
        super().__init__(message)
        self.kind = kind
        self.may_retry = may_retry
        self.was_open = was_open
