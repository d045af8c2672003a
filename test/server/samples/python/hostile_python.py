"""Runs a Python sample with rights and a clock that tests control by headers."""

import json, time

import meshes_session

real_time, offset = time.time, 0
original = meshes_session.signed_in


def control(headers, authorize):
    def controlled():
        session = authorize()
        return session and {**session, **json.loads(headers.get("X-Test-Grant", "{}"))}

    return controlled


original_answer = meshes_session.answer


def answer(request, read_body, authorize):
    global offset
    offset = int(request.headers.get("X-Test-Clock", "0"))
    return original_answer(request, read_body, control(request.headers, authorize))


meshes_session.answer = answer
time.time = lambda: real_time() + offset
