"""The education module as a Lambda."""

from education.routes import router
from nexus.app import create_app
from nexus.aws.handler import lambda_handler

app = create_app("education", router)
handler = lambda_handler(app)
