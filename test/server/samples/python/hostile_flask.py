import flask_app
from flask import request
from hostile_python import control

flask_app.authorize = control(flask_app.authorize, lambda: request.headers)
application = flask_app.app
