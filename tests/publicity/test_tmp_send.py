from tests.making.sendings import SENDINGS, ready, send
from tests.making.world import made_world
def test_mine(sqlite_app):
    with made_world(sqlite_app) as world:
        for e in ("add","change","remove"):
            name=f"officer.publicity.{e}"
            world.restore(); browser, address, typed = ready(world, name)
            answer,_ = send(browser, address, typed)
            assert answer.status_code == 303, (name, answer.text)
            assert SENDINGS[name].writes in world.has_changed()
