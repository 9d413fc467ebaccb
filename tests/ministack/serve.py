"""Runs ministack on a free port of this machine, and puts right what it does otherwise than AWS where a test needs it.

Its faults are put right here and never in the program, which is made for AWS:

- It looks after its schedules every 10 s.
- It leaves the context words of an Input as they stand.
- It checks permissions as if every schedule were in the group `default`, and as if a log group had no streams.
- It waits 5 ms for what a function wrote, and on a busy machine loses its lines.

It says `Running on http://127.0.0.1:PORT` when it listens, and ends when its standard input does: with the test.
"""

import asyncio
import json
import os
import select
import socket
import sys
import threading
import time
from datetime import datetime, timezone

TICK_SECONDS = 0.2

listener = socket.create_server(("127.0.0.1", 0))
# It tells its functions where they find it, and reads that while it is imported.
os.environ["GATEWAY_PORT"] = str(listener.getsockname()[1])

from hypercorn.asyncio import serve  # noqa: E402
from hypercorn.config import Config  # noqa: E402
from ministack.app import app  # noqa: E402
from ministack.core import iam_actions, lambda_runtime  # noqa: E402
from ministack.services import eventbridge, scheduler  # noqa: E402

# Held by whoever takes lines from a function to where they are looked for.
taking = threading.Lock()

invoke_target = eventbridge._invoke_target
extract_resource_arn = iam_actions.extract_resource_arn


def invoke_with_context(target, event, rule, view=None):
    """Rules of EventBridge come this way too; a schedule of the form at() is what has a moment."""
    moment = scheduler._at_time_epoch(rule.get("ScheduleExpression", ""))
    if moment is not None:
        due = datetime.fromtimestamp(moment, tz=timezone.utc)
        words = {
            "schedule-arn": rule["Arn"],
            "scheduled-time": due.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "execution-id": event["EventId"],
            "attempt-number": "1",
        }
        text = target["Input"]
        for word, meaning in words.items():
            text = text.replace(f"<aws.scheduler.{word}>", meaning)
        target = {**target, "Input": text}
    return invoke_target(target, event, rule, view)


def resource_as_aws_names_it(service, method, path, headers, body, query, *place):
    arn = extract_resource_arn(service, method, path, headers, body, query, *place)
    if service == "scheduler" and ":schedule/default/" in arn:
        group = json.loads(body)["GroupName"] if body else query["groupName"]
        group = group[0] if isinstance(group, list) else group
        return arn.replace(":schedule/default/", f":schedule/{group}/")
    if service == "logs" and ":log-group:" in arn:
        return f"{arn}:log-stream:"
    return arn


def read_as_written(worker):
    """Takes what a function writes out of its pipe, for as long as it runs."""
    process = worker._proc
    if process is None:
        return
    with os.fdopen(os.dup(process.stderr.fileno()), "rb", buffering=0) as pipe:
        rest = b""
        while select.select([pipe], [], []):
            with taking:
                chunk = pipe.read(65536)
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    worker._stderr_queue.put(line.decode())
            if not chunk:
                return


def all_that_was_written(worker):
    """What a function has written before it answered: nothing of it is in the pipe any more, or it has ended."""
    process = worker._proc
    if process is None:
        worker._stderr_thread.join()
    while process and process.poll() is None and select.select([process.stderr], [], [], 0)[0]:
        time.sleep(0.001)
    with taking:
        return worker._drain_stderr()


def end_with_the_test():
    sys.stdin.read()
    os._exit(0)


assert scheduler._SCHEDULE_TICK_INTERVAL == 10, "this is another ministack: see what it still does wrong"
scheduler._SCHEDULE_TICK_INTERVAL = TICK_SECONDS
eventbridge._invoke_target = invoke_with_context
iam_actions.extract_resource_arn = resource_as_aws_names_it
lambda_runtime.Worker._read_stderr = read_as_written
lambda_runtime.Worker._drain_stderr_bounded = all_that_was_written

threading.Thread(target=end_with_the_test, daemon=True).start()
config = Config()
config.bind = [f"fd://{listener.fileno()}"]
asyncio.run(serve(app, config))
