"""The least app of the same kind: FastAPI behind Mangum, one route."""

from fastapi import FastAPI
from mangum import Mangum

app = FastAPI()
handler = Mangum(app, lifespan="off")


@app.get("/hello")
async def hello() -> dict[str, str]:
    return {"hello": "world"}
