import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from jsonschema import ValidationError
from loops import finish
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import EndpointConfig

from comeback.action_calls import call_quickly


def test_answers_of_the_action_server_are_still_checked() -> None:
    call_quickly()
    action = RemoteAction("action_answer", None)
    assert action._validate_action_result(
        {"events": [{"event": "slot", "name": "memory", "value": {}}], "responses": []}
    )
    with pytest.raises(ValidationError):
        action._validate_action_result({"events": "none", "responses": [1]})


def test_calls_one_after_another_share_a_connection() -> None:
    call_quickly()
    ports: set[object] = set()

    async def answer(request: web.Request) -> web.Response:
        assert request.transport
        ports.add(request.transport.get_extra_info("peername"))
        return web.json_response({"events": [], "responses": []})

    async def talk() -> None:
        app = web.Application()
        app.router.add_post("/webhook", answer)
        async with TestServer(app) as server:
            endpoint = EndpointConfig(str(server.make_url("/webhook")))
            for _ in range(3):
                assert await endpoint.request(json={}) == {"events": [], "responses": []}
            connector = endpoint.session().connector
            assert connector
            await connector.close()

    finish(talk())
    assert len(ports) == 1
