"""The assets module as a Lambda."""

from assets.routes import router
from nexus.app import create_app
from nexus.aws.handler import lambda_handler

app = create_app("assets", router)
handler = lambda_handler(app)
