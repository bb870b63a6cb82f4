"""The census module as a Lambda."""

from census.routes import router
from nexus.app import create_app
from nexus.aws.handler import lambda_handler

app = create_app("census", router)
handler = lambda_handler(app)
