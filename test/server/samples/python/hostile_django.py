import hostile_python  # noqa: the import changes meshes_session
from django_app import application
