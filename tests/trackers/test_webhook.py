"""Events to a receiver that checks them with the library of Standard Webhooks."""

from __future__ import annotations

import base64
import json
import re
import time
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from rest_cases import item, key
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from docparse.errors import TrackerError
from docparse.trackers.http import Refused, Unanswered
from docparse.trackers.items import GONE, Item, Remote
from docparse.trackers.mapping import TargetSettings
from docparse.trackers.targets import webhook

PLAIN = "một bí mật"
ENCODED = "whsec_" + base64.b64encode(b"\x00\xff 24 bytes of key ...").decode()
URL = "https://nhan.example.vn/su-kien?nguon=docparse"
SCHEMA = Draft202012Validator(json.loads(re.findall(r"```json\n(.*?)```", webhook.__doc__ or "", re.DOTALL)[0]))


class Receiver:
    """A receiver: it checks what it gets and drops ids that it knows. `answers` come first, then 204."""

    def __init__(self, secret: str = PLAIN) -> None:
        encoded = secret if secret.startswith("whsec_") else base64.b64encode(secret.encode()).decode()
        self.check = Webhook(encoded)
        self.answers: list[int | Exception] = []
        self.requests: list[httpx.Request] = []
        self.events: dict[str, Any] = {}

    def take(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        event = self.check.verify(request.content, dict(request.headers))
        assert list(SCHEMA.iter_errors(event)) == []
        answer = self.answers.pop(0) if self.answers else 204
        if isinstance(answer, int) and answer >= 400:
            return httpx.Response(answer, text="không")
        self.events.setdefault(request.headers["webhook-id"], event)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer)


def tracker(receiver: Receiver, secret: str = PLAIN, slept: list[float] | None = None, **settings: Any) -> webhook.Tracker:
    made = TargetSettings.model_validate({"kind": "webhook", "url": URL, "per_second": 1000, **settings})
    pauses = [] if slept is None else slept
    return webhook.Tracker("su-kien", made, secret=secret, transport=httpx.MockTransport(receiver.take), sleep=pauses.append)


@pytest.mark.parametrize("secret", [PLAIN, ENCODED], ids=["text", "whsec"])
def test_a_new_task_is_told_and_signed(secret: str) -> None:
    receiver = Receiver(secret)
    made = tracker(receiver, secret).create(item(1, "y-te", parent=key(9), tags=("Sở Y tế",)), parent_id="x")
    (request,) = receiver.requests
    assert (request.method, str(request.url), request.headers["content-type"]) == ("POST", URL, "application/json")
    fields = {name: list(value) if isinstance(value, tuple) else value for name, value in item(1, tags=("Sở Y tế",)).fields.items()}
    event = {"version": 1, "type": "task.created", "data": {"key": key(1), "place": "y-te", "parent": key(9), "fields": fields}}
    assert receiver.events == {made.id: event}
    assert re.fullmatch(r"msg_[0-9a-f]{32}", made.id)
    assert made == Remote(key(1), made.id, item(1, tags=("Sở Y tế",)).fields, place="y-te")


def test_a_change_tells_what_changed_only() -> None:
    receiver = Receiver()
    before = Remote(key(1), "msg_1", {"title": "Cũ", "due": "2026-06-28"}, place="y-te")
    after = tracker(receiver).update(before, {"due": None})
    assert receiver.events[after.id] == {"version": 1, "type": "task.updated", "data": {"key": key(1), "place": "y-te", "fields": {"due": None}}}
    assert after.fields == {"title": "Cũ", "due": None}


def test_a_task_that_is_gone() -> None:
    receiver = Receiver()
    after = tracker(receiver).update(Remote(key(1), "msg_1", {}), {"tags": ("Sở Y tế", GONE), "notes": "…"})
    assert receiver.events[after.id]["type"] == "task.gone"
    assert receiver.events[after.id]["data"] == {"key": key(1), "place": None, "fields": {"tags": ["Sở Y tế", GONE], "notes": "…"}}


def test_a_changed_body_or_another_secret_is_found_out() -> None:
    receiver = Receiver()
    tracker(receiver).create(item(1), parent_id=None)
    (request,) = receiver.requests
    with pytest.raises(WebhookVerificationError):
        receiver.check.verify(request.content.replace("dịch".encode(), b"x"), dict(request.headers))
    with pytest.raises(WebhookVerificationError):
        tracker(receiver, "khác").create(item(1), parent_id=None)


def test_what_is_sent_again_has_the_same_id() -> None:
    receiver = Receiver()
    receiver.answers = [httpx.ReadTimeout("x"), 503, 500, 204]
    slept: list[float] = []
    first = tracker(receiver, slept=slept).create(item(1), parent_id=None)
    second = tracker(receiver).create(item(1), parent_id=None)  # another run, after one that was killed
    assert first == second
    assert {request.headers["webhook-id"] for request in receiver.requests} == {first.id}
    assert (len(receiver.requests), len(receiver.events)) == (5, 1)
    assert sum(pause > 0.01 for pause in slept) <= 3


def test_what_is_sent_again_late_is_signed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    receiver = Receiver()
    receiver.answers = [503]
    began = int(time.time())
    moments = iter([began - 250, began])
    monkeypatch.setattr(webhook.time, "time", lambda: next(moments, began))
    tracker(receiver).create(item(1), parent_id=None)
    assert [request.headers["webhook-timestamp"] for request in receiver.requests] == [str(began - 250), str(began)]
    assert len({request.headers["webhook-signature"] for request in receiver.requests}) == 2


def test_a_change_there_and_back_and_there_again_is_three_events() -> None:
    receiver = Receiver()
    target = tracker(receiver)
    remote = target.create(item(1), parent_id=None)
    for title in ("B", "A", "B", "A", "B"):
        remote = target.update(remote, {"title": title})
    assert [event["data"]["fields"]["title"] for event in receiver.events.values()][1:] == ["B", "A", "B", "A", "B"]


def test_other_tasks_have_other_ids() -> None:
    receiver = Receiver()
    target = tracker(receiver)
    made = {target.create(item(number), parent_id=None).id for number in (1, 2)} | {target.create(item(1, title="x"), parent_id=None).id}
    assert len(made) == 3


@pytest.mark.parametrize("code", [400, 404, 410, 422])
def test_an_event_that_the_receiver_does_not_take(code: int) -> None:
    receiver = Receiver()
    receiver.answers = [code]
    with pytest.raises(Refused, match=f"status {code}: không"):
        tracker(receiver).create(item(1), parent_id=None)
    assert len(receiver.requests) == 1


def test_a_receiver_that_is_down_ends_the_run_after_some_attempts() -> None:
    receiver = Receiver()
    receiver.answers = [500] * 20
    with pytest.raises(Unanswered, match="failed"):
        tracker(receiver).create(item(1), parent_id=None)
    assert len(receiver.requests) == 6


def test_it_cannot_be_read_and_keeps_all_that_it_is_told() -> None:
    target = tracker(Receiver())
    assert target.read(["y-te"], {key(1): "msg_1"}) is None
    assert {name.partition(":")[0] for name in item(1, tags=(), assignee=None).fields} <= target.keeps
    assert not target.has_parents


def test_a_wrong_secret_or_option_is_told_without_it() -> None:
    with pytest.raises(TrackerError, match=r"has a secret that begins with whsec_ and is no base64. Set DOCPARSE_SECRET_SU_KIEN") as caught:
        tracker(Receiver(), "whsec_bí mật")
    assert "bí mật" not in str(caught.value)
    with pytest.raises(TrackerError, match=r"has wrong options \(kieu: .*webhook knows these: none"):
        tracker(Receiver(), options={"kieu": "x"})


def test_an_item_of_a_document_is_told_like_any_other() -> None:
    receiver = Receiver()
    made = tracker(receiver).create(Item(key(3), "", {"title": "Kế hoạch", "notes": "", "link": None}), parent_id=None)
    assert receiver.events[made.id]["data"] == {
        "key": key(3),
        "place": None,
        "parent": None,
        "fields": {"title": "Kế hoạch", "notes": "", "link": None},
    }
