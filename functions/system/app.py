"""The system module as a Lambda."""

from nexus.app import create_app
from nexus.aws.handler import lambda_handler
from system.routes import router

app = create_app("system", router)
handler = lambda_handler(app)
