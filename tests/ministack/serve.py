"""Runs ministack on a free port of this machine, with what it does otherwise than AWS put right where a test needs it.

It looks after its schedules every 10 s, which is slow; and it leaves the context words of an Input as they stand, where
AWS replaces them by what they name. Its faults are put right here and never in the program, which is made for AWS.

It says `Running on http://127.0.0.1:PORT` when it listens, and ends when its standard input does: with the test.
"""

import asyncio
import os
import socket
import sys
import threading
from datetime import datetime, timezone

TICK_SECONDS = 0.2


def end_with_the_test():
    sys.stdin.read()
    os._exit(0)


def fill_in_context_words(target, event, schedule):
    """The Input of a target as AWS hands it over, its first try."""
    due = datetime.fromtimestamp(scheduler._at_time_epoch(schedule["ScheduleExpression"]), tz=timezone.utc)
    words = {
        "schedule-arn": schedule["Arn"],
        "scheduled-time": due.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "execution-id": event["EventId"],
        "attempt-number": "1",
    }
    text = target["Input"]
    for word, meaning in words.items():
        text = text.replace(f"<aws.scheduler.{word}>", meaning)
    return {**target, "Input": text}


listener = socket.create_server(("127.0.0.1", 0))
# It tells its functions where they find it, and reads that while it is imported.
os.environ["GATEWAY_PORT"] = str(listener.getsockname()[1])

from hypercorn.asyncio import serve  # noqa: E402
from hypercorn.config import Config  # noqa: E402
from ministack.app import app  # noqa: E402
from ministack.services import eventbridge, scheduler  # noqa: E402

assert scheduler._SCHEDULE_TICK_INTERVAL == 10, "another ministack: see whether this is still needed"
scheduler._SCHEDULE_TICK_INTERVAL = TICK_SECONDS
invoke_target = eventbridge._invoke_target


def invoke_target_of(target, event, rule, view=None):
    """Rules of EventBridge come this way too; a schedule alone has an expression of the form at()."""
    if scheduler._at_time_epoch(rule.get("ScheduleExpression", "")) is not None:
        target = fill_in_context_words(target, event, rule)
    return invoke_target(target, event, rule, view)


eventbridge._invoke_target = invoke_target_of

config = Config()
config.bind = [f"fd://{listener.fileno()}"]
threading.Thread(target=end_with_the_test, daemon=True).start()
asyncio.run(serve(app, config))
