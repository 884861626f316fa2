"""Signatures as Standard Webhooks defines them, and a secret that shows itself nowhere."""

from __future__ import annotations

import base64
import logging
import pickle
from datetime import UTC, datetime

import pytest

from packstation.errors import SyncError
from packstation.runtime.signing import SECRET_VARIABLE, Secret, secret_from_environment

# Standard Webhooks, reference libraries' own test (id, time, body, secret, signature).
TEXT = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
AT = datetime.fromtimestamp(1614265330, UTC)


def test_the_specifications_own_example() -> None:
    headers = Secret(TEXT).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", AT, b'{"test": 2432232314}')
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("text", ["", "whsec_!!", base64.b64encode(b"short").decode()])
def test_a_bad_secret_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(SyncError) as caught:
        Secret(text)
    assert caught.value.code == "sync.bad_secret"
    assert not text or text not in str(caught.value)


def test_a_secret_shows_itself_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(TEXT)
    logging.getLogger("test").warning("%s %r", secret, {"secret": secret})
    assert "MfKQ" not in caplog.text
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_the_environment_may_hold_it() -> None:
    assert secret_from_environment({}) is None
    assert secret_from_environment({SECRET_VARIABLE: "  "}) is None
    assert secret_from_environment({SECRET_VARIABLE: TEXT}) is not None
