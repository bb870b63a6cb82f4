"""The projects module as a Lambda."""

from nexus.app import create_app
from nexus.aws.handler import lambda_handler
from projects.routes import router

app = create_app("projects", router)
handler = lambda_handler(app)
