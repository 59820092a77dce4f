class Failure(Exception):
    """Why a session did not end normally: a message for the user, not a bug in this program.

    `may_retry`: whether another attempt makes sense. `was_open`: whether the connection had been open.
    """

    def __init__(self, kind, message, may_retry=False, was_open=False):
        super().__init__(message)
        self.kind = kind
        self.may_retry = may_retry
        self.was_open = was_open
