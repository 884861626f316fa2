"""A print component: one task a label, and silence is never success."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from packstation.core.orders import CarrierCode, Person, TrackingNumber
from packstation.core.status import LabelSource, PrintOutcome
from packstation.devices import component_link
from packstation.devices.component_printer import ComponentPrinter
from packstation.errors import ComposeError, DeviceError, ImportFileError
from packstation.exchange.component_documents import split_documents
from packstation.paths import resources
from packstation.ports import BagJob, LabelJob, PageContent, PrinterState
from packstation.printing.component_files import load_component
from tests.builders import an_order
from tests.devices.component_stand_in import Component, running

DOCUMENT = {
    "contents": [
        {"encryptedData": "AES:abc", "signature": "MD:def", "templateURL": "http://x.invalid/201"}
    ]
}


@pytest.fixture
def component() -> Iterator[Component]:
    with running(Component()) as found:
        yield found


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(component_link, "ANSWER_S", 0.5)
    monkeypatch.setattr(component_link, "PRINT_S", 0.7)
    monkeypatch.setattr(component_link, "STEP_S", 0.05)


def printer(
    component: Component, kind: str = "cainiao", name: str = "快递打印机"
) -> ComponentPrinter:
    profile = load_component(resources() / "components", kind)
    return ComponentPrinter("127.0.0.1", component.port, name, profile)


def a_label(content: bytes = json.dumps(DOCUMENT).encode()) -> LabelJob:
    return LabelJob(
        "job-1", an_order("577"), Person(), TrackingNumber("YT7700000000001"), CarrierCode("YTO"),
        1, datetime(2026, 3, 2, tzinfo=UTC), LabelSource.COMPONENT,
        PageContent("p1", "component", content, 0, 0),
    )  # fmt: skip


def send(one: ComponentPrinter, job: str = "job-1") -> tuple[PrintOutcome, str]:
    return one.send(job, one.compose(a_label()).payload, lambda _code: None)


@pytest.mark.parametrize("kind", ["cainiao", "douyin", "pinduoduo"])
def test_a_document_goes_out_once_and_its_end_is_heard(component: Component, kind: str) -> None:
    profile = load_component(resources() / "components", kind)
    component.notify, component.with_request_id = profile.notify, profile.request_id
    assert send(printer(component, kind)) == (PrintOutcome.SENT, "")
    (task,) = component.tasks
    assert task["taskID"] == "job-1"
    (document,) = task["documents"]
    assert document["documentID"] == "YT7700000000001"
    assert document["contents"] == DOCUMENT["contents"], "what is encrypted goes through unchanged"
    if profile.document_number:
        assert document[profile.document_number] == "YT7700000000001"


def test_other_tasks_and_rubbish_are_no_answer(component: Component) -> None:
    component.noise = True
    assert send(printer(component)) == (PrintOutcome.SENT, "")


@pytest.mark.parametrize(
    ("change", "outcome", "detail"),
    [
        ({"refuse": "模板不存在"}, PrintOutcome.FAILED, "component.refused"),
        ({"ends": ["failed"]}, PrintOutcome.FAILED, "component.failed"),
        ({"ends": ["rendered", "failed"]}, PrintOutcome.UNKNOWN, "component.failed"),
        ({"ends": ["rendered", "partPrinted"]}, PrintOutcome.UNKNOWN, "component.failed"),
        ({"document_status": "failed"}, PrintOutcome.UNKNOWN, "component.failed"),
        ({"ends": []}, PrintOutcome.UNKNOWN, "component.no_end"),
        ({"ends": ["rendered"]}, PrintOutcome.UNKNOWN, "component.no_end"),
        ({"mute": True}, PrintOutcome.UNKNOWN, "component.no_answer"),
        ({"drop_after": "request"}, PrintOutcome.UNKNOWN, "component.gone"),
        ({"drop_after": "rendered"}, PrintOutcome.UNKNOWN, "component.gone"),
        ({"printers": []}, PrintOutcome.FAILED, "component.no_printer"),
        (
            {"printers": [{"name": "快递打印机", "status": "disable"}]},
            PrintOutcome.FAILED,
            "component.printer_off",
        ),
    ],
)
def test_whatever_it_does_a_label_is_asked_for_once(
    component: Component, change: dict[str, object], outcome: PrintOutcome, detail: str
) -> None:
    for name, value in change.items():
        setattr(component, name, value)
    assert send(printer(component)) == (outcome, detail)
    assert len(component.tasks) <= 1
    assert outcome is not PrintOutcome.FAILED or not component.printed


def test_a_component_that_does_not_run_fails_before_anything_left() -> None:
    profile = load_component(resources() / "components", "cainiao")
    outcome, detail = send(ComponentPrinter("127.0.0.1", 9, "x", profile))
    assert (outcome, detail) == (PrintOutcome.FAILED, "component.not_running")


def test_a_job_is_given_up_while_its_end_is_awaited(
    component: Component, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(component_link, "PRINT_S", 30)
    component.ends = []
    one = printer(component)
    ended: list[tuple[PrintOutcome, str]] = []
    thread = threading.Thread(target=lambda: ended.append(send(one)))
    thread.start()
    while not component.tasks:
        thread.join(0.01)
    assert not one.give_up("another job")
    while not one.give_up("job-1"):
        thread.join(0.01)
    thread.join(5)
    assert ended == [(PrintOutcome.UNKNOWN, "component.no_end")]


def test_a_job_given_up_right_before_it_is_sent_is_not_asked_for(component: Component) -> None:
    one = printer(component)
    assert not one.give_up("job-1"), "nothing is under way yet"
    assert send(one) == (PrintOutcome.CANCELLED, "")
    assert send(one, "job-2") == (PrintOutcome.SENT, "")


def test_documents_go_to_this_computer_only() -> None:
    profile = load_component(resources() / "components", "cainiao")
    with pytest.raises(DeviceError, match="another computer"):
        ComponentPrinter("192.168.1.9", 13528, "", profile)


def test_only_the_platforms_own_documents_are_taken(component: Component) -> None:
    one = printer(component)
    bag = BagJob("job-2", "PSBAG1", CarrierCode("YTO"), 3, datetime(2026, 3, 2, tzinfo=UTC))
    with pytest.raises(ComposeError) as refused:
        one.compose(bag)
    assert refused.value.code == "print.no_component_paper"
    with pytest.raises(ComposeError) as bad:
        one.compose(a_label(b'{"contents": "x"}'))
    assert bad.value.code == "print.bad_document"


def test_what_a_component_says_of_its_printer(component: Component) -> None:
    assert printer(component).status().state is PrinterState.UNKNOWN
    assert printer(component, name="另一台").status().state is PrinterState.NOT_FOUND
    component.printers = [{"name": "快递打印机", "status": "disable"}]
    assert printer(component).status().state is PrinterState.PAUSED


@pytest.mark.parametrize(
    "wrapped",
    [
        {"cmd": "print", "requestID": "1", "task": {"taskID": "t", "documents": [DOCUMENT]}},
        {"documents": [DOCUMENT]},
        [DOCUMENT],
    ],
)
def test_documents_are_found_in_every_wrapping(wrapped: object) -> None:
    (found,) = split_documents(json.dumps(wrapped).encode(), "x.json")
    assert json.loads(found.content) == DOCUMENT
    assert found.document_id == ""


def test_a_documents_id_is_its_tracking_number() -> None:
    text = json.dumps([{**DOCUMENT, "documentID": "YT1"}, {**DOCUMENT, "documentID": 7}])
    first, second = split_documents(b"\xef\xbb\xbf" + text.encode(), "x.json")
    assert (first.document_id, second.document_id) == ("YT1", "7")


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"{}", b'[{"documentID": "1"}]', b"[" * 100_000, b"\xff\xfe"]
)
def test_what_holds_no_documents_is_refused_in_words(text: bytes) -> None:
    with pytest.raises(ImportFileError) as refused:
        split_documents(text, "x.json")
    assert refused.value.code == "labels.bad_documents"
