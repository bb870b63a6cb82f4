"""The locations module as a Lambda."""

from locations.routes import router
from nexus.app import create_app
from nexus.aws.handler import lambda_handler

app = create_app("locations", router)
handler = lambda_handler(app)
