"""How gunicorn serves: https://docs.gunicorn.org names every setting."""

import os
import socket
import tempfile
from pathlib import Path
from typing import Any

from deploy import env

bind = f"{env.optional('BIND', '127.0.0.1')}:{env.number('PORT', 8000)}"
backlog = 2048

workers = env.number("WEB_WORKERS", 2)
worker_class = env.optional("WEB_WORKER_CLASS", "gevent")
threads = env.number("WEB_THREADS", 32)
# For gevent: how many requests a worker has open at once.
worker_connections = env.number("WEB_CONNECTIONS", 1000)
# Each worker opens its own connections to ledger and gate, so the application is not loaded before the fork.
preload_app = False
# Workers that recycle together are a gap in the middle of a rush.
max_requests = 0
# A heartbeat file on a slow disk looks like a worker that hangs.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else tempfile.gettempdir()
# Every worker counts in a file of its own there; /metrics adds them up.
_own = f"{worker_tmp_dir}/booking-metrics-{os.getuid()}-{env.number('PORT', 8000)}"
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", _own)
# Before the workers import what counts.
env.folder("PROMETHEUS_MULTIPROC_DIR")

# Seconds. A request may take 5 at the ledger; a worker that says nothing for 30 is replaced.
timeout = 30
graceful_timeout = 30
keepalive = env.number("WEB_KEEPALIVE", 20)

limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

accesslog = "-" if env.flag("ACCESS_LOG") else None
errorlog = "-"
logger_class = "deploy.gunicorn_logs.GunicornLogger"
loglevel = env.optional("LOG_LEVEL", "warning")
# Signals are enough to steer it, and a socket in the home directory would be shared by all installations.
control_socket_disable = True

# systemd starts the next release beside this one, on the same socket, and stops this one when the next is ready: when
# its first worker has loaded the application, not before.
_service_manager = env.service_manager()


def post_worker_init(worker: Any) -> None:
    """Tell systemd, if it waits for that."""
    if _service_manager:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as telling:
            telling.sendto(b"READY=1", _service_manager.replace("@", "\0", 1))
