"""Runs a Python sample with rights and a clock that tests control by headers."""

import json, time

real_time, offset = time.time, 0


def control(authorize, headers):
    """Returns an authorize() that tests control. headers() gets the arguments of authorize()."""

    def controlled(*args):
        global offset
        offset = int(headers(*args).get("X-Test-Clock", "0"))
        session = authorize(*args)
        grant = json.loads(headers(*args).get("X-Test-Grant", "{}"))
        return session and ({**session, **grant} if isinstance(grant, dict) else grant)

    return controlled


time.time = lambda: real_time() + offset
