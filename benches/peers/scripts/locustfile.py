"""A guest of a room for Locust: posts by `constant_pacing`, and a greenlet that measures every message that is heard from the
stamp that it carries, by a client library that gevent makes cooperative."""

import json
import os
import time

import gevent
import websocket
from locust import User, constant_pacing, events, task
from locust.exception import StopUser

EVERY = float(os.environ["EVERY"])
LIFE = float(os.environ["LIFE"])


class Guest(User):
    wait_time = constant_pacing(EVERY)
    guests = 0

    def on_start(self):
        Guest.guests += 1
        # `constant_pacing` counts from here, not from having entered.
        self.number, self.posts, self.started = Guest.guests, 0, time.time()
        self.socket = websocket.create_connection(os.environ["URL"])
        self.send(type="hello", v=1, role="guest", speed=1, run=1)
        self.socket.recv()
        self.send(type="enter", room="*")
        self.socket.recv()
        self.entered = time.time()
        self.reader = gevent.spawn(self.hear)

    def on_stop(self):
        self.reader.kill()
        self.socket.close()

    def send(self, **frame):
        self.socket.send(json.dumps(frame))

    def hear(self):
        while True:
            data = self.socket.recv()
            now = time.time()
            frame = json.loads(data)
            if frame["type"] == "posted":
                latency = now * 1e3 - int(frame["text"].split(" ")[1]) / 1e3
                events.request.fire(
                    request_type="WS", name="posted", response_time=latency, response_length=len(data), exception=None, context={}
                )

    @task
    def post(self):
        due = max(self.entered, self.started + self.posts * EVERY)
        self.posts += 1
        if due > self.entered + LIFE:
            raise StopUser
        text = f"{int(due * 1e6)} {int(time.time() * 1e6)} {self.number} ".ljust(99, "x")
        self.send(type="post", text=text)
