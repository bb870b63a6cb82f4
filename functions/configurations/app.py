"""The configurations module as a Lambda."""

from configurations.routes import router
from nexus.app import create_app
from nexus.aws.handler import lambda_handler

app = create_app("configurations", router)
handler = lambda_handler(app)
