"""A web process that is killed after the commit and before the answer: for tests only.

The request says so itself (`X-Die: yes`); what runs before is the house as it is.
"""

import os
import signal

from config.wsgi import application as house


def application(environ, start_response):
    """Let the house answer, and die before the answer leaves."""
    answer = house(environ, start_response)
    if environ.get("HTTP_X_DIE") == "yes":
        os.kill(os.getpid(), signal.SIGKILL)
    return answer
