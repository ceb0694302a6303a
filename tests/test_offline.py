"""Once set up, nothing needs a network: a fresh process without one builds, asks and serves the page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Refuses every name and every address but the machine's own, and remembers who asked for what.
SCRIPT = """
import ipaddress, json, re, socket, sys
from urllib.request import ProxyHandler, build_opener, Request

refused = []
local_names = {None, "", "localhost", b"localhost", "0.0.0.0"}

def is_local(host):
    try:
        return host in local_names or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

def guard(function, host_of):
    def guarded(*args, **kwargs):
        host = host_of(*args, **kwargs)
        if not is_local(host):
            refused.append(f"{function.__name__}({host!r})")
            raise OSError(f"the network is off: {host!r}")
        return function(*args, **kwargs)
    return guarded

def peer(sock, address, *rest):
    return address[0] if sock.family in (socket.AF_INET, socket.AF_INET6) else None

socket.getaddrinfo = guard(socket.getaddrinfo, lambda host, *rest, **more: host)
socket.gethostbyname = guard(socket.gethostbyname, lambda host: host)
socket.create_connection = guard(socket.create_connection, lambda address, *rest, **more: address[0])
for name in ("connect", "connect_ex"):
    setattr(socket.socket, name, guard(getattr(socket.socket, name), peer))
socket.socket.sendto = guard(socket.socket.sendto, lambda sock, data, *rest: peer(sock, rest[-1]))

try:
    socket.create_connection(("192.0.2.1", 80), timeout=1)
except OSError as error:
    assert "the network is off" in str(error), error
refused.clear()

import yinju
from yinju.ui import build_page, launch_options

index, seeds = sys.argv[1:]
yinju.build([seeds], index=index)
assistant = yinju.open(index)
question = "2024年南山區戰略性新興產業增加值占GDP比重是多少?"
answer = assistant.ask(question)
page = build_page(assistant)
page.launch(server_name="127.0.0.1", server_port=None, prevent_thread_lock=True, **launch_options())

opener = build_opener(ProxyHandler({}))
def get(path, body=None):
    headers = {"Content-Type": "application/json"} if body else {}
    with opener.open(Request(page.local_url + path, data=body, headers=headers), timeout=60) as response:
        return response.read().decode()

source = get("")
assets = re.findall(r'(?:src|href)="\\./(assets/[^"]+)"', source)
sizes = [len(get(asset)) for asset in assets]
event = json.loads(get("gradio_api/call/ask", json.dumps({"data": [question, None]}).encode()))["event_id"]
stream = get(f"gradio_api/call/ask/{event}")
served = json.loads(re.search(r"event: complete\\ndata: (.*)", stream)[1])[0]
outside = re.findall(r'(?:src|href)=["\\']?(?:https?:)?//[^"\\'> ]+', source)
page.close()
print("\\n" + json.dumps({
    "refused": refused, "status": answer.status, "citations": len(answer.citations), "served": served,
    "asked": answer.to_json(), "assets": sizes, "outside": outside,
}))
"""


@pytest.mark.slow
def test_without_a_network_it_builds_asks_and_serves(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment |= {"YINJU_CACHE_DIR": str(tmp_path / "cache"), "HF_HOME": str(tmp_path / "hub")}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "index"), str(ROOT / "seeds")],
        capture_output=True, text=True, timeout=540, env=environment, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout.rstrip().splitlines()[-1])
    assert seen["refused"] == []
    assert seen["outside"] == []
    assert seen["status"] in ("answered", "conflict")
    assert seen["citations"] >= 1
    assert len(seen["assets"]) >= 2
    assert min(seen["assets"]) > 0
    for value in (seen["served"], seen["asked"]):
        value.pop("timings_ms")
        value.pop("elapsed_ms")
    assert seen["served"] == seen["asked"]
