"""How gunicorn serves the site, alike under `make run` and under systemd."""

import os

bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
wsgi_app = "qinyuan_projects.wsgi"

# Few processes queue writers fairly: SQLite has one writer at a time, and a county has 60 people on a Friday.
workers = int(os.environ.get("WEB_WORKERS", 4))
worker_class = "sync"
backlog = 512
preload_app = True
max_requests = 2000
max_requests_jitter = 200

# The longest honest request is an import of 32,000 rows.
timeout = 120
graceful_timeout = 30
# The heartbeat file must never wait for a disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
loglevel = os.environ.get("LOG_LEVEL", "warning")
accesslog = os.environ.get("ACCESS_LOG") or None


def when_ready(server):
    print(f"沁源县重大项目管理已启动：http://{server.cfg.bind[0]}/（按 Ctrl+C 停止）", flush=True)
