import hostile_python  # noqa: the import changes meshes_session
from flask_app import app as application
